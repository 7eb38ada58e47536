"""Leave of the made-up firm on 8 October 2026."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.leave.models import LeaveRequest
from tests.factories import Tenant

NOON = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)
MakeLeave = Callable[..., UUID]


@pytest.fixture
def noon() -> Iterator[None]:
    """It is noon of 8 October 2026."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def make_leave(app: Flask, tenant: Tenant) -> MakeLeave:
    """Commit a request of the first adviser for 12 to 14 October; returns its id."""

    def make(**given: Any) -> UUID:
        values = {
            "adviser_id": tenant.adviser_id,
            "kind": "annual",
            "first_on": date(2026, 10, 12),
            "last_on": date(2026, 10, 14),
            "reason": "回老家",
        } | given
        if values.get("status") in ("approved", "refused"):
            values |= {"decided_at": NOON, "decided_by_name": "某主任"}
        with app.app_context(), as_scope(tenant.scope):
            row = LeaveRequest(asked_at=NOON, asked_by_name="张三丰", **values)
            db.session.add(row)
            db.session.commit()
            return row.id

    return make
