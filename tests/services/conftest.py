"""Service records of the made-up firm."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest
from flask import Flask

from counselhub.closing import actions as closing
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import as_scope
from counselhub.services.models import ServiceNote, ServiceRecord
from tests.factories import Tenant

DAY = date(2026, 10, 8)
NOON = datetime(2026, 10, 8, 12, 0, tzinfo=clock.SHANGHAI)
STATEMENT = "JS-2026-10-某街道"

MakeRecord = Callable[..., UUID]


@pytest.fixture
def make_record(app: Flask, tenant: Tenant) -> MakeRecord:
    """Commit a record of the first adviser in the first community; returns its id."""

    def make(number: str = "", content: str = "", **given: object) -> UUID:
        wanted = {
            "adviser_id": tenant.adviser_id,
            "community_code": tenant.town.communities[0],
            "kind": "consultation",
            "day": DAY,
        } | given
        record = ServiceRecord(
            number=number or f"R-{uuid7()}",
            street_code=tenant.town.street_code,
            created_at=NOON,
            note=ServiceNote(content=content) if content else None,
            **wanted,
        )
        made = record.id
        with app.app_context(), as_scope(tenant.scope):
            db.session.add(record)
            db.session.commit()
        return made

    return make


@pytest.fixture
def close_october(app: Flask, tenant: Tenant) -> Callable[[], None]:
    """Close October of all communities, as a submitted statement does."""

    def close() -> None:
        with app.app_context(), as_scope(tenant.scope):
            closing.close(
                tenant.firm_id,
                tenant.town.street_code,
                date(2026, 10, 1),
                tenant.town.communities,
                statement_id=uuid7(),
                number=STATEMENT,
            )
            db.session.commit()

    return close
