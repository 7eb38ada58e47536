"""One row of the gathered JSON to one fact of the rules."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from counselhub.statements import codes
from counselhub.statements.facts import (
    AssignmentFact,
    ClaimFact,
    LectureFact,
    SessionFact,
    ShiftFact,
)

day_of = date.fromisoformat


def sessions(days: Iterable[str], *columns: Iterable[Any]) -> list[SessionFact]:
    """Make the sessions of one community from its columns, in the order of SessionFact."""
    return list(map(SessionFact, map(day_of, days), *columns))


def assignment(code: str, adviser: str, first: str, last: str | None, role: str) -> AssignmentFact:
    """Make an assignment; last None: it has no end."""
    ends_on = None if last is None else day_of(last)
    return AssignmentFact(adviser, code, day_of(first), ends_on, codes.ROLES[role])


def lecture(code: str, day: str, times: int, adviser: str) -> LectureFact:
    """Make a lecture."""
    return LectureFact(day_of(day), code, times, adviser)


def shift(_street: str, first: str, start: int, last: str, end: int, adviser: str) -> ShiftFact:
    """Make an online shift."""
    return ShiftFact(day_of(first), start, day_of(last), end, adviser)


def claim(
    code: str,
    number: str,
    closed: str,
    difficulty: str,
    is_oral: bool,
    fulfilled: bool,
    complete: bool,
    taken: bool,
    adviser: str,
) -> ClaimFact:
    """Make a claim of mediation."""
    return ClaimFact(
        case_number=number,
        closed_on=day_of(closed),
        community=code,
        difficulty=codes.DIFFICULTIES[difficulty],
        is_oral=is_oral,
        is_fulfilled=fulfilled,
        has_full_dossier=complete,
        taken_elsewhere=taken,
        adviser=adviser,
    )
