"""A firm on 14 October 2026, a Wednesday, with a lead who leaves and one who comes."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.roster.models import DutySlot
from tests.factories import Tenant

WEDNESDAY = date(2026, 10, 14)
START = date(2026, 10, 20)
GOOD: dict[str, Any] = {"starts_on": "2026-10-20", "cause": "rotation", "revision": "1"}


@pytest.fixture(autouse=True)
def wednesday() -> Iterator[None]:
    """Ten o'clock on the Wednesday."""
    with clock.frozen(datetime(2026, 10, 14, 10, tzinfo=clock.SHANGHAI)):
        yield


@pytest.fixture
def desk(app: Flask, tenant: Tenant) -> Iterator[Tenant]:
    """Inside the firm; what is left open is rolled back."""
    with app.test_request_context(), as_scope(tenant.scope):
        yield tenant


def lead_of(tenant: Tenant, place: int = 0) -> Assignment:
    """Return the lead of one of the firm's communities."""
    query = db.select(Assignment).where(
        Assignment.community_code == tenant.town.communities[place], Assignment.role == "lead"
    )
    return db.session.scalars(query.order_by(Assignment.starts_on).limit(1)).one()


def adviser(tenant: Tenant, adviser_id: UUID) -> Adviser:
    return db.session.get_one(Adviser, (tenant.firm_id, adviser_id))


def slot(tenant: Tenant, day: date, adviser_id: UUID | None = None, place: int = 0) -> DutySlot:
    """Plan an extra slot from nine to eleven."""
    row = DutySlot(
        turn=day.day,
        month=day.replace(day=1),
        day=day,
        starts=time(9),
        ends=time(11),
        adviser_id=adviser_id or tenant.adviser_id,
        community_code=tenant.town.communities[place],
        street_code=tenant.town.street_code,
    )
    db.session.add(row)
    db.session.flush()
    return row
