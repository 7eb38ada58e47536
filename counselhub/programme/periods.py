"""The days that a report is about: a month, a quarter, half a year, a year, or any days. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from counselhub.core.labels import N_, Labelled

LONGEST_DAYS = 366 * 5
"""A report over more days than this is refused."""


class Span(Labelled):
    """How long a report's period is."""

    MONTH = "month", N_("月")
    QUARTER = "quarter", N_("季度")
    HALF_YEAR = "half_year", N_("半年")
    YEAR = "year", N_("年")
    FREE = "free", N_("自定")


MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF_YEAR: 6, Span.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from first to last, both included."""

    span: Span
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def word(self) -> str:
        """The period as Chinese papers write it: 2026年10月, 2026年第4季度, 2026年下半年."""
        year, month = self.first.year, self.first.month
        match self.span:
            case Span.MONTH:
                return f"{year}年{month}月"
            case Span.QUARTER:
                return f"{year}年第{(month + 2) // 3}季度"
            case Span.HALF_YEAR:
                return f"{year}年{'上' if month < 7 else '下'}半年"
            case Span.YEAR:
                return f"{year}年"
            case _:
                return f"{self.first:%Y-%m-%d} 至 {self.last:%Y-%m-%d}"


def around(span: Span, day: date) -> Period:
    """Return the calendar period of `span` that holds `day`; a free one is only that day."""
    if span is Span.FREE:
        return Period(span, day, day)
    months = MONTHS[span]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    following = first.month - 1 + months
    after = date(first.year + following // 12, following % 12 + 1, 1)
    return Period(span, first, after - timedelta(days=1))


def before(period: Period) -> Period | None:
    """Return the period just before, None before a free one."""
    if period.span is Span.FREE:
        return None
    return around(period.span, period.first - timedelta(days=1))


def after(period: Period) -> Period | None:
    """Return the period just after, None after a free one."""
    if period.span is Span.FREE:
        return None
    return around(period.span, period.last + timedelta(days=1))
