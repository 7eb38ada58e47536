"""When letters and repairs are due, what a room lacks: tables and properties, no database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.workflow import moves_from
from counselhub.premises.kinds import CLOSED, ISSUE_FLOW, OPEN, REPORT_FLOW, IssueKind, IssueStatus
from counselhub.premises.rules import RoomFact, lacking, letter_due, standing

FRIDAY = 4
S, K = IssueStatus, IssueKind
TODAY = date(2026, 11, 18)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("reported_on", "weekday", "due"),
    [
        pytest.param(date(2026, 11, 18), 4, date(2026, 11, 20), id="PREM-1 Wednesday to Friday"),
        pytest.param(date(2026, 11, 20), 4, date(2026, 11, 27), id="PREM-1 never the day itself"),
        pytest.param(date(2026, 11, 21), 4, date(2026, 11, 27), id="PREM-1 over the weekend"),
        pytest.param(date(2026, 12, 31), 0, date(2027, 1, 4), id="PREM-1 over the year"),
    ],
)
def test_letter_due(reported_on: date, weekday: int, due: date) -> None:
    assert letter_due(reported_on, weekday) == due


@given(DAYS, st.integers(0, 4))
def test_a_letter_is_due_on_its_weekday_within_a_week(day: date, weekday: int) -> None:
    due = letter_due(day, weekday)
    assert due.weekday() == weekday
    assert 1 <= (due - day).days <= 7


@pytest.mark.parametrize(
    ("status", "planned_on", "now"),
    [
        pytest.param(S.EXPLAINED, TODAY + timedelta(8), S.EXPLAINED, id="PREM-2 far"),
        pytest.param(S.EXPLAINED, TODAY + timedelta(7), S.DUE, id="PREM-2 seven days before"),
        pytest.param(S.EXPLAINED, TODAY, S.DUE, id="PREM-2 on the day"),
        pytest.param(S.DUE, TODAY - timedelta(1), S.OVERDUE, id="PREM-2 the day after"),
        pytest.param(S.EXPLAINED, TODAY - timedelta(90), S.OVERDUE, id="PREM-2 no job ran"),
        pytest.param(S.REPORTED, TODAY - timedelta(1), S.REPORTED, id="PREM-2 no letter yet"),
        pytest.param(S.SOLVED, TODAY - timedelta(1), S.SOLVED, id="PREM-2 solved stays"),
        pytest.param(S.WITHDRAWN, None, S.WITHDRAWN, id="PREM-2 nothing planned"),
    ],
)
def test_standing(status: IssueStatus, planned_on: date | None, now: IssueStatus) -> None:
    assert standing(status, planned_on, TODAY) is now


@given(st.sampled_from(S), DAYS, DAYS)
def test_a_standing_is_never_undone_by_a_later_day(
    status: IssueStatus, planned_on: date, today: date
) -> None:
    order = [S.EXPLAINED, S.DUE, S.OVERDUE]
    now = standing(status, planned_on, today)
    later = standing(now, planned_on, today + timedelta(1))
    assert (now in order) == (status in order)
    if now in order:
        assert order.index(later) >= order.index(now)


@pytest.mark.parametrize(
    ("room", "found"),
    [
        pytest.param(RoomFact(None, (), None, None), [], id="PREM-3 nobody has looked"),
        pytest.param(RoomFact(False, (), None, None), [K.NO_ROOM], id="PREM-3 no room"),
        pytest.param(RoomFact(True, ("desk",), None, None), [K.POOR], id="PREM-3 no sign"),
        pytest.param(RoomFact(True, ("sign", "desk"), None, None), [], id="PREM-3 both"),
        pytest.param(RoomFact(None, (), False, None), [K.NO_BOARD], id="PREM-3 no board"),
        pytest.param(RoomFact(None, (), True, None), [K.STALE_BOARD], id="PREM-3 board unknown"),
        pytest.param(
            RoomFact(None, (), True, TODAY - timedelta(92)), [], id="PREM-3 a quarter is enough"
        ),
        pytest.param(
            RoomFact(False, (), True, TODAY - timedelta(93)),
            [K.NO_ROOM, K.STALE_BOARD],
            id="PREM-3 both at once",
        ),
    ],
)
def test_lacking(room: RoomFact, found: list[IssueKind]) -> None:
    assert lacking(room, TODAY) == found


def test_every_open_issue_can_be_solved_and_no_closed_one_moves() -> None:
    assert all("solve_issue" in moves_from(ISSUE_FLOW, status) for status in OPEN)
    assert [moves_from(ISSUE_FLOW, status) for status in CLOSED] == [[], []]
    assert set(OPEN) | set(CLOSED) == set(IssueStatus)
    assert moves_from(REPORT_FLOW, "taken") == moves_from(REPORT_FLOW, "declined") == []
