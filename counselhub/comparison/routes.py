"""The firms of an office's street, or of a bureau's district, side by side over some months."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from counselhub.comparison import queries, rules, sheet
from counselhub.comparison.rules import BY_KEY, FIGURES, USUAL, Kind, Line
from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind
from counselhub.statements.months import Month, months_between

bp = Blueprint("comparison", __name__)
P = Permission
MOST_MONTHS = 24
BETWEEN = "."
"""Stands between the keys of the chosen columns in an address."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked for: the months, a street ('' for all), the order, the columns."""

    months: Sequence[Month]
    street: str
    sort: str
    columns: Sequence[str]

    @property
    def direction(self) -> str:
        """Which way the order goes."""
        return "desc" if self.sort.startswith("-") else "asc"


def _asked() -> Asked:
    given = request.args
    sort = given.get("sort", "street")
    chosen = given.get("columns", "").split(BETWEEN)
    return Asked(
        _months(paging.month_of(given.get("from")), paging.month_of(given.get("to"))),
        given.get("street", ""),
        f"-{sort}" if given.get("direction") == "desc" else sort,
        [one.key for one in FIGURES if one.key in chosen] or USUAL,
    )


def _months(first: date | None, last: date | None) -> list[Month]:
    """Return the months from first to last, at most MOST_MONTHS; this year's so far without any."""
    closes = Month.of(last or clock.today())
    opens = Month.of(first) if first else Month(closes.year, 1)
    opens, closes = min(opens, closes), max(opens, closes)
    return months_between(opens, closes)[-MOST_MONTHS:]


def _lines(asked: Asked, streets: Mapping[str, str]) -> list[Line]:
    """Return the lines in their order; of all streets in sight unless one of them is asked for."""
    if asked.street in streets:
        streets = {asked.street: streets[asked.street]}
    return rules.ordered(queries.compared(streets, asked.months), asked.sort) if streets else []


@bp.get("/office/firms")
@require(P.REVIEW_READ, P.BUREAU_READ)
def firms() -> ResponseReturnValue:
    """Show the firms side by side."""
    if chosen := request.args.getlist("show"):
        kept: dict[str, Any] = {
            key: request.args.get(key) for key in ("from", "to", "street", "sort", "direction")
        }
        return htmx.gone_to(url_for(".firms", columns=BETWEEN.join(chosen), **kept))
    member, asked = current_member(), _asked()
    streets = queries.streets_of(member)
    lines = _lines(asked, streets)
    is_office = member.scope.kind is ScopeKind.OFFICE
    return htmx.show(
        "comparison/firms.html",
        asked=asked,
        streets=streets,
        lines=lines,
        total=rules.total(lines),
        figures=FIGURES,
        shown=[BY_KEY[key] for key in asked.columns],
        kinds=Kind,
        few=rules.FEW,
        most=MOST_MONTHS,
        lists=_lists(asked) if is_office else {},
        is_running=asked.months[-1].last >= clock.today(),
    )


@bp.get("/office/firms.xlsx")
@require(P.REVIEW_READ, P.BUREAU_READ)
def firms_xlsx() -> Response:
    """Give every figure as a workbook."""
    asked = _asked()
    lines = _lines(asked, queries.streets_of(current_member()))
    name = f"律所比较-{asked.months[0]}-{asked.months[-1]}.xlsx"
    return attachment(sheet.xlsx(lines, clock.today()), name, XLSX)


def _lists(asked: Asked) -> dict[str, Callable[[Line], str]]:
    """Return by figure where the records of a firm's are listed; a month's only of one month."""
    first, last = asked.months[0], asked.months[-1]
    month = str(first) if first == last else None

    def statements(line: Line) -> str:
        return url_for("review.inbox", tab="all", firm=line.firm_id, month=month)

    def services(_line: Line) -> str:
        days: dict[str, Any] = {"from": first.first, "to": last.last}
        return url_for("programme.report", by="firm", **days)

    def sessions(line: Line) -> str:
        return url_for("reports.sessions", firm=line.firm_id, month=month)

    def spots(line: Line) -> str:
        return url_for("spotchecks.checks", tab="all", q=line.name)

    listed: dict[str, Callable[[Line], str]] = dict.fromkeys(
        ("claimed", "approved", "shortfall", "queried", "answer", "submit"), statements
    )
    listed |= dict.fromkeys(("lectures", "opinions", "documents", "online"), services)
    listed |= dict.fromkeys(("visits", "minutes", "done"), sessions) if month else {}
    listed["clawbacks"] = lambda _line: url_for("clawbacks.clawbacks")
    listed["grade"] = lambda _line: url_for("assessments.year", year=last.year)
    listed["spots"] = spots
    return listed
