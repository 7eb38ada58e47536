"""Matters of the made-up firm on 8 October 2026; every name and number is plainly made up."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.matters import actions
from counselhub.matters.actions import MatterEntry, PartyEntry
from counselhub.matters.conflicts import Asked
from counselhub.matters.kinds import MatterKind, PartyKind, PartyRole
from counselhub.matters.models import Matter
from counselhub.matters.seals import Marks
from tests.factories import Tenant

NOON = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)
CLIENT, OPPONENT = "甄有其", "贾无名"
ID_ONE, ID_TWO = "440301199001010010", "440301199002020020"
R = PartyRole
MakeMatter = Callable[..., UUID]


def party(
    role: PartyRole,
    name: str,
    *,
    phone: str = "",
    identity: str = "",
    aliases: str = "",
    org: bool = False,
) -> PartyEntry:
    """A party of a matter, a person unless `org`."""
    kind = PartyKind.ORGANISATION if org else PartyKind.PERSON
    return PartyEntry(Asked(role, kind, Marks(name, aliases, phone, identity)))


SIDES = (party(R.CLIENT, CLIENT), party(R.OPPONENT, OPPONENT))


def entry(tenant: Tenant, **given: Any) -> MatterEntry:
    """A matter of the first adviser in the first community."""
    columns: dict[str, Any] = {
        "title": "楼上漏水赔偿",
        "kind": MatterKind.LITIGATION,
        "community_code": tenant.town.communities[0],
        "adviser_id": tenant.adviser_id,
    }
    return MatterEntry(**(columns | given))


@pytest.fixture
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def make_matter(app: Flask, tenant: Tenant) -> MakeMatter:
    """Commit a matter of two sides; returns its id."""

    def make(*parties: PartyEntry, **given: Any) -> UUID:
        with app.test_request_context(), as_scope(tenant.scope), clock.frozen(NOON):
            matter, _answer = actions.open_matter(
                entry(tenant, **given), parties or SIDES, by=tenant.member()
            )
            db.session.commit()
            return matter.id

    return make


def stored(tenant: Tenant, matter_id: UUID) -> Matter:
    """Read a matter inside the firm's scope."""
    return db.session.get_one(Matter, (tenant.firm_id, matter_id))


def conflict_of(page: str) -> str:
    """The address of the conflict that a page tells of."""
    found = re.search(r"/matters/[^\"]+/conflicts/[0-9a-f-]+", page)
    assert found
    return found[0]


def follow(client: FlaskClient, answer: TestResponse) -> str:
    """The page that an accepted form leads to."""
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"]).text
