"""A firm's agreement in force, and the people who look at it."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.pairings import actions
from counselhub.pairings.actions import Entry
from counselhub.pairings.models import Pairing
from counselhub.pairings.scans import Sent
from tests import factories
from tests.factories import Tenant

NOON = datetime(2026, 10, 20, 12, tzinfo=clock.SHANGHAI)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 20 October 2026."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def as_secretary(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's party secretary, signed in."""
    return factories.signed_in(app, tenant.scope, Role.PARTY_SECRETARY)


def entry(tenant: Tenant, **given: object) -> Entry:
    values: dict[str, object] = {
        "community_code": tenant.town.communities[0],
        "party_a": "中共某某律师事务所支部",
        "party_b": "中共甲社区支部委员会",
        "valid_until": date(2027, 1, 7),
        "topics": ("organisation", "activities"),
        "content": "每季度一次法治讲座",
    }
    return Entry(**{**values, **given})


def made(app: Flask, tenant: Tenant, *, until: str = "active", **given: object) -> UUID:
    """Return the id of an agreement of the firm brought to a state."""
    by = tenant.member(Role.PARTY_SECRETARY)
    with app.app_context(), clock.frozen(NOON), as_scope(tenant.scope):
        row = actions.add(entry(tenant, **given), by=by)
        if until in ("signed", "active"):
            sent = [Sent("协议.pdf", PDF)]
            actions.sign(row, date(2026, 1, 8), sent, revision=None, by=by)
        if until == "active":
            db.session.flush()
            actions.activate(row, revision=None, by=by)
        db.session.commit()
        return row.id


def status_of(app: Flask, tenant: Tenant, pairing_id: UUID) -> str:
    with app.app_context(), as_scope(tenant.scope):
        return db.session.get_one(Pairing, (tenant.firm_id, pairing_id)).status


@pytest.fixture(scope="module")
def house(app: Flask) -> Tenant:
    """A firm that the refusals of one file share: what is refused leaves nothing behind."""
    return factories.tenant(app, factories.town(app))


@pytest.fixture(scope="module")
def at_desk(app: Flask, house: Tenant) -> FlaskClient:
    """The party secretary of that firm, signed in."""
    return factories.signed_in(app, house.scope, Role.PARTY_SECRETARY)


@pytest.fixture(scope="module")
def standing(app: Flask, house: Tenant) -> str:
    """The page of an agreement in force of that firm."""
    return f"/pairings/{made(app, house)}"


def file(data: bytes = PDF, name: str = "协议扫描件.pdf") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)


@pytest.fixture
def pairing_id(app: Flask, tenant: Tenant) -> UUID:
    """An agreement in force, signed on 8 January 2026 for a year."""
    return made(app, tenant)


@pytest.fixture
def address(pairing_id: UUID) -> str:
    """Its page."""
    return f"/pairings/{pairing_id}"
