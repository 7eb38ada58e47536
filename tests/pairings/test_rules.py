"""Progress, renewal, resources and imported agreements, without a database."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.pairings.kinds import ItemStatus, PairingStatus
from counselhub.pairings.rules import (
    Held,
    Planned,
    PlanState,
    progress,
    renewal,
    resource_status,
    state_of,
    status_by_dates,
    wants_renewal,
)

TODAY = date(2026, 10, 20)
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("year", "month", "done", "state"),
    [
        pytest.param(2026, 9, False, PlanState.LATE, id="PAIR-1 its month is over"),
        pytest.param(2026, 9, True, PlanState.DONE, id="PAIR-1 late but made up for"),
        pytest.param(2026, 10, False, PlanState.DUE, id="PAIR-1 this month"),
        pytest.param(2026, 11, False, PlanState.COMING, id="PAIR-1 next month"),
        pytest.param(2027, 1, False, PlanState.COMING, id="PAIR-1 next January"),
        pytest.param(2025, 12, False, PlanState.LATE, id="PAIR-1 last December"),
    ],
)
def test_a_line_of_the_plan(year: int, month: int, done: bool, state: PlanState) -> None:
    planned = Planned(FIRST, year, month, 60)
    assert state_of(planned, {FIRST} if done else set(), TODAY) == state


def test_a_year_counts_what_was_made_up_for_later_but_not_its_hours() -> None:
    plan = [Planned(FIRST, 2026, 3, 120), Planned(SECOND, 2026, 9, 60), Planned(THIRD, 2026, 12, 0)]
    held = [Held(FIRST, 2027, 90), Held(None, 2026, 30)]
    found = progress(2026, plan, held, TODAY)
    assert (found.planned, found.done, found.late, found.held) == (3, 1, 1, 1)
    assert (found.planned_minutes, found.held_minutes) == (180, 30)
    assert found.percent == 33


@given(
    st.lists(st.integers(1, 12), max_size=12),
    st.lists(st.integers(0, 11), max_size=12),
)
def test_all_is_done_only_at_a_hundred(months: list[int], done: list[int]) -> None:
    plan = [Planned(UUID(int=place), 2026, month, 60) for place, month in enumerate(months)]
    held = [Held(UUID(int=place), 2026, 30) for place in done]
    found = progress(2026, plan, held, TODAY)
    missing = [one for one in plan if one.id not in {each.plan_id for each in held}]
    assert (found.percent == 100) is (bool(plan) and not missing)
    assert found.percent is None if not plan else 0 <= (found.percent or 0) <= 100
    assert found.done + len(missing) == found.planned
    assert found.late <= len(missing)


@pytest.mark.parametrize(
    ("last_on", "days", "continued", "wanted"),
    [
        pytest.param(date(2026, 12, 19), 60, False, True, id="PAIR-3 sixty days before"),
        pytest.param(date(2026, 12, 20), 60, False, False, id="PAIR-3 sixty-one days before"),
        pytest.param(TODAY, 60, False, True, id="PAIR-3 the last day"),
        pytest.param(date(2026, 10, 19), 60, False, False, id="PAIR-3 over"),
        pytest.param(date(2026, 12, 20), 90, False, True, id="PAIR-3 the firm's own notice"),
        pytest.param(TODAY, 60, True, False, id="PAIR-3 continued already"),
        pytest.param(None, 60, False, False, id="PAIR-3 no end"),
    ],
)
def test_who_asks_for_renewal(
    last_on: date | None, days: int, continued: bool, wanted: bool
) -> None:
    assert wants_renewal(last_on, TODAY, days, is_continued=continued) is wanted


@pytest.mark.parametrize(
    ("projects", "status"),
    [
        pytest.param([], ItemStatus.OFFERED, id="PAIR-4 no project"),
        pytest.param(["dropped"], ItemStatus.OFFERED, id="PAIR-4 dropped"),
        pytest.param(["dropped", "done"], ItemStatus.DONE, id="PAIR-4 one finished"),
        pytest.param(["done", "running"], ItemStatus.MATCHED, id="PAIR-4 one runs"),
    ],
)
def test_where_a_resource_stands(projects: list[str], status: ItemStatus) -> None:
    assert resource_status(projects) == status


@pytest.mark.parametrize(
    ("last_on", "status"),
    [
        pytest.param(TODAY, PairingStatus.ACTIVE, id="PAIR-5 its last day"),
        pytest.param(date(2026, 10, 19), PairingStatus.ENDED, id="PAIR-5 the day after"),
        pytest.param(None, PairingStatus.ACTIVE, id="PAIR-5 no end"),
    ],
)
def test_where_an_imported_one_stands(last_on: date | None, status: PairingStatus) -> None:
    assert status_by_dates(last_on, TODAY) == status


@pytest.mark.parametrize(
    ("first", "last", "follows"),
    [
        pytest.param(
            date(2026, 1, 8), date(2028, 1, 7), (date(2028, 1, 8), date(2030, 1, 7)), id="years"
        ),
        pytest.param(
            date(2026, 1, 1), date(2026, 1, 10), (date(2026, 1, 11), date(2026, 1, 20)), id="days"
        ),
        pytest.param(date(2026, 1, 8), None, (date(2026, 1, 8), None), id="no end"),
    ],
)
def test_the_agreement_that_follows(
    first: date, last: date | None, follows: tuple[date, date | None]
) -> None:
    assert renewal(first, last) == follows
