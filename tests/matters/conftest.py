"""Matters of the made-up firm on 8 October 2026; every name and number is plainly made up."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from counselhub.clients import actions as clients
from counselhub.clients.actions import ClientEntry
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.matters import actions, deciding
from counselhub.matters.actions import MatterEntry, PartyEntry
from counselhub.matters.conflicts import Asked
from counselhub.matters.deciding import Whom
from counselhub.matters.kinds import MatterKind, PartyKind, PartyRole, WallReason
from counselhub.matters.models import Matter
from counselhub.matters.seals import Marks
from counselhub.matters.service_links import link_first
from counselhub.services.log_models import (
    FollowUpNote,
    ServiceFile,
    ServiceFileContent,
    ServiceFollowUp,
)
from tests.clients.conftest import service
from tests.factories import Tenant

NOON = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)
CLIENT, OPPONENT = "甄有其", "贾无名"
SERVICE, SAID, LATER = "FW-20261008-901", "漏水的经过", "上门看过天花板"
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


@pytest.fixture
def walled(app: Flask, tenant: Tenant, make_matter: MakeMatter) -> UUID:
    """A matter of the second adviser, with a client of the register and a service.

    The first adviser is walled off from it.
    """
    with app.test_request_context(), as_scope(tenant.scope):
        client = clients.known_or_new(ClientEntry(CLIENT, "13800000027"), by=tenant.member())
        row = service(tenant, SAID, number=SERVICE)
        db.session.add(row)
        db.session.flush()
        clients.attach(row, ClientEntry(CLIENT, "13800000027"), by=tenant.member())
        add_beside(row.id)
        db.session.commit()
        client_id, service_id = client.id, row.id
    marks = Marks(CLIENT, "", "13800000027", "")
    ours = PartyEntry(Asked(PartyRole.CLIENT, PartyKind.PERSON, marks), client_id)
    matter_id = make_matter(
        ours,
        party(PartyRole.OPPONENT, OPPONENT),
        adviser_id=tenant.backup_id,
        members=frozenset({tenant.adviser_id}),
    )
    with app.test_request_context(), as_scope(tenant.scope):
        matter = stored(tenant, matter_id)
        link_first_unseen(matter, service_id, tenant)
        whom = Whom("张三丰", adviser_id=tenant.adviser_id)
        deciding.wall_off(matter, whom, WallReason.ASKED, "本人申请", by=tenant.member())
        db.session.commit()
    return matter_id


def add_beside(service_id: UUID) -> None:
    """A follow-up with its words and a file of a service."""
    later = ServiceFollowUp(service_id=service_id, day=date(2026, 10, 8), created_at=clock.now())
    later.note = FollowUpNote(content=LATER)
    file = ServiceFile(
        service_id=service_id, kind="other", name=f"{LATER}.pdf", ending=".pdf", size_bytes=3,
        digest="0" * 64, arrived_at=clock.now(),
    )  # fmt: skip
    db.session.add_all([later, file])
    db.session.flush()
    db.session.add(ServiceFileContent(file_id=file.id, content=b"pdf"))


def link_first_unseen(matter: object, service_id: UUID, tenant: Tenant) -> None:
    g.member = tenant.member()
    link_first(matter, service_id, by=tenant.member())
