"""The figures of a comparison: what each is made of, and what it means. Pure; no score, no rank.

A firm's numbers are plain sums; a share or a mean is worked out of two of them, at the end, so that
it can be added up and shown with the numbers that it stands on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from counselhub.assessments.kinds import YearGrade
from counselhub.core.labels import N_

Numbers = Mapping[str, int]
FEW = 5
"""Below so many a share or a mean says little of a firm."""


class Kind(Enum):
    """How a figure is made of its numbers."""

    COUNT = "a number"
    MINUTES = "whole minutes"
    FEN = "an amount in fen"
    VISITS_OF = "one number of another"
    MINUTES_OF = "one number of another, both in minutes"
    SHARE = "one number of another, in per cent"
    DONE = "what is met of what is required, in per cent"
    MEAN = "one number by another"
    GRADES = "how many of each grade, the best first"


@dataclass(frozen=True, slots=True)
class Figure:
    """A column. of: the numbers that it is made of; adds: whether firms' figures make a sum."""

    key: str
    word: str
    kind: Kind
    of: tuple[str, ...]
    meaning: str
    adds: bool = True
    is_usual: bool = True
    """Whether it is shown to whoever has not chosen."""

    def value(self, numbers: Numbers) -> float | None:
        """Return what it sorts by, None when there is nothing to tell.

        A share is in per cent; grades sort by how many have the best.
        """
        first, whole = self.parts(numbers)
        match self.kind:
            case Kind.SHARE | Kind.DONE:
                return first * 100 / whole if whole else None
            case Kind.MEAN:
                return first / whole if whole else None
            case Kind.GRADES:
                return float(first) if whole else None
            case _:
                return float(first)

    def parts(self, numbers: Numbers) -> tuple[int, int]:
        """Return the number itself and what it stands on: the second one, of grades their sum."""
        found = [numbers.get(name, 0) for name in self.of]
        if self.kind is Kind.DONE:
            return met_of(*found)
        return found[0], sum(found) if self.kind is Kind.GRADES else found[-1]

    def is_thin(self, numbers: Numbers) -> bool:
        """Whether it is a share or a mean of fewer than FEW, and says little of a firm."""
        return self.kind in (Kind.SHARE, Kind.MEAN) and 0 < self.parts(numbers)[1] < FEW


def met_of(
    required_minutes: int, missing_minutes: int, required_visits: int, missing_visits: int
) -> tuple[int, int]:
    """Return what is met and what is owed: minutes where any are required, else visits.

    As the month's picture takes it (`reports.figures`).
    """
    if required_minutes:
        return required_minutes - missing_minutes, required_minutes
    return required_visits - missing_visits, required_visits


K = Kind
GRADE_NUMBERS = {grade.value: f"grade_{grade.name.lower()}" for grade in YearGrade}
FIGURES: Sequence[Figure] = (
    Figure("communities", N_("服务社区"), K.COUNT, ("communities",),
           N_("期间内有一天以上合同生效的社区"), adds=False),
    Figure("leads", N_("主责律师"), K.COUNT, ("leads",),
           N_("期间内担任过主责的律师"), adds=False, is_usual=False),
    Figure("gaps", N_("缺主责天数"), K.COUNT, ("gap_days",),
           N_("合同生效而没有主责律师的社区天数，算到今天")),
    Figure("visits", N_("到岗次数"), K.VISITS_OF, ("counted_visits", "required_visits"),
           N_("计入的次数 / 应到次数，与值班月报逐月之和一致"), is_usual=False),
    Figure("minutes", N_("到岗时长"), K.MINUTES_OF, ("counted_minutes", "required_minutes"),
           N_("计入的时长 / 应服务时长，与值班月报逐月之和一致"), is_usual=False),
    Figure("done", N_("完成比例"), K.DONE,
           ("required_minutes", "missing_minutes", "required_visits", "missing_visits"),
           N_("应到中已完成的部分；一个社区、一个月超出的不抵另一个的不足")),
    Figure("lectures", N_("法治讲座"), K.COUNT, ("lectures",), N_("服务记录中讲座的件次")),
    Figure("opinions", N_("法律意见书"), K.COUNT, ("opinions",),
           N_("服务记录中法律意见书的件次"), is_usual=False),
    Figure("documents", N_("代写文书"), K.COUNT, ("documents",),
           N_("服务记录中代写文书的件次"), is_usual=False),
    Figure("online", N_("线上答复"), K.COUNT, ("online",),
           N_("电话和微信服务的件次"), is_usual=False),
    Figure("online_minutes", N_("线上答复时长"), K.MINUTES, ("online_minutes",),
           N_("电话和微信服务记录的时长"), is_usual=False),
    Figure("cases", N_("以案定补"), K.VISITS_OF, ("cases_counted", "cases"),
           N_("已履行且卷宗齐全的 / 期间内结案的件数"), is_usual=False),
    Figure("claimed", N_("申报金额（元）"), K.FEN, ("claimed_fen",),
           N_("提交的结算单各行之和，含不予支付的；结转的算在以后的月份")),
    Figure("approved", N_("审定金额（元）"), K.FEN, ("approved_fen",),
           N_("所长审定的结算单应付之和")),
    Figure("shortfall", N_("不足扣减（元）"), K.FEN, ("shortfall_fen",),
           N_("提交的结算单上时长或次数不足的扣减"), is_usual=False),
    Figure("queried", N_("被疑问的明细"), K.SHARE, ("queried", "lines"),
           N_("提过疑问的明细 / 提交的明细")),
    Figure("answer", N_("说明用时（工作日）"), K.MEAN, ("firm_days", "returned"),
           N_("被提过疑问的结算单，平均在律所一侧的工作日"), is_usual=False),
    Figure("submit", N_("提交用时（天）"), K.MEAN, ("submit_days", "statements"),
           N_("首次提交距月末，平均天数"), is_usual=False),
    Figure("clawbacks", N_("追回（元）"), K.FEN, ("clawed_fen",),
           N_("期间内提出且没有撤回的追回"), is_usual=False),
    Figure("grade", N_("年度考核"), K.GRADES, tuple(GRADE_NUMBERS.values()),
           N_("期间所在年度已确认的考核：优秀、称职、基本称职、不称职的份数")),
    Figure("spots", N_("抽查在岗"), K.SHARE, ("spot_present", "spot_checks"),
           N_("在岗或有人替班的 / 期间内查过的")),
)  # fmt: skip
BY_KEY = {one.key: one for one in FIGURES}
USUAL = tuple(one.key for one in FIGURES if one.is_usual)


@dataclass(slots=True)
class Line:
    """One firm in one street."""

    street: str
    firm_id: UUID
    name: str = ""
    street_name: str = ""
    numbers: Counter[str] = field(default_factory=Counter)


def ordered(lines: Iterable[Line], sort: str) -> list[Line]:
    """Return the lines by a figure's key, `name` or `street`; `-` before it turns the order.

    What has nothing to tell comes last either way; equal ones stand by street and name.
    """
    key, down = sort.removeprefix("-"), sort.startswith("-")
    known = sorted(lines, key=lambda one: (one.street, one.name, str(one.firm_id)))
    if key == "name":
        return sorted(known, key=lambda one: one.name, reverse=down)
    if key not in BY_KEY:
        return known[::-1] if down else known
    valued = [(BY_KEY[key].value(one.numbers), one) for one in known]
    told = [(value, one) for value, one in valued if value is not None]
    told.sort(key=lambda pair: pair[0], reverse=down)
    return [one for _value, one in told] + [one for value, one in valued if value is None]


def total(lines: Iterable[Line]) -> Counter[str]:
    """Return the sums of the lines' numbers."""
    summed: Counter[str] = Counter()
    for line in lines:
        for name, number in line.numbers.items():
            summed[name] += number
    return summed
