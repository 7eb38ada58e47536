"""Short ways to write facts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from counselhub.statements.facts import (
    AssignmentFact,
    ClaimFact,
    ContractFact,
    ContractKind,
    DutyRole,
    MonthFacts,
    SessionFact,
)
from counselhub.statements.lines import Line, LineKind
from counselhub.statements.months import Month
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import (
    Cycle,
    Deduction,
    Difficulty,
    SchemeTerms,
    Source,
)

STREET = "440307012"
NANLONG, SHALI, XIALI = STREET + "001", STREET + "002", STREET + "003"
ELSEWHERE = "440307013001"
OCTOBER = Month(2026, 10)

EXAMPLE = SchemeTerms(
    scheme="FA-1",
    effective_on=date(2026, 1, 1),
    annual_fen=2_000_000,
    cycle=Cycle.MONTH,
    required_minutes=Fraction(480),
    required_visits=4,
    shortest_visit_minutes=60,
    deduction=Deduction.PER_HOUR,
    deduction_fen=5_000,
    lecture_fen=30_000,
    lecture_cap=1,
    case_fen={Difficulty.SIMPLE: 20_000},
    oral_percent=Decimal(50),
    withhold_percent=Decimal(10),
    shares=((Source.DISTRICT, Decimal(50)), (Source.STREET, Decimal(50))),
)
"""The scheme of the rules' worked example."""

PLAIN = SchemeTerms(
    scheme="FA-2", effective_on=date(2026, 1, 1), annual_fen=1_200_000, cycle=Cycle.MONTH
)
"""A scheme with a base and nothing else."""


def terms(**changes: Any) -> SchemeTerms:
    """PLAIN with some columns filled in."""
    return replace(PLAIN, **changes)


def contract(*versions: SchemeTerms, **changes: Any) -> ContractFact:
    """HT-1 of NANLONG for 2026."""
    fields: dict[str, Any] = {
        "number": "HT-1",
        "kind": ContractKind.ENGAGEMENT,
        "communities": (NANLONG,),
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "scheme_versions": versions or (PLAIN,),
    }
    return ContractFact(**(fields | changes))


def facts(*contracts: ContractFact, **changes: Any) -> MonthFacts:
    """October 2026, adviser A assigned to NANLONG."""
    fields: dict[str, Any] = {
        "street": STREET,
        "month": OCTOBER,
        "contracts": contracts,
        "assignments": (AssignmentFact("A", NANLONG, date(2025, 1, 1), None, DutyRole.LEAD),),
    }
    return MonthFacts(**(fields | changes))


def visit(day: date, sign_in: int = 540, minutes: int = 120, adviser: str = "A") -> SessionFact:
    """A session of so many minutes."""
    return SessionFact(day, sign_in, sign_in + minutes, adviser)


def claim(
    case_number: str = "AJ-1", closed_on: date = date(2026, 10, 9), **changes: Any
) -> ClaimFact:
    """A simple written claim of NANLONG that nothing speaks against."""
    fields: dict[str, Any] = {"community": NANLONG, "difficulty": Difficulty.SIMPLE}
    return ClaimFact(case_number=case_number, closed_on=closed_on, **(fields | changes))


def amounts(lines: Sequence[Any]) -> list[tuple[str, str, int]]:
    """Kind, month and amount of each line."""
    return [(line.kind.value, str(line.month), line.amount_fen) for line in lines]


def lines_of(kind: LineKind, *contracts: ContractFact, **changes: Any) -> list[Line]:
    """The lines of one kind in the statement of these facts."""
    return [line for line in compute(facts(*contracts, **changes)).lines if line.kind is kind]
