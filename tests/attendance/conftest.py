"""Exports of the made-up firm's lawyers, and what lies in its store."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.attendance import binding, importing
from counselhub.attendance.models import AttendanceAccount, AttendanceCheck, AttendancePlace
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from tests.attendance import exports
from tests.attendance.exports import One
from tests.factories import Tenant

NOW = datetime(2026, 10, 20, 9, 0, tzinfo=clock.SHANGHAI)
DAY = date(2026, 10, 8)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
ZHANG, LI = One("0012345", "张三丰", "007"), One("manager88", "李四光", "008")
HALL = "甲社区党群服务中心"


@pytest.fixture
def here(app: Flask, tenant: Tenant) -> Iterator[Tenant]:
    """The firm in scope, in October 2026; what a test leaves open is rolled back."""
    with clock.frozen(NOW), app.test_request_context(), as_scope(tenant.scope):
        yield tenant


def wall(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute))


def export(*taps: Any) -> bytes:
    """Return 原始记录 of (person, moment, {more})."""
    rows = [(who, at, {"place": HALL} | dict(*more)) for who, at, *more in taps]
    return exports.as_xlsx(exports.records(rows, FIRST, LAST))


def visit(begin: datetime, end: datetime, **more: Any) -> bytes:
    """Return an export of one visit of Zhang's."""
    return export((ZHANG, begin, more), (ZHANG, end, more))


def session(
    tenant: Tenant, begin: time, end: time | None, *, place: int = 0, day: date = DAY
) -> UUID:
    """Add a session of the phone, by Zhang."""
    row = DutySession(
        adviser_id=tenant.adviser_id,
        community_code=tenant.town.communities[place],
        street_code=tenant.town.street_code,
        day=day,
        signed_in_at=clock.instant(day, begin),
        signed_out_at=clock.instant(day, end) if end else None,
        status="closed" if end else "open",
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def bring(tenant: Tenant, data: bytes, name: str = "某所_原始记录.xlsx") -> importing.Outcome:
    return importing.import_file(data, by=tenant.member(), name=name)


def bind(tenant: Tenant, who: One = ZHANG, adviser_id: UUID | None = None) -> None:
    account = db.session.scalars(
        select(AttendanceAccount).where(AttendanceAccount.name == who.name)
    ).one()
    binding.bind(account, adviser_id or tenant.adviser_id, revision=None, by=tenant.member())


def explain(tenant: Tenant, community: str | None = None, words: str = HALL) -> None:
    where = db.session.scalars(select(AttendancePlace).where(AttendancePlace.words == words)).one()
    code = tenant.town.communities[0] if community is None else community
    binding.place(where, code, revision=None, by=tenant.member())


def checks() -> list[AttendanceCheck]:
    query = select(AttendanceCheck).order_by(AttendanceCheck.day, AttendanceCheck.community_code)
    return list(db.session.scalars(query))


@pytest.fixture
def differing(here: Tenant) -> Callable[..., AttendanceCheck]:
    """Make a difference: the phone 9:02–11:30, DingTalk 9:40–11:30."""

    def make() -> AttendanceCheck:
        session(here, time(9, 2), time(11, 30))
        bring(here, visit(wall(9, 40), wall(11, 30)))
        bind(here)
        explain(here)
        return checks()[0]

    return make
