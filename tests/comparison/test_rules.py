"""What a comparison's figures are made of, and how its lines are ordered."""

from collections import Counter
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.comparison.gaps import gap_days
from counselhub.comparison.rules import BY_KEY, FEW, FIGURES, Line, met_of, ordered, total
from counselhub.reports.figures import Figures
from counselhub.statements.facts import AssignmentFact, ContractFact, ContractKind, DutyRole
from tests.review.factories import TERMS

NAMES = sorted({name for figure in FIGURES for name in figure.of})


@pytest.mark.parametrize(
    ("key", "numbers", "value"),
    [
        pytest.param("communities", {}, 0.0, id="nothing is none"),
        pytest.param("approved", {"approved_fen": 150_000}, 150_000.0, id="an amount"),
        pytest.param("queried", {"queried": 1, "lines": 4}, 25.0, id="a share"),
        pytest.param("queried", {}, None, id="no line, no share"),
        pytest.param("answer", {"firm_days": 7, "returned": 2}, 3.5, id="a mean"),
        pytest.param("answer", {"firm_days": 0, "returned": 0}, None, id="never asked"),
        pytest.param("submit", {"submit_days": -4, "statements": 2}, -2.0, id="before the end"),
        pytest.param("grade", {"grade_competent": 3}, 0.0, id="graded, none excellent"),
        pytest.param("grade", {}, None, id="not graded"),
        pytest.param("done", {}, None, id="nothing required"),
        pytest.param("visits", {"counted_visits": 5, "required_visits": 4}, 5.0, id="more"),
    ],
)
def test_value(key: str, numbers: dict[str, int], value: float | None) -> None:
    assert BY_KEY[key].value(numbers) == value


@pytest.mark.parametrize(
    ("numbers", "parts"),
    [
        pytest.param((480, 120, 4, 1), (360, 480), id="minutes where they are required"),
        pytest.param((0, 0, 4, 1), (3, 4), id="else visits"),
        pytest.param((0, 0, 0, 0), (0, 0), id="nothing is required"),
    ],
)
def test_met_of_is_the_pictures(numbers: tuple[int, int, int, int], parts: tuple[int, int]) -> None:
    assert met_of(*numbers) == parts
    minutes, missing, visits, lacking = numbers
    shown = Figures(
        required_minutes=minutes,
        missing_minutes=missing,
        required_visits=visits,
        missing_visits=lacking,
    )
    assert shown.percent == (parts[0] * 100 // parts[1] if parts[1] else None)


def test_few_say_little() -> None:
    share = BY_KEY["queried"]
    assert [n for n in range(FEW + 2) if share.is_thin({"lines": n})] == list(range(1, FEW))
    assert not BY_KEY["lectures"].is_thin({"lectures": 1})


def line(number: int, **numbers: int) -> Line:
    return Line("110101001", UUID(int=number), f"第{number}所", numbers=Counter(numbers))


def test_who_has_nothing_to_tell_comes_last_either_way() -> None:
    lines = [line(1), line(2, queried=1, lines=2), line(3, queried=0, lines=2)]
    assert [one.firm_id.int for one in ordered(lines, "queried")] == [3, 2, 1]
    assert [one.firm_id.int for one in ordered(lines, "-queried")] == [2, 3, 1]
    assert [one.firm_id.int for one in ordered(lines, "-name")] == [3, 2, 1]
    assert [one.firm_id.int for one in ordered(lines, "no such thing")] == [1, 2, 3]


numbers = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 10**9))


@given(st.lists(numbers, max_size=8), st.sampled_from([*BY_KEY, "name", "street"]), st.booleans())
def test_no_order_loses_a_line_and_sums_are_whole(
    given_numbers: list[dict[str, int]], key: str, down: bool
) -> None:
    lines = [line(place, **one) for place, one in enumerate(given_numbers)]
    shown = ordered(lines, f"-{key}" if down else key)
    assert sorted(one.firm_id.int for one in shown) == list(range(len(lines)))
    sums = total(shown)
    assert all(sums[name] == sum(one.get(name, 0) for one in given_numbers) for name in NAMES)


def contract(starts_on: date, ends_on: date, ended: date | None = None) -> ContractFact:
    return ContractFact(
        number="1",
        kind=ContractKind.PROCUREMENT,
        communities=["A"],
        starts_on=starts_on,
        ends_on=ends_on,
        terminated_on=ended,
        scheme_versions=[TERMS],
    )


def lead(starts_on: date, ends_on: date | None, community: str = "A") -> AssignmentFact:
    return AssignmentFact("x", community, starts_on, ends_on, DutyRole.LEAD)


JAN_1, JAN_10, JAN_31, DEC_31 = (
    date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 31), date(2026, 12, 31),
)  # fmt: skip
YEAR = contract(JAN_1, DEC_31)


@pytest.mark.parametrize(
    ("contracts", "led", "days"),
    [
        pytest.param([YEAR], [], {"A": 31}, id="nobody ever"),
        pytest.param([YEAR], [lead(JAN_1, None)], {"A": 0}, id="somebody always"),
        pytest.param([YEAR], [lead(JAN_10, None)], {"A": 9}, id="from the tenth on"),
        pytest.param([YEAR], [lead(JAN_1, JAN_10)], {"A": 21}, id="both ends are led"),
        pytest.param([YEAR], [lead(JAN_1, None, "B")], {"A": 31}, id="elsewhere"),
        pytest.param([YEAR, YEAR], [], {"A": 31}, id="two contracts, one day"),
        pytest.param([contract(JAN_1, DEC_31, JAN_10)], [], {"A": 10}, id="ended early"),
        pytest.param([contract(DEC_31, DEC_31)], [], {"A": 0}, id="not yet"),
        pytest.param([], [lead(JAN_1, None)], {}, id="no contract"),
    ],
)
def test_gap_days(
    contracts: list[ContractFact], led: list[AssignmentFact], days: dict[str, int]
) -> None:
    assert gap_days(contracts, led, JAN_1, JAN_31) == days
