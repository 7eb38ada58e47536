"""Online shifts: given, repeated, changed and left, on the real database."""

from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import (
    ConflictError,
    FrozenError,
    IllegalMoveError,
)
from counselhub.core.members import Member
from counselhub.duty import shift_actions
from counselhub.duty.models import OnlineShift
from counselhub.duty.shift_actions import Added, ShiftEntry
from tests.duty.conftest import DAY, STATEMENT, later
from tests.factories import Tenant


def shift_entry(tenant: Tenant, **given: object) -> ShiftEntry:
    return ShiftEntry(
        **{
            "adviser_id": tenant.adviser_id,
            "street_code": tenant.town.street_code,
            "day": DAY,
            "starts": time(20),
            "ends": time(8),
        }
        | given
    )


def numbers(added: Added) -> tuple[int, int]:
    return len(added.made), added.there


def test_shifts_repeat_weekly_and_skip_what_is_there(adviser: Member, tenant: Tenant) -> None:
    by = tenant.member()
    assert numbers(shift_actions.add(shift_entry(tenant, day=date(2026, 10, 15)), by=by)) == (1, 0)
    assert numbers(shift_actions.add(shift_entry(tenant), every_days=7, by=by)) == (3, 1)
    shifts = db.session.scalars(select(OnlineShift).order_by(OnlineShift.starts_at)).all()
    assert [clock.local(shift.starts_at).day for shift in shifts] == [8, 15, 22, 29]
    assert clock.local(shifts[0].ends_at).day == 9
    with pytest.raises(ConflictError, match="张三丰 10-08 20:00 至 10-09 08:00 已经有一班"):
        shift_actions.add(shift_entry(tenant), by=by)


def test_midnight_to_midnight_is_a_whole_day(adviser: Member, tenant: Tenant) -> None:
    whole = shift_entry(tenant, starts=time(0), ends=time(0))
    begin, end = whole.span(DAY)
    assert end - begin == timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        pytest.param(date(2026, 9, 30), time(20), time(8), id="reaches into the closed month"),
        pytest.param(DAY, time(20), time(8), id="lies within it"),
        pytest.param(date(2026, 10, 31), time(20), time(8), id="begins in it"),
    ],
)
def test_a_shift_is_kept_out_of_a_closed_month(
    adviser: Member,
    tenant: Tenant,
    close_october: Callable[[], None],
    day: date,
    starts: time,
    ends: time,
) -> None:
    close_october()
    with pytest.raises(FrozenError, match=STATEMENT):
        shift_actions.add(
            shift_entry(tenant, day=day, starts=starts, ends=ends), by=tenant.member()
        )


def test_a_shift_until_midnight_does_not_touch_the_closed_month(
    adviser: Member, tenant: Tenant, close_october: Callable[[], None]
) -> None:
    close_october()
    until_midnight = shift_entry(tenant, day=date(2026, 9, 30), starts=time(20), ends=time(0))
    assert numbers(shift_actions.add(until_midnight, by=tenant.member())) == (1, 0)


def test_a_shift_changed_onto_another_names_it(adviser: Member, tenant: Tenant) -> None:
    by = tenant.member()
    shift_actions.add(shift_entry(tenant), by=by)
    shift_actions.add(shift_entry(tenant, day=date(2026, 10, 9)), by=by)
    second = db.session.scalars(select(OnlineShift).order_by(OnlineShift.starts_at)).all()[1]
    with pytest.raises(ConflictError, match="10-08 20:00"):
        shift_actions.change(second, shift_entry(tenant), revision=1, by=by)


def test_a_shift_is_left_only_before_it_starts(
    adviser: Member, tenant: Tenant, make_shift: Callable[..., UUID]
) -> None:
    made = make_shift(later(hours=1), later(hours=3))
    shift = db.session.scalar(select(OnlineShift).where(OnlineShift.id == made))
    assert shift
    with clock.frozen(later(hours=2)), pytest.raises(IllegalMoveError, match="已经开始"):
        shift_actions.leave(shift, by=adviser)
    shift_actions.leave(shift, by=adviser)
    db.session.flush()
    assert db.session.scalar(select(func.count()).select_from(OnlineShift)) == 0
