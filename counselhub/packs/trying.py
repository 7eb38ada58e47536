"""算例: facts of one made-up month go through the real calculator; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from counselhub.claims.kinds import Difficulty
from counselhub.packs import rules
from counselhub.packs.models import PackExample, PackVersion
from counselhub.statements import codes, pack_codes
from counselhub.statements.facts import (
    ActivityFact,
    AssignmentFact,
    ClaimFact,
    ContractFact,
    ContractKind,
    DutyRole,
    LectureFact,
    MonthFacts,
    PointFact,
    SessionFact,
    ShiftFact,
)
from counselhub.statements.lines import Line, LineKind, Statement
from counselhub.statements.months import Month
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import SchemeTerms

NOWHERE = "000000000001"
"""The community of an example that names none."""
TOTAL = "total"
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Compared:
    """One expected amount beside the computed one, in fen; kind: of line, or `total`."""

    kind: str
    expected_fen: int
    computed_fen: int

    @property
    def is_right(self) -> bool:
        """Whether both are the same."""
        return self.expected_fen == self.computed_fen


@dataclass(frozen=True, slots=True)
class Tried:
    """What an example gave: every expected amount compared, and all lines with their working."""

    example: PackExample
    compared: tuple[Compared, ...]
    lines: tuple[Line, ...]

    @property
    def passes(self) -> bool:
        """Whether every expected amount is what was computed."""
        return all(one.is_right for one in self.compared)


def failing(version: PackVersion) -> list[PackExample]:
    """Return the examples that do not give what is expected of them."""
    return [one.example for one in tried(version) if not one.passes]


def tried(version: PackVersion) -> list[Tried]:
    """Put every example of a version through the calculator."""
    terms = rules.scheme_terms(
        version.pack.code,
        rules.terms_of(version.terms, version.effective_from),
        version.pack_terms,
    )
    return [_try(example, terms) for example in version.examples]


def _try(example: PackExample, terms: SchemeTerms) -> Tried:
    statement = compute(facts_of(example.facts, terms))
    compared = tuple(
        Compared(kind, example.expected[kind], _sum(statement, kind))
        for kind in (*LineKind, TOTAL)
        if kind in example.expected
    )
    return Tried(example, compared, statement.lines)


def _sum(statement: Statement, kind: str) -> int:
    if kind == TOTAL:
        return statement.total_fen
    return sum(line.amount_fen for line in statement.lines if line.kind == kind)


def facts_of(given: Mapping[str, Any], terms: SchemeTerms) -> MonthFacts:
    """Return the facts of an example: one contract of one community in one month.

    given: month (`2026-10`), starts_on, ends_on, annual_fen, community, visits [[day, minutes]],
    lectures and lectures_before (of the quarter), online_days, cases [[class, is_oral, number]],
    activities [[kind, number]], points.
    """
    year, number = map(int, given["month"].split("-"))
    month, place = Month(year, number), given.get("community") or NOWHERE
    return MonthFacts(
        street=place[:9],
        month=month,
        contracts=(_contract(given, place, terms),),
        assignments=(AssignmentFact("律师", place, date.min, None, DutyRole.LEAD),),
        sessions={place: [_session(*visit) for visit in given.get("visits", ())]},
        lectures=_lectures(given, month, place),
        shifts=_shifts(given.get("online_days") or 0, month),
        claims=_claims(given.get("cases", ()), month, place),
        activities=[
            ActivityFact(month.last, place, pack_codes.ACTIVITIES[kind], times)
            for kind, times in given.get("activities", ())
        ],
        points=[PointFact(place, given["points"], "算例")] if given.get("points") else [],
    )


def _contract(given: Mapping[str, Any], place: str, terms: SchemeTerms) -> ContractFact:
    return ContractFact(
        number="算例",
        kind=ContractKind.ENGAGEMENT,
        communities=(place,),
        starts_on=date.fromisoformat(given["starts_on"]),
        ends_on=date.fromisoformat(given["ends_on"]),
        annual_fen=given.get("annual_fen"),
        scheme_versions=(terms,),
    )


def _session(day: str, minutes: int) -> SessionFact:
    """Make a presence from nine in the morning, from midnight when it is a long one."""
    start = 540 if minutes <= DAY_MINUTES - 540 else 0
    return SessionFact(
        date.fromisoformat(day), start, min(start + minutes, DAY_MINUTES), "律师", grade="A"
    )


def _lectures(given: Mapping[str, Any], month: Month, place: str) -> list[LectureFact]:
    """Make the month's lectures on its last day, earlier ones on the quarter's first."""
    quarter = Month(month.year, (month.number - 1) // 3 * 3 + 1)
    found = []
    if (before := given.get("lectures_before") or 0) and quarter != month:
        found.append(LectureFact(quarter.first, place, before))
    if given.get("lectures") is not None:
        found.append(LectureFact(month.last, place, given["lectures"]))
    return found


def _shifts(days: int, month: Month) -> list[ShiftFact]:
    """Make one shift that covers so many days from the first of the month."""
    if not days:
        return []
    last = month.first + timedelta(days=min(days, month.days) - 1)
    return [ShiftFact(month.first, 0, last, DAY_MINUTES)]


def _claims(cases: Any, month: Month, place: str) -> list[ClaimFact]:
    claims: list[ClaimFact] = []
    for level, is_oral, number in cases:
        for _each in range(number):
            claims.append(
                ClaimFact(
                    case_number=f"{len(claims) + 1:04d}",
                    closed_on=month.last,
                    community=place,
                    difficulty=codes.DIFFICULTIES[Difficulty(level)],
                    is_oral=is_oral,
                )
            )
    return claims
