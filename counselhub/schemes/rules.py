"""Is a scheme one that money can be computed from, and which version settles a month? Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

HUNDRED = Decimal(100)
CYCLE_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
SHARES = ("city_percent", "district_percent", "street_percent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one version; amounts are whole fen, percentages 0 to 100, None is a blank cell.

    effective_from: the first day, None from the beginning. cycle, deduction_mode: codes of kinds.
    """

    effective_from: date | None = None
    annual_fen: int
    cycle: str
    required_hours: Decimal | None = None
    required_visits: int | None = None
    shortest_visit_minutes: int | None = None
    lowest_grade: str | None = None
    deduction_mode: str = "none"
    deduction_fen: int | None = None
    lecture_fen: int | None = None
    lecture_quarter_cap: int | None = None
    online_day_fen: int | None = None
    case_simple_fen: int | None = None
    case_ordinary_fen: int | None = None
    case_major_fen: int | None = None
    case_extraordinary_fen: int | None = None
    oral_percent: Decimal | None = None
    case_year_cap_fen: int | None = None
    withhold_percent: Decimal | None = None
    city_percent: Decimal | None = None
    district_percent: Decimal | None = None
    street_percent: Decimal | None = None

    @classmethod
    def of(cls, row: Any) -> "Terms":
        """Return the terms that a row, form or version holds under the same names."""
        return cls(**{one.name: getattr(row, one.name) for one in fields(cls)})

    def columns(self) -> Mapping[str, Any]:
        """Return the terms by name of column."""
        return asdict(self)


def faults(terms: Terms) -> list[tuple[str, str]]:
    """Return (field, code) for everything that keeps a statement from being computed (M5, M12).

    `percent` outside 0 to 100; `shares` do not sum to 100; `deduction_rate` 按次 and 按小时 need an
    amount; `deduction_base` 按次 needs visits, 按小时 and 按比例 need hours; `negative`.
    """
    found = [
        (name, "percent" if name.endswith("percent") else "negative")
        for name, value in terms.columns().items()
        if isinstance(value, int | Decimal) and not _in_range(name, value)
    ]
    given = [getattr(terms, name) for name in SHARES]
    if any(share is not None for share in given) and sum(share or 0 for share in given) != HUNDRED:
        found.append(("street_percent", "shares"))
    if terms.deduction_mode in ("per_visit", "per_hour") and terms.deduction_fen is None:
        found.append(("deduction_fen", "deduction_rate"))
    base = {
        "per_visit": "required_visits",
        "per_hour": "required_hours",
        "proportional": "required_hours",
    }.get(terms.deduction_mode)
    if base and not getattr(terms, base):
        found.append((base, "deduction_base"))
    return found


def _in_range(name: str, value: int | Decimal) -> bool:
    return value >= 0 and (value <= HUNDRED or not name.endswith("percent"))


def version_on(versions: Sequence[Terms], day: date) -> Terms:
    """Return the version in force on the day; before the first one, the first."""
    in_order = sorted(versions, key=lambda terms: terms.effective_from or date.min)
    begun = [one for one in in_order if (one.effective_from or date.min) <= day]
    return begun[-1] if begun else in_order[0]


def settles(versions: Sequence[Terms], month: date, starts_on: date) -> frozenset[Terms]:
    """Return the versions that may settle a month (its first day) of a contract from `starts_on`.

    M1: the version in force on the first active day of the period that holds the month. One that is
    in force on the first active day of the month's period by its own 结算周期 counts, so that after
    a change of cycle within the year one too many is returned rather than one too few.
    """
    return frozenset(
        version
        for version in versions
        if version_on(versions, max(_period_start(month, version.cycle), starts_on)) == version
    )


def _period_start(month: date, cycle: str) -> date:
    months = CYCLE_MONTHS[cycle]
    return date(month.year, (month.month - 1) // months * months + 1, 1)


def first_changed(
    before: Sequence[Terms], after: Sequence[Terms], settled: Iterable[tuple[date, date, str]]
) -> tuple[date, str] | None:
    """Return (month, statement) of the first settled month whose terms would change, or None.

    settled: (first day of the month, start of the contract, statement's number) in order.
    """
    for month, starts_on, number in settled:
        if settles(before, month, starts_on) != settles(after, month, starts_on):
            return month, number
    return None
