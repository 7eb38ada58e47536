"""The sign-in sheet: chosen on a page, sent as PDF or Excel, filled in or for the pen."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import require
from counselhub.core.downloads import XLSX, attachment
from counselhub.core.errors import RefusedError
from counselhub.core.permissions import Permission
from counselhub.reports import queries, sheet_queries
from counselhub.reports.documents import sheet as sheets_of
from counselhub.reports.documents.sheet import Sheet
from counselhub.reports.documents.sheet_pdf import pdf as write_pdf
from counselhub.reports.documents.sheet_xlsx import xlsx as write_xlsx
from counselhub.reports.routes.blueprint import bp
from counselhub.reports.sheet_queries import Place
from counselhub.roster.kinds import SlotStatus

MOST_SHEETS = 60
MOST_ROWS = 20_000


@bp.get("/sign-in-sheets")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def sheets() -> ResponseReturnValue:
    """Choose a month, a street or community, and a form."""
    month, asked = paging.asked_month(), _asked()
    found = sheet_queries.places(month)
    shown: dict[str, Any] = {
        "month": {
            "month": month,
            "prev_href": _at(clock.previous_month(month), asked),
            "next_href": _at(clock.next_month(month), asked),
        },
        "places": {place.code: place for place in found},
        "streets": dict(sorted({(place.street_code, place.street) for place in found})),
        "chosen": _of(found, asked["street"], asked["community"]),
        "asked": asked,
        "most": MOST_SHEETS,
        "is_own": not queries.sees_everybody(),
    }
    return htmx.show("reports/sheets.html", **shown)


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("street", "community")}


def _at(month: date, asked: dict[str, str]) -> str:
    """Return the page of choice for a month, with what was asked for."""
    where = {name: value for name, value in asked.items() if value}
    return f"{url_for('.sheets')}?{urlencode({'month': f'{month:%Y-%m}', **where})}"


def _of(found: Sequence[Place], street: str, code: str) -> list[Place]:
    """Keep the asked community, else the asked street's, else all."""
    if code:
        return [place for place in found if place.code == code]
    return [place for place in found if street in ("", place.street_code)]


@bp.get("/sign-in-sheets/sheets.pdf")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def sheets_pdf() -> ResponseReturnValue:
    """Show the sheets as A4, one community after another."""
    try:
        made = _made(most=MOST_SHEETS)
    except RefusedError as refusal:
        return _back(refusal)
    content = write_pdf(made, clock.now())
    return attachment(content, _name(made, "pdf"), "application/pdf", is_shown=True)


@bp.get("/sign-in-sheets/sheets.xlsx")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def sheets_xlsx() -> ResponseReturnValue:
    """Send the sheets as a workbook, or all their rows as one list."""
    as_list = request.args.get("form") == "list"
    try:
        made = _made(most=None if as_list else MOST_SHEETS)
    except RefusedError as refusal:
        return _back(refusal)
    return attachment(write_xlsx(made, clock.now(), as_list=as_list), _name(made, "xlsx"), XLSX)


def _back(refusal: RefusedError) -> ResponseReturnValue:
    """Go back to the choice and say why there is no file."""
    flash(refusal.message, "danger")
    return redirect(_at(paging.asked_month(), _asked()), 303)


def _made(most: int | None) -> list[Sheet]:
    """Return the asked sheets. Raises RefusedError for none, and for more than `most`."""
    month, asked = paging.asked_month(), _asked()
    chosen = sheet_queries.places(month, street=asked["street"], code=asked["community"])
    if not chosen:
        raise RefusedError(_("这个月没有覆盖到这里的合同，没有可打印的签到表。"))
    if most and len(chosen) > most:
        raise RefusedError(
            _(
                "一次最多 %(most)d 个社区，这里有 %(count)d 个。请先选街道或社区，或下载汇总清单。",
                most=most,
                count=len(chosen),
            )
        )
    made = _blank(month, chosen) if request.args.get("form") == "blank" else _filled(month, chosen)
    if sum(len(sheet.entries) for sheet in made) > MOST_ROWS:
        raise RefusedError(_("一次最多 %(most)d 行，请先选一个街道。", most=MOST_ROWS))
    return made


def _filled(month: date, chosen: Sequence[Place]) -> list[Sheet]:
    return sheets_of.filled(
        month,
        chosen,
        queries.firms(place.firm_id for place in chosen),
        sessions=sheet_queries.sessions(month, chosen),
        services=sheet_queries.services(month, chosen),
        missed=sheet_queries.slots(month, chosen, [SlotStatus.MISSED]),
    )


def _blank(month: date, chosen: Sequence[Place]) -> list[Sheet]:
    planned = [one for one in SlotStatus if one is not SlotStatus.EXCUSED]
    firms = queries.firms(place.firm_id for place in chosen)
    return sheets_of.blank(month, chosen, firms, sheet_queries.slots(month, chosen, planned))


def _name(made: Sequence[Sheet], ending: str) -> str:
    first = made[0]
    streets = {sheet.street for sheet in made}
    where = first.community if len(made) == 1 else first.street if len(streets) == 1 else "全部"
    kind = "空白签到表" if first.is_blank else "值班签到表"
    return f"{kind}-{where}-{first.month:%Y-%m}.{ending}"
