"""Signing in and out, corrections and shifts, on the real database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from counselhub.core import clock, history
from counselhub.core.access import Member, Role
from counselhub.core.db import db
from counselhub.core.errors import (
    ConflictError,
    ForbiddenError,
    FrozenError,
    IllegalMoveError,
    RefusedError,
)
from counselhub.core.tenancy import as_scope
from counselhub.duty import actions, desk, queries, shift_actions
from counselhub.duty.desk import Entry
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.duty.shift_actions import ShiftEntry
from tests.duty.conftest import DAY, NOON, STATEMENT, MakeSession
from tests.factories import Tenant


@pytest.fixture
def adviser(context: None, tenant: Tenant) -> Iterator[Member]:
    """The firm's first adviser, acting on 8 October 2026 at noon and 30 seconds."""
    with as_scope(tenant.scope), clock.frozen(NOON):
        yield tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)


def load(session_id: UUID) -> DutySession:
    session = db.session.scalar(select(DutySession).where(DutySession.id == session_id))
    assert session
    return session


def later(**span: int) -> datetime:
    return NOON + timedelta(**span)


def test_signing_in_drops_the_seconds(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(adviser, tenant.town.communities[0])
    assert session.signed_in_at == NOON.replace(second=0)
    assert (session.day, session.status, session.source) == (DAY, "open", "phone")
    assert [event.act for event in history.of(session)] == ["sign_in"]


def test_a_second_tap_gives_the_same_session(adviser: Member, tenant: Tenant) -> None:
    first = actions.sign_in(adviser, tenant.town.communities[0])
    with clock.frozen(later(minutes=3)):
        assert actions.sign_in(adviser, tenant.town.communities[0]) is first


def test_two_taps_at_once_give_one_session(app: Flask, tenant: Tenant) -> None:
    together = Barrier(2)
    member = tenant.member(Role.ADVISER, adviser_id=tenant.adviser_id)

    def tap() -> UUID:
        with app.test_request_context(), as_scope(tenant.scope):
            db.session.execute(select(1))
            together.wait()
            session_id = actions.sign_in(member, tenant.town.communities[0]).id
            db.session.commit()
            return session_id

    with ThreadPoolExecutor(2) as pool:
        ids = {task.result() for task in [pool.submit(tap), pool.submit(tap)]}
    assert len(ids) == 1
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalar(select(func.count()).select_from(DutySession)) == 1


def test_a_second_community_asks_to_sign_out_of_the_first(adviser: Member, tenant: Tenant) -> None:
    actions.sign_in(adviser, tenant.town.communities[0])
    with pytest.raises(ConflictError, match="您 12:00 已在甲社区签到，请先签退"):
        actions.sign_in(adviser, tenant.town.communities[1])


def test_nobody_signs_in_where_he_is_not_assigned(adviser: Member, tenant: Tenant) -> None:
    with pytest.raises(RefusedError, match="今天没有指派"):
        actions.sign_in(adviser, tenant.town.communities[3])
    with pytest.raises(RefusedError, match="今天没有指派"):
        actions.sign_in(adviser, tenant.town.communities[3], substitute_for_id=tenant.backup_id)


def test_a_stand_in_signs_in_for_who_is_assigned(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(
        adviser, tenant.town.communities[1], substitute_for_id=tenant.backup_id
    )
    assert session.substitute_for_id == tenant.backup_id


def test_an_account_without_an_adviser_cannot_sign_in(adviser: Member, tenant: Tenant) -> None:
    with pytest.raises(ForbiddenError, match="没有对应到名册中的律师"):
        actions.sign_in(tenant.member(), tenant.town.communities[0])


def test_signing_out_counts_whole_minutes(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(adviser, tenant.town.communities[0])
    with clock.frozen(later(minutes=95, seconds=20)):
        actions.sign_out(session, by=adviser, remark="来访2人", community_confirmed=True)
    assert session.signed_out_at == NOON.replace(second=0) + timedelta(minutes=95)
    assert (session.status, session.remark, session.community_confirmed) == (
        "closed",
        "来访2人",
        True,
    )


def test_signing_out_twice_is_refused(adviser: Member, make_session: MakeSession) -> None:
    with pytest.raises(IllegalMoveError, match="已经结束"):
        actions.sign_out(load(make_session()), by=adviser)


def test_signing_out_within_the_minute_is_refused(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(adviser, tenant.town.communities[0])
    with pytest.raises(RefusedError, match="还不到1分钟"):
        actions.sign_out(session, by=adviser)


YESTERDAY = date(2026, 10, 7)


def test_a_forgotten_sign_out_is_asked_for_first(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    make_session(time(14, 2), None, YESTERDAY)
    question = "10月7日 在甲社区 14:02 签到后没有签退，请填写离开时间"
    with pytest.raises(ConflictError, match=question):
        actions.sign_in(adviser, tenant.town.communities[0])
    forgotten = queries.open_session(tenant.adviser_id)
    assert forgotten
    with pytest.raises(RefusedError, match=question):
        actions.sign_out(forgotten, by=adviser)
    actions.sign_out(forgotten, by=adviser, left_at=time(16, 30))
    assert forgotten.signed_out_at == clock.instant(YESTERDAY, time(16, 30))
    assert history.of(forgotten)[-1].detail == {"told_later": True}
    assert actions.sign_in(adviser, tenant.town.communities[0]).day == DAY


@pytest.mark.parametrize(
    ("begin", "end", "left_at", "words"),
    [
        pytest.param(time(14), None, time(13, 59), "离开时间要晚于签到时间 14:00", id="before"),
        pytest.param(time(14), None, time(14), "离开时间要晚于签到时间 14:00", id="same"),
    ],
)
def test_an_impossible_time_is_refused(
    adviser: Member,
    make_session: MakeSession,
    begin: time,
    end: time | None,
    left_at: time,
    words: str,
) -> None:
    session = load(make_session(begin, end, YESTERDAY))
    with pytest.raises(RefusedError, match=words):
        actions.sign_out(session, by=adviser, left_at=left_at)
    assert session.status == "open"


def test_a_time_to_come_is_refused(adviser: Member, make_session: MakeSession) -> None:
    session = load(make_session(time(0, 1), None))
    with clock.frozen(later(hours=1)), pytest.raises(RefusedError, match="不能晚于现在（13:00）"):
        actions.sign_out(session, by=adviser, left_at=time(15))


def test_nobody_is_asked_again_about_what_he_does_not_remember(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    session = load(make_session(time(14), None, YESTERDAY))
    actions.leave_untold(session, by=adviser)
    assert (session.status, session.signed_out_at) == ("closed", None)
    assert queries.open_session(tenant.adviser_id) is None
    assert actions.sign_in(adviser, tenant.town.communities[0]).status == "open"


def test_a_session_of_a_closed_month_is_past_asking(
    adviser: Member,
    tenant: Tenant,
    make_session: MakeSession,
    close_october: Callable[[], None],
) -> None:
    session_id = make_session(time(14), None, YESTERDAY)
    close_october()
    assert queries.open_session(tenant.adviser_id) is None
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.sign_out(load(session_id), by=adviser, left_at=time(16))


def test_presence_in_two_places_names_the_other(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    make_session(time(10), time(11, 30), community_code=tenant.town.communities[1])
    session = load(make_session(time(10, 30), None))
    with pytest.raises(ConflictError, match="2026-10-08 10:00–11:30 已有一条在乙社区的值班记录"):
        actions.sign_out(session, by=adviser)


def test_a_slip_is_taken_back_within_ten_minutes(adviser: Member, tenant: Tenant) -> None:
    session = actions.sign_in(adviser, tenant.town.communities[0])
    with clock.frozen(later(minutes=10)):
        actions.cancel(session, by=adviser)
    assert session.status == "voided"
    again = actions.sign_in(adviser, tenant.town.communities[1])
    with clock.frozen(later(minutes=11)), pytest.raises(IllegalMoveError, match="超过10分钟"):
        actions.cancel(again, by=adviser)


def test_the_same_minute_again_names_the_voided_one(adviser: Member, tenant: Tenant) -> None:
    actions.cancel(actions.sign_in(adviser, tenant.town.communities[0]), by=adviser)
    with pytest.raises(ConflictError, match="已有一条在甲社区的值班记录（已作废）"):
        actions.sign_in(adviser, tenant.town.communities[0])


def entry(tenant: Tenant, **given: object) -> Entry:
    return Entry(
        **{
            "adviser_id": tenant.adviser_id,
            "community_code": tenant.town.communities[0],
            "day": YESTERDAY,
            "signed_in": time(9),
            "signed_out": time(11),
            "substitute_for_id": None,
            "community_confirmed": True,
            "remark": "手机没电",
        }
        | given
    )


def test_a_missed_session_is_added_by_hand(adviser: Member, tenant: Tenant) -> None:
    session = desk.add(entry(tenant), by=tenant.member())
    assert (session.source, session.status, session.remark) == ("manual", "closed", "手机没电")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"signed_out": time(8)}, "晚于签到时间", id="out before in"),
        pytest.param({"day": date(2026, 10, 9)}, "不能晚于现在", id="tomorrow"),
        pytest.param({"day": DAY, "signed_out": time(12, 1)}, "不能晚于现在", id="out to come"),
    ],
)
def test_impossible_sessions_are_not_added(
    adviser: Member, tenant: Tenant, given: dict[str, object], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        desk.add(entry(tenant, **given), by=tenant.member())


def test_nobody_stands_in_for_himself(adviser: Member, tenant: Tenant) -> None:
    with pytest.raises(RefusedError, match="不能是值班律师本人"):
        desk.add(entry(tenant, substitute_for_id=tenant.adviser_id), by=tenant.member())


def test_a_correction_keeps_what_was_before(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    session = load(make_session(time(9), None, YESTERDAY))
    desk.correct(session, entry(tenant), revision=1, by=tenant.member())
    assert (session.status, session.revision) == ("closed", 2)
    acts = {event.act: event.detail for event in history.of(session)}
    assert acts.keys() == {"sign_out", "correct"}
    assert acts["correct"]["before"]["signed_out_at"] == "None"
    with pytest.raises(ConflictError, match="别人已经改动"):
        desk.correct(session, entry(tenant), revision=1, by=tenant.member())


def test_a_voided_session_is_not_corrected(
    adviser: Member, tenant: Tenant, make_session: MakeSession
) -> None:
    session = load(make_session(day=YESTERDAY))
    actions.void(session, by=tenant.member(), reason="重复")
    with pytest.raises(IllegalMoveError, match="已作废"):
        desk.correct(session, entry(tenant), revision=None, by=tenant.member())


def test_a_closed_month_is_named(
    adviser: Member,
    tenant: Tenant,
    make_session: MakeSession,
    close_october: Callable[[], None],
) -> None:
    session_id = make_session()
    close_october()
    with pytest.raises(FrozenError, match=STATEMENT):
        desk.add(entry(tenant), by=tenant.member())
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.void(load(session_id), by=tenant.member(), reason="重复")
    with pytest.raises(FrozenError, match=STATEMENT):
        actions.sign_in(adviser, tenant.town.communities[0])
    with pytest.raises(FrozenError, match=STATEMENT):
        shift_actions.add(shift_entry(tenant), by=tenant.member())


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


def test_shifts_repeat_weekly_and_skip_what_is_there(adviser: Member, tenant: Tenant) -> None:
    by = tenant.member()
    assert shift_actions.add(shift_entry(tenant, day=date(2026, 10, 15)), by=by) == (1, 0)
    assert shift_actions.add(shift_entry(tenant), every_days=7, by=by) == (3, 1)
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
        pytest.param(date(2026, 10, 31), time(20), time(8), id="begins in it"),
    ],
)
def test_a_shift_over_midnight_is_kept_out_of_a_closed_month(
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
    assert shift_actions.add(until_midnight, by=tenant.member()) == (1, 0)


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
