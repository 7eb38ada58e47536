"""M3, M4, M5: presence, what is required, what a shortfall costs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from counselhub.statements.facts import AssignmentFact, ContractFact, DutyRole, SessionFact
from counselhub.statements.months import Month
from counselhub.statements.rules.presence import OnSite, presence
from counselhub.statements.rules.shortfall import Required, required
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import Cycle, Deduction, SchemeTerms
from tests.statements.make import (
    EXAMPLE,
    NANLONG,
    OCTOBER,
    SHALI,
    amounts,
    contract,
    facts,
    terms,
    visit,
)

FRIDAY, MONDAY = date(2026, 10, 9), date(2026, 10, 12)
ASSIGNED = (
    AssignmentFact("A", NANLONG, date(2026, 1, 1), FRIDAY, DutyRole.LEAD),
    AssignmentFact("A", NANLONG, date(2026, 11, 1), None, DutyRole.LEAD),
    AssignmentFact("B", NANLONG, FRIDAY, None, DutyRole.BACKUP),
    AssignmentFact("C", SHALI, date(2026, 1, 1), None, DutyRole.LEAD),
)


@pytest.mark.parametrize(
    ("sessions", "minutes", "visits"),
    [
        pytest.param([], 0, 0, id="M3 nobody came"),
        pytest.param([visit(FRIDAY)], 120, 1, id="M3 one session"),
        pytest.param(
            [visit(FRIDAY, 540), visit(FRIDAY, 600, adviser="B")],
            180,
            1,
            id="M3 two advisers at once are one presence",
        ),
        pytest.param([visit(FRIDAY, 540, 30), visit(FRIDAY, 570, 30)], 60, 1, id="M3 touching"),
        pytest.param([visit(FRIDAY, 540, 30), visit(FRIDAY, 900, 30)], 60, 1, id="M3 day's sum"),
        pytest.param([visit(FRIDAY, 540, 59)], 0, 0, id="M3 a day under the shortest visit"),
        pytest.param(
            [visit(FRIDAY, 540, 200), visit(FRIDAY, 560, 30)], 200, 1, id="M3 one within another"
        ),
        pytest.param([visit(MONDAY)], 0, 0, id="M3 the adviser's assignment ended"),
        pytest.param([visit(MONDAY, adviser="B")], 120, 1, id="M3 备岗 counts like 主责"),
        pytest.param([visit(FRIDAY, adviser="C")], 0, 0, id="M3 assigned to another community"),
        pytest.param(
            [SessionFact(MONDAY, 540, 660, "C", "B")], 120, 1, id="M3 stands in for one assigned"
        ),
        pytest.param(
            [SessionFact(MONDAY, 540, 660, "C", "A")], 0, 0, id="M3 stands in for one who is not"
        ),
        pytest.param(
            [SessionFact(MONDAY, 540, 660, "B", "A")], 120, 1, id="M3 assigned, whomever for"
        ),
        pytest.param([SessionFact(FRIDAY, 540, None, "A")], 0, 0, id="M3 never signed out"),
        pytest.param([SessionFact(FRIDAY, 540, 530, "A")], 0, 0, id="M3 signed out before in"),
        pytest.param(
            [SessionFact(FRIDAY, 540, 660, "A", is_voided=True)], 0, 0, id="M3 a voided session"
        ),
        pytest.param([visit(date(2026, 9, 30))], 0, 0, id="M3 another month's"),
        pytest.param([visit(FRIDAY, 0, 1440)], 1440, 1, id="M3 midnight to midnight"),
        pytest.param([visit(FRIDAY), visit(MONDAY, adviser="B")], 240, 2, id="M3 two days"),
    ],
)
def test_presence(sessions: list[SessionFact], minutes: int, visits: int) -> None:
    on_site = OnSite(facts(assignments=ASSIGNED, sessions={NANLONG: sessions}))
    present = presence(on_site.days((NANLONG, "D"), OCTOBER), 60)
    assert (present.minutes, present.visits) == (minutes, visits)


@pytest.mark.parametrize(
    ("lowest", "minutes"),
    [
        pytest.param("D", 360, id="M3 every grade counts"),
        pytest.param("C", 240, id="M3 D does not"),
        pytest.param("B", 120, id="M3 C does not"),
        pytest.param("A", 0, id="M3 only what nobody has"),
    ],
)
def test_a_scheme_may_ask_for_evidence(lowest: str, minutes: int) -> None:
    sessions = [
        visit(FRIDAY, 540 + 120 * place)._replace(grade=grade) for place, grade in enumerate("BCD")
    ]
    on_site = OnSite(facts(assignments=ASSIGNED, sessions={NANLONG: sessions}))
    assert presence(on_site.days((NANLONG, lowest), OCTOBER), 60).minutes == minutes


@pytest.mark.parametrize(
    ("hours", "visits", "active", "days", "owed"),
    [
        pytest.param(8, 4, 31, 31, (480, 4), id="M4 a whole month"),
        pytest.param(8, 4, 16, 31, (247, 2), id="M4 a part, rounded down"),
        pytest.param(8, 4, 1, 31, (15, 0), id="M4 one day asks for no visit"),
        pytest.param(8, 4, 28, 29, (463, 3), id="M4 a leap February"),
        pytest.param(None, None, 31, 31, (0, 0), id="M4 blank asks for nothing"),
        pytest.param("2.51", 1, 31, 31, (150, 1), id="M4 whole minutes in a whole month too"),
    ],
)
def test_required(
    hours: int | str | None, visits: int | None, active: int, days: int, owed: tuple[int, int]
) -> None:
    minutes = None if hours is None else Fraction(hours) * 60
    asked = terms(required_minutes=minutes, required_visits=visits)
    assert required(asked, active, days) == Required(*owed)


BY_VISIT = replace(EXAMPLE, deduction=Deduction.PER_VISIT, deduction_fen=20_000)
BY_HOUR = EXAMPLE
BY_PART = replace(EXAMPLE, deduction=Deduction.PRO_RATA, deduction_fen=None)
FREE = replace(EXAMPLE, deduction=Deduction.NONE, deduction_fen=None)
TWO = [visit(FRIDAY), visit(date(2026, 10, 8))]


def shortfalls(
    fact: ContractFact, sessions: list[SessionFact], month: Month
) -> list[tuple[str, int]]:
    given = facts(fact, month=month, sessions={NANLONG: sessions})
    rows = amounts(compute(given).lines)
    return [(when, amount_fen) for kind, when, amount_fen in rows if kind == "shortfall"]


@pytest.mark.parametrize(
    ("scheme", "sessions", "amount_fen"),
    [
        pytest.param(FREE, [], None, id="M5 不扣 no line"),
        pytest.param(BY_VISIT, TWO, -40_000, id="M5 按次 two of four"),
        pytest.param(BY_VISIT, TWO * 2, -40_000, id="M5 按次 a day is one visit"),
        pytest.param(BY_HOUR, TWO, -20_000, id="M5 按小时 four whole hours"),
        pytest.param(
            BY_HOUR, [visit(FRIDAY, 0, 479)], -5_000, id="M5 按小时 one minute is a started hour"
        ),
        pytest.param(BY_HOUR, [visit(FRIDAY, 0, 480)], 0, id="M5 exactly enough, a line of 0"),
        pytest.param(BY_HOUR, [visit(FRIDAY, 0, 900)], 0, id="M5 more than enough"),
        pytest.param(BY_PART, TWO, -83_334, id="M5 按比例 half is missing, half up"),
        pytest.param(BY_PART, [], -166_667, id="M5 按比例 nobody came"),
        pytest.param(
            replace(BY_PART, required_minutes=None), [], 0, id="M5 按比例 nothing required"
        ),
        pytest.param(
            replace(BY_HOUR, deduction_fen=90_000), [], -166_667, id="M5 never more than the base"
        ),
        pytest.param(replace(BY_HOUR, deduction_fen=0), [], 0, id="M5 a rate of 0"),
    ],
)
def test_shortfall(
    scheme: SchemeTerms, sessions: list[SessionFact], amount_fen: int | None
) -> None:
    expected = [] if amount_fen is None else [("2026-10", amount_fen)]
    assert shortfalls(contract(scheme), sessions, OCTOBER) == expected


@pytest.mark.parametrize(
    ("scheme", "changes", "expected"),
    [
        pytest.param(
            replace(BY_VISIT, cycle=Cycle.QUARTER),
            {},
            [("2026-10", -40_000), ("2026-11", -80_000), ("2026-12", -80_000)],
            id="M5 a line for each month of the quarter, in its last",
        ),
        pytest.param(
            replace(BY_VISIT, cycle=Cycle.QUARTER, deduction_fen=60_000),
            {},
            [("2026-10", -120_000), ("2026-11", -240_000), ("2026-12", -140_000)],
            id="M5 the month that would pass the quarter's base takes what is left",
        ),
        pytest.param(
            replace(BY_VISIT, cycle=Cycle.QUARTER, deduction_fen=70_000),
            {},
            [("2026-10", -140_000), ("2026-11", -280_000), ("2026-12", -80_000)],
            id="M5 and with a higher rate sooner",
        ),
        pytest.param(
            replace(BY_VISIT, cycle=Cycle.QUARTER, deduction_fen=200_000),
            {},
            [("2026-10", -400_000), ("2026-11", -100_000), ("2026-12", 0)],
            id="M5 nothing is left for the last",
        ),
        pytest.param(
            replace(BY_PART, cycle=Cycle.QUARTER),
            {"starts_on": date(2026, 11, 16)},
            [("2026-11", -83_333), ("2026-12", -166_667)],
            id="M5 按比例 of a month in part, none for the month before",
        ),
        pytest.param(
            replace(BY_VISIT, cycle=Cycle.QUARTER),
            {"ends_on": date(2026, 10, 20)},
            [("2026-10", 0)],
            id="M4 two visits of floor(4 x 20/31)",
        ),
    ],
)
def test_shortfalls_of_a_quarter(
    scheme: SchemeTerms, changes: dict[str, date], expected: list[tuple[str, int]]
) -> None:
    assert shortfalls(contract(scheme, **changes), TWO, Month(2026, 12)) == expected


def test_presence_is_not_cut_to_the_contract() -> None:
    """M3: the community saw its adviser, whichever contract was in force."""
    half = contract(replace(BY_HOUR, withhold_percent=Decimal(0)), starts_on=date(2026, 10, 16))
    assert shortfalls(half, [visit(FRIDAY, 0, 247)], OCTOBER) == [("2026-10", 0)]
