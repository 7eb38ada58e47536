"""What an address asks of a report: which template, which days, by what, of whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.access import current_member
from counselhub.core.i18n import page_text
from counselhub.core.paging import YEARS
from counselhub.core.tenancy import ScopeKind
from counselhub.programme.figures import KEYS
from counselhub.programme.periods import LONGEST_DAYS, Period, Span, around
from counselhub.programme.reach import FILTERS

FIRST_TEMPLATE = "yuexiu"


@dataclass(frozen=True, slots=True)
class Asked:
    """One report as an address asks for it. fault: why its days cannot be had, '' when they can."""

    template: str
    period: Period
    by: str
    where: Mapping[str, str]
    sort: str
    fault: str = ""

    @property
    def address(self) -> dict[str, str]:
        """What an address needs to ask for the same template, days and filters again."""
        days = {"from": f"{self.period.first}", "to": f"{self.period.last}"}
        span = self.period.span
        when = days if span is Span.FREE else {"at": f"{self.period.first:%Y-%m}"}
        where = {name: value for name, value in self.where.items() if value}
        return {"template": self.template, "span": span.value, **when, **where}


def asked() -> Asked:
    """Read the address; nonsense asks for the present month of the first template by community."""
    given = request.args
    is_office = current_member().scope.kind is ScopeKind.OFFICE
    lines = [name for name in KEYS if name != "firm" or is_office]
    by = given.get("by", "")
    period, fault = _period()
    return Asked(
        template=given.get("template", FIRST_TEMPLATE)[:100],
        period=period,
        by=by if by in lines else lines[0],
        where={name: given.get(name, "").strip()[:40] for name in FILTERS},
        sort=given.get("sort", "") if given.get("direction") != "desc" else _turned(),
        fault=fault,
    )


def _turned() -> str:
    return f"-{request.args.get('sort', '')}"


def _period() -> tuple[Period, str]:
    given = request.args.get("span", "")
    span = Span(given) if given in set(Span) else Span.MONTH
    if span is not Span.FREE:
        return around(span, _day(f"{request.args.get('at', '')}-01") or clock.today()), ""
    here = around(Span.MONTH, clock.today())
    first, last = (_day(request.args.get(name, "")) for name in ("from", "to"))
    if first is None and last is None and "from" not in request.args:
        return Period(span, here.first, here.last), ""
    if first is None or last is None:
        return Period(span, here.first, here.last), _("请填写开始日期和结束日期，例如 2026-10-01。")
    if last < first:
        return Period(span, first, first), _("结束日期不能早于开始日期。")
    period = Period(span, first, last)
    return period, _("最多统计五年，请缩短期间。") if period.days > LONGEST_DAYS else ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def period_label(period: Period) -> str:
    """Return the period in the reader's language."""
    year, month = period.first.year, period.first.month
    half = _("上半年") if month < 7 else _("下半年")
    words = {
        Span.MONTH: _("%(year)s年%(month)s月", year=year, month=month),
        Span.QUARTER: _("%(year)s年第%(quarter)s季度", year=year, quarter=(month + 2) // 3),
        Span.HALF_YEAR: _("%(year)s年%(half)s", year=year, half=half),
        Span.YEAR: _("%(year)s年", year=year),
        Span.FREE: _("%(first)s 至 %(last)s", first=period.first, last=period.last),
    }
    return str(words[period.span])


def span_tabs(chosen: Span) -> list[tuple[str, str, bool]]:
    """Return (code, word, whether chosen) of every span."""
    return [(one.value, page_text(one.word), one is chosen) for one in Span]
