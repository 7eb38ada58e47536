"""Imports, bindings and settlements on the real database."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from counselhub.attendance import binding, settling
from counselhub.attendance.kinds import CheckStatus, Finding, Vendor, Verdict
from counselhub.attendance.models import AttendanceAccount, AttendanceCheck, AttendancePunch
from counselhub.attendance.settling import Settlement
from counselhub.closing import actions as closing
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, FrozenError, IllegalMoveError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.duty.models import DutySession
from counselhub.people import actions as people
from tests.attendance import exports
from tests.attendance.conftest import (
    DAY,
    FIRST,
    HALL,
    LAST,
    LI,
    ZHANG,
    bind,
    bring,
    checks,
    explain,
    export,
    session,
    visit,
    wall,
)
from tests.attendance.exports import DayRow, One
from tests.counting import statements
from tests.factories import Tenant

Differing = Callable[..., AttendanceCheck]
PHONE = Settlement(Verdict.PHONE, "钉钉信号不好")
RECORD = Settlement(Verdict.RECORD, "忘记签退")


def punches() -> int:
    return db.session.scalar(select(func.count()).select_from(AttendancePunch)) or 0


def sessions() -> list[DutySession]:
    return list(db.session.scalars(select(DutySession).order_by(DutySession.signed_in_at)))


def test_a_second_import_brings_nothing(here: Tenant) -> None:
    data = export((ZHANG, wall(9, 2)), (ZHANG, wall(9, 2)), (ZHANG, wall(11, 31)), (LI, wall(9)))
    first, again = bring(here, data), bring(here, data, "改了名.xlsx")
    assert (first.rows, first.new, first.matched, punches()) == (4, 3, 0, 3)
    assert (again.rows, again.new, punches()) == (4, 0, 3)
    assert first.unmatched == [
        {"name": "张三丰", "userid": "0012345", "rows": 3},
        {"name": "李四光", "userid": "manager88", "rows": 1},
    ]


def test_another_export_of_the_same_days_adds_what_was_missing(here: Tenant) -> None:
    rows = [DayRow(ZHANG, DAY, ["09:02", "11:31"], ["正常", "外勤"])]
    bring(here, exports.as_xls(exports.daily(rows, FIRST, LAST)), "每日统计.xls")
    assert bring(here, visit(wall(9, 2), wall(11, 31))).new == 0
    stored = db.session.scalars(select(AttendancePunch).order_by(AttendancePunch.minute)).all()
    assert [(one.mark, one.place.words) for one in stored] == [("plain", HALL), ("outside", HALL)]


def test_a_binding_matches_what_waited(here: Tenant) -> None:
    session(here, time(9), time(11, 30))
    bring(here, visit(wall(9, 2), wall(11, 31)))
    assert checks() == []
    bind(here)
    assert [one.finding for one in checks()] == [Finding.AGREES]
    assert bring(here, visit(wall(9, 2), wall(11, 31))).matched == 2


def test_unbinding_takes_open_differences_back(differing: Differing, here: Tenant) -> None:
    differing()
    binding.unbind(_zhang(), revision=None, by=here.member(), is_stranger=True)
    assert checks() == []
    assert bring(here, visit(wall(9, 40), wall(11, 30))).unmatched == []


def _zhang() -> AttendanceAccount:
    query = select(AttendanceAccount).where(AttendanceAccount.userid == ZHANG.userid)
    return db.session.scalars(query).one()


def test_a_place_of_no_duty_gives_no_visit(differing: Differing, here: Tenant) -> None:
    differing()
    explain(here, community="")
    assert checks() == []


def test_an_address_waits_until_somebody_explains_it(here: Tenant) -> None:
    bring(here, visit(wall(9), wall(11)))
    bind(here)
    assert checks() == []
    explain(here)
    assert [one.finding for one in checks()] == [Finding.NO_SESSION]


def test_a_place_that_the_firm_does_not_serve_is_refused(
    differing: Differing, here: Tenant
) -> None:
    differing()
    with pytest.raises(RefusedError, match="本所服务的社区"):
        explain(here, community=here.town.communities[3])


def test_by_the_phone_nothing_changes(differing: Differing, here: Tenant) -> None:
    check = differing()
    assert check.finding == Finding.TIMES
    settling.settle(check, PHONE, revision=check.revision, by=here.member())
    assert (check.status, check.reason, check.settled_by) == ("settled", "钉钉信号不好", "测试员")
    assert sessions()[0].signed_in_at == clock.instant(DAY, time(9, 2))
    assert [event.act for event in history.of(check)] == ["settle"]


def test_by_the_record_the_session_is_corrected(differing: Differing, here: Tenant) -> None:
    check = differing()
    settling.settle(check, RECORD, revision=None, by=here.member())
    found = sessions()[0]
    assert found.signed_in_at == clock.instant(DAY, time(9, 40))
    assert [event.act for event in history.of(found)] == ["correct"]
    assert (checks()[0].finding, checks()[0].status) == (Finding.AGREES, CheckStatus.SETTLED)


def test_by_the_record_alone_a_session_is_made(here: Tenant) -> None:
    bring(here, visit(wall(9), wall(11)))
    bind(here)
    explain(here)
    settling.settle(checks()[0], RECORD, revision=None, by=here.member())
    made = sessions()[0]
    assert (made.source, made.day, made.status) == ("dingtalk", DAY, "closed")
    assert made.signed_out_at == clock.instant(DAY, time(11))


def test_in_another_community_the_session_moves_there(here: Tenant) -> None:
    session(here, time(9), time(11), place=1)
    bring(here, visit(wall(9), wall(11)))
    bind(here)
    explain(here)
    check = checks()[0]
    assert check.finding == Finding.OTHER_PLACE
    settling.settle(check, RECORD, revision=None, by=here.member())
    assert [one.community_code for one in sessions()] == [here.town.communities[0]]


def test_two_communities_of_a_day_are_two_sessions(here: Tenant) -> None:
    """The phone told of the afternoon, DingTalk of the morning: neither takes the other's place."""
    session(here, time(14), time(16), place=1)
    bring(here, visit(wall(9), wall(11)))
    bind(here)
    explain(here)
    settling.settle(checks()[0], RECORD, revision=None, by=here.member())
    assert [one.community_code for one in sessions()] == here.town.communities[:2]


def test_nobody_settles_the_own_difference_by_the_record(
    differing: Differing, here: Tenant
) -> None:
    check = differing()
    people.join("boss@example.test", "某主任", here.scope, Role.MANAGER)
    leader = here.member(Role.TEAM_LEADER, adviser_id=here.adviser_id)
    with pytest.raises(RefusedError, match="请提交补正申请"):
        settling.settle(check, RECORD, revision=None, by=leader)
    with pytest.raises(RefusedError, match="作废请由主任办理"):
        settling.settle(check, Settlement(Verdict.NEITHER, "没有到岗"), revision=None, by=leader)
    settling.settle(check, PHONE, revision=None, by=leader)


@pytest.mark.parametrize(
    ("arrived", "left", "status", "begin"),
    [
        pytest.param(time(9, 30), time(11), "closed", time(9, 30), id="the times that were"),
        pytest.param(None, None, "voided", time(9, 2), id="nobody was there"),
    ],
)
def test_by_neither(
    differing: Differing,
    here: Tenant,
    arrived: time | None,
    left: time | None,
    status: str,
    begin: time,
) -> None:
    settlement = Settlement(Verdict.NEITHER, "实际另有安排", arrived, left)
    settling.settle(differing(), settlement, revision=None, by=here.member())
    assert (sessions()[0].status, sessions()[0].signed_in_at) == (status, clock.instant(DAY, begin))


def test_one_punch_says_nothing_of_a_stay(here: Tenant) -> None:
    session(here, time(9), time(11))
    bring(here, export((ZHANG, wall(9))))
    bind(here)
    assert checks()[0].finding == Finding.ONE_PUNCH
    with pytest.raises(RefusedError, match="只有一次打卡"):
        settling.settle(checks()[0], RECORD, revision=None, by=here.member())


def test_a_session_that_changed_meanwhile_is_a_conflict(differing: Differing, here: Tenant) -> None:
    check = differing()
    found = sessions()[0]
    found.signed_out_at = clock.instant(DAY, time(12))
    db.session.flush()
    with pytest.raises(settling.StaleCheckError) as refusal:
        settling.settle(check, RECORD, revision=None, by=here.member())
    assert refusal.value.row.session_revision == found.revision


def test_a_stale_page_and_a_second_settlement_are_conflicts(
    differing: Differing, here: Tenant
) -> None:
    check = differing()
    with pytest.raises(ConflictError):
        settling.settle(check, PHONE, revision=check.revision - 1, by=here.member())
    settling.settle(check, PHONE, revision=None, by=here.member())
    with pytest.raises(IllegalMoveError):
        settling.settle(check, PHONE, revision=None, by=here.member())


def test_a_closed_month_is_refused_by_name(differing: Differing, here: Tenant) -> None:
    check = differing()
    closing.close(
        here.firm_id,
        here.town.street_code,
        FIRST,
        here.town.communities,
        statement_id=uuid7(),
        number="JS-2026-10",
    )
    db.session.flush()
    with pytest.raises(FrozenError, match="JS-2026-10"):
        settling.settle(check, RECORD, revision=None, by=here.member())
    settling.settle(checks()[0], PHONE, revision=None, by=here.member())
    assert checks()[0].status == CheckStatus.SETTLED


def test_a_settled_one_opens_again_when_new_punches_come(
    differing: Differing, here: Tenant
) -> None:
    settling.settle(differing(), PHONE, revision=None, by=here.member())
    bring(here, export((ZHANG, wall(12, 30))))
    check = checks()[0]
    assert (check.status, check.finding, check.last_at) == (
        CheckStatus.OPEN,
        Finding.TIMES,
        clock.instant(DAY, time(12, 30)),
    )


def test_reopening_lets_it_be_settled_otherwise(differing: Differing, here: Tenant) -> None:
    check = differing()
    settling.settle(check, PHONE, revision=None, by=here.member())
    settling.reopen(check, revision=check.revision, by=here.member())
    assert (check.status, check.verdict) == (CheckStatus.OPEN, None)
    settling.settle(check, RECORD, revision=None, by=here.member())
    assert check.verdict == Verdict.RECORD


def test_a_session_of_today_that_still_runs_is_not_compared(here: Tenant) -> None:
    today = clock.today()
    session(here, time(8), None, day=today)
    bring(here, visit(wall(8, 0, today), wall(8, 30, today)))
    bind(here)
    assert checks() == []


def test_several_are_settled_at_once_and_the_others_named(here: Tenant) -> None:
    later = DAY + timedelta(days=1)
    bring(here, export((ZHANG, wall(9)), (ZHANG, wall(11)), (ZHANG, wall(9, 0, later))))
    bind(here)
    explain(here)
    left = settling.settle_many(checks(), RECORD, by=here.member())
    assert [one.status for one in checks()] == ["settled", "open"]
    assert [one.check_id for one in left] == [checks()[1].id]
    assert "只有一次打卡" in left[0].reason


def test_a_userid_is_noted_once(here: Tenant) -> None:
    binding.add(Vendor.DINGTALK, "u1", here.adviser_id, by=here.member())
    with pytest.raises(ConflictError, match="已经登记"):
        binding.add(Vendor.DINGTALK, "u1", here.backup_id, by=here.member())


def test_thousands_of_rows_take_as_many_statements_as_fifty(here: Tenant) -> None:
    people = [One(f"u{n}", f"某甲{n}") for n in range(400)]
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(19)]

    def grown(count: int) -> bytes:
        taps = [
            (who, datetime.combine(day, time(hour)))
            for who in people[:count]
            for day in days
            for hour in (9, 12, 17)
        ][: count * 50]
        return export(*taps)

    with statements() as few:
        bring(here, grown(1))
    data = grown(80)
    with statements() as many:
        outcome = bring(here, data)
    assert (outcome.rows, outcome.new) == (4_000, 3_950)
    assert len(many) == len(few)
