"""REV-1 to REV-3: undoing, blanks, and days of the review."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.review import rules
from counselhub.roster.working_days import Calendar
from counselhub.statements.rules import turns

ME, OTHER = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
WORKED = Calendar().is_worked
FRIDAY, MONDAY = date(2026, 11, 13), date(2026, 11, 16)


@pytest.mark.parametrize(
    ("ago", "done_by", "by", "may"),
    [
        pytest.param(timedelta(0), ME, ME, True, id="REV-1 at once"),
        pytest.param(timedelta(minutes=10), ME, ME, True, id="REV-1 ten minutes still"),
        pytest.param(timedelta(minutes=10, seconds=1), ME, ME, False, id="REV-1 a second later"),
        pytest.param(timedelta(0), OTHER, ME, False, id="REV-1 another's"),
        pytest.param(None, ME, ME, False, id="never done"),
        pytest.param(timedelta(0), None, None, False, id="nobody's hand"),
    ],
)
def test_who_may_undo(
    ago: timedelta | None, done_by: UUID | None, by: UUID | None, may: bool
) -> None:
    done_at = None if ago is None else NOW - ago
    assert rules.may_undo(done_at, done_by, now=NOW, by=by) is may


@pytest.mark.parametrize(
    ("words", "left"),
    [
        pytest.param("{日期}的到岗缺签退，请补{材料}。", ["日期", "材料"], id="REV-2 both open"),
        pytest.param("10月8日缺签退，请补{材料}和{材料}", ["材料"], id="REV-2 each once"),
        pytest.param("｛日期｝缺签到表", ["日期"], id="REV-2 full-width braces"),
        pytest.param("没有空白", [], id="none"),
        pytest.param("空的{}不算", [], id="a brace without a name"),
    ],
)
def test_open_blanks(words: str, left: list[str]) -> None:
    assert rules.blanks(words) == left


@pytest.mark.parametrize(
    ("since", "today", "used"),
    [
        pytest.param(FRIDAY, FRIDAY, 0, id="REV-3 the day of handing over is free"),
        pytest.param(FRIDAY, MONDAY, 1, id="REV-3 a weekend does not count"),
        pytest.param(date(2026, 9, 30), date(2026, 10, 8), 1, id="REV-3 nor do seven days off"),
        pytest.param(MONDAY, FRIDAY, 0, id="a day before"),
    ],
)
def test_days_of_a_turn(since: date, today: date, used: int) -> None:
    assert turns.days_between(since, today, WORKED) == used


@given(st.dates(date(2026, 1, 1), date(2026, 11, 30)), st.integers(0, 20))
def test_the_last_day_is_the_one_on_which_the_days_are_used_up(since: date, days: int) -> None:
    due_on = turns.due_on(since, days, WORKED)
    assert turns.days_between(since, due_on, WORKED) == days
    assert days == 0 or turns.days_between(since, due_on - timedelta(1), WORKED) == days - 1
