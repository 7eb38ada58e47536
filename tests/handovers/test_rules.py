"""What a pack lacks, and how load moves; what a community is told."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.handovers.rules import LineFact, Load, lacking, loads
from counselhub.handovers.timeline import Happening, What, by_year

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        pytest.param([], 0, id="HANDOVER-1 nothing to take over"),
        pytest.param([LineFact(True)], 0, id="HANDOVER-1 taken"),
        pytest.param([LineFact(False, "社区自己换")], 0, id="HANDOVER-1 explained"),
        pytest.param([LineFact(False), LineFact(True)], 1, id="HANDOVER-1 one waits"),
    ],
)
def test_lacking(lines: list[LineFact], count: int) -> None:
    assert lacking(lines) == count


@pytest.mark.parametrize(
    ("before", "after", "heavy"),
    [
        pytest.param(0, 5, False, id="HANDOVER-3 exactly comfortable"),
        pytest.param(5, 6, True, id="HANDOVER-3 one too many"),
        pytest.param(7, 6, False, id="HANDOVER-3 lighter than before"),
    ],
)
def test_heavy(before: int, after: int, heavy: bool) -> None:
    assert Load(ONE, "某", before, after).is_heavy is heavy


def test_the_heaviest_comes_first() -> None:
    found = loads({ONE: "甲", OTHER: "乙"}, {ONE: 2}, {OTHER: 2})
    assert [(one.name, one.before, one.after) for one in found] == [("乙", 0, 2), ("甲", 2, 0)]


@given(st.lists(st.dates(date(2015, 1, 1), date(2030, 12, 31))))
def test_years_hold_every_happening_once(days: list[date]) -> None:
    found = [
        Happening(What.CONTRACT, ONE, day, None, "procurement", "", "", "")
        for day in sorted(days, reverse=True)
    ]
    years = by_year(found)
    assert [one for year in years for one in year.happenings] == found
    assert [year.year for year in years] == sorted({day.year for day in days}, reverse=True)
