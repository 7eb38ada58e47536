"""What is missing from a community's year? Pure: what there is, in; the gaps, out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from counselhub.statements.months import Month, months_between
from counselhub.yearfiles.kinds import GapKind


@dataclass(frozen=True, slots=True)
class ContractFact:
    """A contract that both sides agreed to; `last_on` is its last day in force."""

    number: str
    starts_on: date
    last_on: date
    has_scan: bool
    """Whether the signed contract lies here; only the firm knows."""


@dataclass(frozen=True, slots=True)
class StatementFact:
    """A submitted statement that is not void and has a line of the community."""

    number: str
    month: Month
    is_signed: bool


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A session that was not voided."""

    day: date
    has_sign_out: bool
    has_photo: bool


@dataclass(frozen=True, slots=True)
class LectureFact:
    """A lecture; the office sees only what the firm shares of its files."""

    day: date
    has_sheet: bool
    has_shared: bool


@dataclass(slots=True)
class YearFacts:
    """What there is of one community and year; in any order."""

    contracts: list[ContractFact] = field(default_factory=list)
    statements: list[StatementFact] = field(default_factory=list)
    visits: list[VisitFact] = field(default_factory=list)
    lectures: list[LectureFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of thing that is missing. items: which ones, as they are written in files."""

    kind: GapKind
    items: tuple[str, ...] = ()


def subject(code: str, year: int) -> str:
    """Return by what a community's file is known among the works of its tenant."""
    return f"{code}-{year}"


def gaps(facts: YearFacts, year: int, today: date, *, for_office: bool) -> list[Gap]:
    """Return what is missing, in the order of GapKind.

    Months count once they are over on `today`. for_office: of lectures only what it may see, and
    nothing of scans of contracts, which are the firm's own.
    """
    first, last = date(year, 1, 1), min(date(year, 12, 31), today - timedelta(days=today.day))
    due = list(_due_months(facts.contracts, first, last))
    had = {one.month for one in facts.statements}
    visited = {Month.of(one.day) for one in facts.visits}
    no_sheet = GapKind.NO_LECTURE_FILE if for_office else GapKind.NO_SHEET
    found = [
        (GapKind.NO_SCAN, [] if for_office else _unscanned(facts)),
        (GapKind.NO_STATEMENT, [str(month) for month in due if month not in had]),
        (GapKind.NOT_SIGNED, [one.number for one in facts.statements if not one.is_signed]),
        (GapKind.NO_VISIT, [str(month) for month in due if month not in visited]),
        (GapKind.NO_SIGN_OUT, _days(one.day for one in facts.visits if not one.has_sign_out)),
        (GapKind.NO_PHOTO, _days(one.day for one in facts.visits if not one.has_photo)),
        (no_sheet, _days(one.day for one in facts.lectures if not _is_filed(one, for_office))),
    ]
    none = [] if facts.contracts else [Gap(GapKind.NO_CONTRACT)]
    return none + [Gap(kind, tuple(sorted(items))) for kind, items in found if items]


def _unscanned(facts: YearFacts) -> list[str]:
    return [one.number for one in facts.contracts if not one.has_scan]


def _is_filed(lecture: LectureFact, for_office: bool) -> bool:
    return lecture.has_shared if for_office else lecture.has_sheet


def _days(days: Iterator[date]) -> list[str]:
    return sorted({day.isoformat() for day in days})


def _due_months(contracts: Sequence[ContractFact], first: date, last: date) -> Iterator[Month]:
    """Give the months that are over and have a day of a contract, once each."""
    if last < first:
        return
    for month in months_between(Month.of(first), Month.of(last)):
        if any(one.starts_on <= month.last and one.last_on >= month.first for one in contracts):
            yield month
