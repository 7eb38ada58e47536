"""Slots of the first adviser, a third lawyer without the community, on 8 October 2026 at noon."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.cover.models import CoverRequest
from counselhub.roster.models import DutySlot, DutyTerm
from tests import factories
from tests.factories import Tenant

TODAY = date(2026, 10, 8)
SOON = date(2026, 10, 15)
PAST = date(2026, 9, 30)
NOON = datetime(2026, 10, 8, 12, 0, 30, tzinfo=clock.SHANGHAI)

MakeSlot = Callable[..., UUID]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon and 30 seconds."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def third_id(app: Flask, tenant: Tenant) -> UUID:
    """A lawyer of the firm who serves no community."""
    with app.app_context(), as_scope(tenant.scope):
        adviser = Adviser(
            name="王五一", pinyin="wangwuyi", search="王五一",
            licence_number=f"{tenant.code}-王五一", category="lawyer",
        )  # fmt: skip
        db.session.add(adviser)
        db.session.commit()
        return adviser.id


@pytest.fixture
def make_slot(app: Flask, tenant: Tenant) -> MakeSlot:
    """Plan 9 to 11 of 15 October for the first adviser in the first community."""
    turns = iter(range(1, 50))

    def make(day: date = SOON, **given: Any) -> UUID:
        with app.app_context(), as_scope(tenant.scope):
            term = DutyTerm(
                contract_id=tenant.contract_id, kind="weekly", weekday=day.weekday(),
                starts=time(9), ends=time(11),
            )  # fmt: skip
            db.session.add(term)
            db.session.flush()
            values = {
                "adviser_id": tenant.adviser_id,
                "community_code": tenant.town.communities[0],
                "starts": time(9),
                "ends": time(11),
            } | given
            slot = DutySlot(
                turn=next(turns), month=day.replace(day=1), day=day, term_id=term.id,
                street_code=tenant.town.street_code, **values,
            )  # fmt: skip
            db.session.add(slot)
            db.session.commit()
            return slot.id

    return make


@pytest.fixture
def as_backup(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's second adviser, signed in."""
    return factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)


@pytest.fixture
def as_third(app: Flask, tenant: Tenant, third_id: UUID) -> FlaskClient:
    """The third adviser, signed in."""
    return factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=third_id)


@pytest.fixture
def ask(app: Flask, as_adviser: FlaskClient, tenant: Tenant) -> Callable[[UUID], UUID]:
    """Let the first adviser ask for cover of a slot; returns the request's id."""

    def make(slot_id: UUID) -> UUID:
        answer = as_adviser.post(f"/duty/slots/{slot_id}/cover", data={"why": "court"})
        assert answer.status_code == 303, answer.text
        return request_of(app, tenant, slot_id).id

    return make


def request_of(app: Flask, tenant: Tenant, slot_id: UUID) -> CoverRequest:
    """The latest request of a slot."""
    with app.app_context(), as_scope(tenant.scope):
        query = db.select(CoverRequest).where(CoverRequest.slot_id == slot_id)
        found = db.session.scalars(query.order_by(CoverRequest.id.desc())).first()
        assert found
        return found


def the(app: Flask, tenant: Tenant, slot_id: UUID) -> DutySlot:
    """A slot as it now is."""
    with app.app_context(), as_scope(tenant.scope):
        return db.session.get_one(DutySlot, (tenant.firm_id, slot_id))
