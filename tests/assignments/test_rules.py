"""Coverage: who leads, and which days of a contract nobody leads."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.assignments.rules import Days, Lead, coverage, merged, without

OCTOBER = Days(date(2026, 10, 1), date(2026, 10, 31))
YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))


def october(first: int, last: int | None = None) -> tuple[date, date | None]:
    return date(2026, 10, first), last and date(2026, 10, last)


@pytest.mark.parametrize(
    ("contracts", "leads", "contract_days", "gap_days", "names"),
    [
        pytest.param([YEAR], [("张三丰", *october(1))], 31, 0, ("张三丰",), id="the whole month"),
        pytest.param([YEAR], [], 31, 31, (), id="nobody"),
        pytest.param([], [("张三丰", *october(1))], 0, 0, ("张三丰",), id="no contract"),
        pytest.param(
            [YEAR],
            [("张三丰", date(2026, 1, 1), date(2026, 10, 19)), ("李四光", *october(20))],
            31,
            0,
            ("张三丰", "李四光"),
            id="a change without a gap",
        ),
        pytest.param(
            [YEAR],
            [("李四光", *october(25)), ("张三丰", *october(3, 14))],
            31,
            12,
            ("张三丰", "李四光"),
            id="gaps before, between, and any order",
        ),
        pytest.param(
            [Days(date(2026, 10, 11), date(2027, 1, 1))],
            [("张三丰", *october(1, 20))],
            21,
            11,
            ("张三丰",),
            id="days before the contract count for nothing",
        ),
        pytest.param(
            [YEAR, YEAR], [("张三丰", *october(1, 30))], 31, 1, ("张三丰",), id="two contracts"
        ),
        pytest.param(
            [YEAR],
            [("张三丰", *october(1, 9)), ("张三丰", *october(10, 31))],
            31,
            0,
            ("张三丰",),
            id="one lawyer in two stretches is named once",
        ),
        pytest.param(
            [YEAR], [("张三丰", date(2026, 1, 1), date(2026, 9, 30))], 31, 31, (), id="ended before"
        ),
    ],
)
def test_coverage(
    contracts: list[Days],
    leads: list[tuple[str, date, date | None]],
    contract_days: int,
    gap_days: int,
    names: tuple[str, ...],
) -> None:
    found = coverage(contracts, [Lead(*lead) for lead in leads], OCTOBER)
    assert (found.contract_days, found.gap_days, found.names) == (contract_days, gap_days, names)


DAY = st.integers(0, 80).map(lambda offset: date(2026, 9, 1) + timedelta(days=offset))
STRETCH = st.tuples(DAY, DAY).map(lambda pair: Days(*sorted(pair)))
STRETCHES = st.lists(STRETCH, max_size=6)
LEADS = st.lists(st.tuples(STRETCH, st.booleans()), max_size=5).map(
    lambda made: [
        Lead(f"第{place}人", days.first, None if is_open else days.last)
        for place, (days, is_open) in enumerate(made)
    ]
)


def each_day(stretches: list[Days]) -> set[date]:
    return {one.first + timedelta(days=offset) for one in stretches for offset in range(one.length)}


@given(STRETCHES, LEADS)
def test_covered_and_gap_days_make_the_contract_days(
    contracts: list[Days], leads: list[Lead]
) -> None:
    found = coverage(contracts, leads, OCTOBER)
    demanded = each_day(contracts) & each_day([OCTOBER])
    led = each_day([Days(lead.first, lead.last or date(2026, 12, 31)) for lead in leads])
    assert found.contract_days == len(demanded)
    assert each_day(list(found.gaps)) == demanded - led
    assert found.covered_days == len(demanded & led)
    assert found.covered_days + found.gap_days == found.contract_days


@given(STRETCHES, LEADS)
def test_order_does_not_matter(contracts: list[Days], leads: list[Lead]) -> None:
    turned = coverage(contracts[::-1], leads[::-1], OCTOBER)
    assert coverage(contracts, leads, OCTOBER).gaps == turned.gaps


@given(STRETCHES, STRETCHES)
def test_merged_and_without_are_sets_of_days(some: list[Days], others: list[Days]) -> None:
    left = without(merged(some), merged(others))
    assert each_day(left) == each_day(some) - each_day(others)
    assert left == merged(left)
