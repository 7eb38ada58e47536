"""Sessions and shifts of the made-up firm."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.closing import actions as closing
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession, OnlineShift
from tests.factories import Tenant

DAY = date(2026, 10, 8)
YESTERDAY = date(2026, 10, 7)
NOON = datetime(2026, 10, 8, 12, 0, 30, tzinfo=clock.SHANGHAI)
STATEMENT = "JS-2026-10-某街道"

MakeSession = Callable[..., UUID]


@pytest.fixture
def make_session(app: Flask, tenant: Tenant) -> MakeSession:
    """Commit a session of the first adviser in the first community; returns its id."""

    def make(
        begin: time = time(9), end: time | None = time(11), day: date = DAY, **given: object
    ) -> UUID:
        wanted = {
            "adviser_id": tenant.adviser_id,
            "community_code": tenant.town.communities[0],
            "status": "closed" if end else "open",
        } | given
        session = DutySession(
            street_code=tenant.town.street_code,
            day=day,
            signed_in_at=clock.instant(day, begin),
            signed_out_at=clock.instant(day, end) if end else None,
            **wanted,
        )
        made = session.id
        with app.app_context(), as_scope(tenant.scope):
            db.session.add(session)
            db.session.commit()
        return made

    return make


@pytest.fixture
def make_shift(app: Flask, tenant: Tenant) -> Callable[..., UUID]:
    """Commit an online shift of the first adviser; returns its id."""

    def make(begin: datetime, end: datetime, **given: object) -> UUID:
        wanted = {"adviser_id": tenant.adviser_id} | given
        shift = OnlineShift(
            street_code=tenant.town.street_code, starts_at=begin, ends_at=end, **wanted
        )
        made = shift.id
        with app.app_context(), as_scope(tenant.scope):
            db.session.add(shift)
            db.session.commit()
        return made

    return make


@pytest.fixture
def close_october(app: Flask, tenant: Tenant) -> Callable[[], None]:
    """Close October of all places, as a submitted statement does."""

    def close() -> None:
        with app.app_context(), as_scope(tenant.scope):
            closing.close(
                tenant.firm_id,
                tenant.town.street_code,
                date(2026, 10, 1),
                [*tenant.town.communities, tenant.town.street_code],
                statement_id=uuid7(),
                number=STATEMENT,
            )
            db.session.commit()

    return close


@pytest.fixture
def noon() -> Iterator[None]:
    """It is 8 October 2026, noon and 30 seconds."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def adviser(context: None, noon: None, tenant: Tenant) -> Iterator[Member]:
    """The firm's first adviser, acting on 8 October 2026 at noon and 30 seconds."""
    with as_scope(tenant.scope):
        yield tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)


def load(session_id: UUID) -> DutySession:
    session = db.session.scalar(select(DutySession).where(DutySession.id == session_id))
    assert session
    return session


def later(**span: int) -> datetime:
    return NOON + timedelta(**span)
