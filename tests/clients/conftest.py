"""Clients of the made-up firm; every name and number is plainly made up."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from uuid import UUID

import pytest
from flask import Flask

from counselhub.clients import actions
from counselhub.clients.actions import ClientEntry
from counselhub.clients.models import Client
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.services.models import ServiceNote, ServiceRecord
from tests.factories import Tenant

NAME, PHONE = "甄有其", "13800000027"
SHOWN_NAME, SHOWN_PHONE = "甄**", "138****0027"
REASON = {"reason": "contact", "words": "约时间"}

MakeClient = Callable[..., UUID]
MakeService = Callable[..., UUID]


def service(tenant: Tenant, content: str = "", **given: object) -> ServiceRecord:
    """A record of the first adviser in the first community; `given` replaces its columns."""
    columns = {
        "number": f"FW-{uuid7()}",
        "adviser_id": tenant.adviser_id,
        "community_code": tenant.town.communities[0],
        "street_code": tenant.town.street_code,
        "kind": "consultation",
        "day": date(2026, 10, 8),
        "created_at": clock.now(),
    } | given
    note = ServiceNote(content=content) if content else None
    return ServiceRecord(note=note, **columns)


@pytest.fixture
def make_service(app: Flask, tenant: Tenant) -> MakeService:
    """Commit a service record; returns its id."""

    def make(content: str = "", **given: object) -> UUID:
        with app.app_context(), as_scope(tenant.scope):
            record = service(tenant, content, **given)
            db.session.add(record)
            db.session.commit()
            return record.id

    return make


@pytest.fixture
def make_client(app: Flask, tenant: Tenant, make_service: MakeService) -> MakeClient:
    """Commit a client with one service; returns the client's id."""

    def make(name: str = NAME, phone: str = PHONE, **given: object) -> UUID:
        service_id = given.pop("service_id", None) or make_service(**given)
        with app.app_context(), as_scope(tenant.scope):
            record = db.session.get_one(ServiceRecord, (tenant.firm_id, service_id))
            made = actions.attach(record, ClientEntry(name, phone), by=tenant.member())
            db.session.commit()
            return made.id

    return make


def stored(tenant: Tenant, client_id: UUID) -> Client:
    """Read a client inside the firm's scope."""
    return db.session.get_one(Client, (tenant.firm_id, client_id))


@pytest.fixture
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon."""
    with clock.frozen(datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)):
        yield
