"""What is frozen comes back whole, is worked out again to the same, and shows any change."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from counselhub.core import portable
from counselhub.statements import frozen
from counselhub.statements.drafting import WITHDRAWN
from counselhub.statements.facts import MonthFacts
from counselhub.statements.frozen import Frozen, FrozenBrokenError, FrozenLine
from counselhub.statements.lines import as_json
from counselhub.statements.rules.statement import compute
from tests.statements import drawn, make

FACTS = make.facts(
    make.contract(make.EXAMPLE),
    sessions={make.NANLONG: [make.visit(date(2026, 10, day)) for day in (12, 19, 26)]},
    claims=[make.claim(is_oral=True)],
)


def submission(facts: MonthFacts, **changes: Any) -> Frozen:
    """What would be frozen of the statement of these facts."""
    made = compute(facts)
    lines = tuple(
        FrozenLine(
            contract=line.contract,
            community=line.community,
            kind=line.kind,
            month=line.month,
            quantity=line.quantity,
            amount_fen=line.amount_fen,
            trace=tuple(as_json([step.parts() for step in line.trace])),
            warnings=(),
            is_settled=False,
        )
        for line in made.lines
    )
    given: dict[str, Any] = {
        "number": "JS-1",
        "version": 1,
        "total_fen": made.total_fen,
        "funding": tuple([source.value, fen] for source, fen in made.funding),
        "payee": {"name": "某某律师事务所"},
        "facts": facts,
        "lines": lines,
    }
    return Frozen(**(given | changes))


def with_line(place: int, **changes: Any) -> Frozen:
    """The example with one line changed, its total with it."""
    plain = submission(FACTS)
    lines = list(plain.lines)
    lines[place] = replace(lines[place], **changes)
    total_fen = sum(line.amount_fen for line in lines)
    return replace(plain, lines=tuple(lines), total_fen=total_fen)


@given(drawn.months_of_facts())
@settings(max_examples=60)
def test_any_month_comes_back_and_gives_the_same_lines(facts: MonthFacts) -> None:
    once = submission(facts)
    sealed = frozen.pack(once)
    back = frozen.unpack(*sealed)
    assert portable.canonical(back) == portable.canonical(once)
    assert frozen.pack(back) == sealed
    assert list(frozen.differences(back)) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param({"amount_fen": 1}, (1, 1, 166_667), id="the amount"),
        pytest.param({"quantity": "30/31"}, (1, 166_667, 166_667), id="the quantity"),
        pytest.param({"trace": ()}, (1, 166_667, 166_667), id="the working"),
    ],
)
def test_a_line_that_differs_is_named(changes: dict[str, Any], named: tuple[int, int, int]) -> None:
    (found,) = frozen.differences(with_line(0, **changes))
    assert (found.position, found.frozen_fen, found.reckoned_fen) == named
    assert (found.contract, found.community, found.kind) == ("HT-1", make.NANLONG, "base")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param({"contract": "HT-9"}, [(1, 166_667, None), (None, None, 166_667)], id="gone"),
        pytest.param({"is_settled": True, "amount_fen": 5}, [], id="an answered line stands"),
        pytest.param(
            {"trace": (WITHDRAWN.document(),), "amount_fen": 0, "contract": "HT-9"},
            [(None, None, 166_667)],
            id="a line without records stands at nothing",
        ),
    ],
)
def test_lines_that_one_side_lacks(change: dict[str, Any], named: list[Any]) -> None:
    found = [one[0:1] + one[5:] for one in frozen.differences(with_line(0, **change))]
    assert found == named


def test_a_total_that_is_not_the_sum_is_named() -> None:
    (found,) = frozen.differences(replace(submission(FACTS), total_fen=7))
    assert (found.position, found.frozen_fen) == (None, 7)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda one: (one.content[:-3], one.digest), id="cut off"),
        pytest.param(lambda one: (one.content, bytes(32)), id="another digest"),
        pytest.param(lambda _one: (frozen.pack(with_line(0)).content, bytes(32)), id="swapped"),
    ],
)
def test_what_was_changed_does_not_open(change: Any) -> None:
    content, digest = change(frozen.pack(submission(FACTS)))
    assert not frozen.is_whole(content, digest)
    with pytest.raises(FrozenBrokenError):
        frozen.unpack(content, digest)


def test_thirty_lines_take_few_bytes() -> None:
    """Ten communities of three visits a week for a month: what a street of some size hands over."""
    places = [f"{make.STREET}{place:03d}" for place in range(1, 11)]
    days = [date(2026, 10, day) for day in range(1, 31, 2)]
    facts = make.facts(
        *(
            make.contract(make.EXAMPLE, number=f"HT-{place}", communities=(code,))
            for place, code in enumerate(places)
        ),
        sessions={code: [make.visit(day) for day in days] for code in places},
    )
    once = submission(facts)
    assert len(once.lines) == 30
    assert len(frozen.pack(once).content) < 8_000


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        pytest.param(int, "7", id="a text is no number"),
        pytest.param(int, True, id="a truth is no number"),
        pytest.param(date, "2026-13-01", id="no day"),
        pytest.param(FrozenLine, {"colour": "red"}, id="an unknown field"),
        pytest.param(FrozenLine, [], id="no record"),
    ],
)
def test_what_was_never_written_is_not_read(kind: Any, written: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        portable.read(kind, written)


def test_exact_numbers_only() -> None:
    assert portable.plain([Decimal("1.50"), Fraction(1, 3), None]) == ["1.50", "1/3", None]
    with pytest.raises(TypeError):
        portable.plain({"rate": 0.1})
