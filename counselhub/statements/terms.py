"""What one version of a scheme (补贴方案) pays, asks and takes off; no number of it is in code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from counselhub.statements.pack_terms import HUNDRED, NO_PACK, PackTerms


class Cycle(StrEnum):
    """结算周期: how long a settlement period is (M1)."""

    MONTH = "月"
    QUARTER = "季"
    HALF_YEAR = "半年"
    YEAR = "年"

    @property
    def months(self) -> int:
        """How many calendar months one period has."""
        return _MONTHS[self]


_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF_YEAR: 6, Cycle.YEAR: 12}


class Deduction(StrEnum):
    """扣减方式: what a month's shortfall costs (M5)."""

    NONE = "不扣"
    PER_VISIT = "按次"
    PER_HOUR = "按小时"
    PRO_RATA = "按比例"


class Difficulty(StrEnum):
    """难易等级: the class of a mediated case (M8)."""

    SIMPLE = "简易"
    ORDINARY = "普通"
    MAJOR = "重大"
    EXCEPTIONAL = "特别重大"


class Grade(StrEnum):
    """The year's assessment, which decides how much of the withholding is released (M9)."""

    EXCELLENT = "优秀"
    COMPETENT = "称职"
    BASIC = "基本称职"
    INCOMPETENT = "不称职"


class Source(StrEnum):
    """Who pays, in the order written (M12)."""

    CITY = "市级"
    DISTRICT = "区级"
    STREET = "街道"


Shares = tuple[tuple[Source, Decimal], ...]
"""Each paying source with its percentage, in the order of `Source`; they sum to 100."""

STREET_ALONE: Shares = ((Source.STREET, HUNDRED),)
USUAL_RELEASE = {
    Grade.EXCELLENT: HUNDRED,
    Grade.COMPETENT: HUNDRED,
    Grade.BASIC: Decimal(50),
    Grade.INCOMPETENT: Decimal(0),
}


class SchemeRefusedError(ValueError):
    """A scheme that no statement can be computed from.

    code: `negative`, `percent` (outside 0 to 100), `shares` (they do not sum to 100, are written
    twice or out of order), `deduction_rate` (按次 and 按小时 need 扣减标准) or one of
    `PackTerms.faults`. column: the field.
    """

    def __init__(self, code: str, column: str) -> None:
        super().__init__(f"{code}: {column}")
        self.code = code
        self.column = column


def funding_shares(
    city: Decimal | None, district: Decimal | None, street: Decimal | None
) -> Shares:
    """Read the three share columns: all blank is 街道 100 %, otherwise a blank is nothing (M12).

    Sources without a share are left out. That the rest sum to 100 is for SchemeTerms to check.
    """
    written = tuple(zip(Source, (city, district, street), strict=True))
    if all(percent is None for _, percent in written):
        return STREET_ALONE
    return tuple((source, percent) for source, percent in written if percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeTerms:
    """One version of a scheme, in force from `effective_on` until the next version's day.

    Amounts are fen; percentages 0 to 100; None is a blank cell: nothing required, nothing paid, no
    cap. required_minutes (a month) is exact, hours x 60. lowest_grade: A to D, how well a session
    must be proven to count (M3). case_fen holds the classes that have an amount. oral_percent: None
    pays an oral agreement in full. grade_deductions: what of the year's base a grade takes back
    (M9). pack: what only a rule pack can say. Raises SchemeRefusedError.
    """

    scheme: str
    effective_on: date
    annual_fen: int
    cycle: Cycle
    required_minutes: Fraction | None = None
    required_visits: int | None = None
    shortest_visit_minutes: int = 1
    lowest_grade: str = "D"
    deduction: Deduction = Deduction.NONE
    deduction_fen: int | None = None
    lecture_fen: int | None = None
    lecture_cap: int | None = None
    online_fen: int | None = None
    case_fen: Mapping[Difficulty, int] = field(default_factory=dict)
    oral_percent: Decimal | None = None
    case_cap_fen: int | None = None
    withhold_percent: Decimal | None = None
    release_percents: Mapping[Grade, Decimal] = field(default_factory=lambda: USUAL_RELEASE)
    grade_deductions: Mapping[Grade, Decimal] = field(default_factory=dict)
    """What a grade takes off the year's base, in per cent; one that is not here takes nothing."""
    shares: Shares = STREET_ALONE
    pack: PackTerms = NO_PACK

    def __post_init__(self) -> None:
        _refuse_negative(self)
        _refuse_percents(self)
        _refuse_shares(self.shares)
        by_rate = self.deduction in (Deduction.PER_VISIT, Deduction.PER_HOUR)
        if by_rate and self.deduction_fen is None:
            raise SchemeRefusedError("deduction_rate", "deduction_fen")
        for code, column in () if self.pack is NO_PACK else self.pack.faults():
            raise SchemeRefusedError(code, column)


_NOT_NEGATIVE = (
    "annual_fen",
    "required_minutes",
    "required_visits",
    "shortest_visit_minutes",
    "deduction_fen",
    "lecture_fen",
    "lecture_cap",
    "online_fen",
    "case_cap_fen",
)


def _refuse_negative(terms: SchemeTerms) -> None:
    """Refuse a negative amount, count or duration; 0 is a number like others."""
    for column in _NOT_NEGATIVE:
        number = getattr(terms, column)
        if number is not None and number < 0:
            raise SchemeRefusedError("negative", column)
    if any(amount_fen < 0 for amount_fen in terms.case_fen.values()):
        raise SchemeRefusedError("negative", "case_fen")


def _refuse_percents(terms: SchemeTerms) -> None:
    """Refuse a percentage outside 0 to 100."""
    percents: dict[str, list[Decimal | None]] = {
        "oral_percent": [terms.oral_percent],
        "withhold_percent": [terms.withhold_percent],
        "grade_deductions": [*terms.grade_deductions.values()],
        "release_percents": [*terms.release_percents.values()],
        "shares": [percent for _, percent in terms.shares],
    }
    for column, values in percents.items():
        if any(value is not None and not 0 <= value <= HUNDRED for value in values):
            raise SchemeRefusedError("percent", column)


def _refuse_shares(shares: Shares) -> None:
    """Refuse shares that do not make up the whole, or are not in the order written (M12)."""
    places = [list(Source).index(source) for source, _ in shares]
    in_order = places == sorted(set(places))
    if not in_order or sum(percent for _, percent in shares) != HUNDRED:
        raise SchemeRefusedError("shares", "shares")
