"""Planned duty of the street, or of the firm, as it is published; a notice for each board."""

from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx, paging
from counselhub.core.access import current_member, require
from counselhub.core.downloads import attachment
from counselhub.core.errors import NotFoundError
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind
from counselhub.places.models import short_name
from counselhub.reports import planned as hours_of
from counselhub.reports import queries, sheet_queries
from counselhub.reports.documents import notice as notices
from counselhub.reports.documents.notice import LONGEST, Contact
from counselhub.reports.planned import Hours
from counselhub.reports.routes.blueprint import bp
from counselhub.reports.sheet_queries import Place
from counselhub.roster.wording import sentence


@bp.get("/planned-duty")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def planned() -> ResponseReturnValue:
    """Show who is planned in which community when, by month or week."""
    month = paging.asked_month()
    asked = {name: request.args.get(name, "").strip() for name in ("firm", "street", "q")}
    everywhere = sheet_queries.places(month)
    query = sheet_queries.served(
        month, street=asked["street"], firm=asked["firm"], words=asked["q"]
    )
    page = paging.paged(query)
    weeks = hours_of.weeks(month)
    week = request.args.get("week", 0, type=int)
    first, last = weeks[week - 1] if 0 < week <= len(weeks) else (month, clock.last_day(month))
    places = [Place(*row[:5]) for row in page.items]
    firms = queries.firms(place.firm_id for place in everywhere)
    return htmx.show(
        "reports/planned.html",
        page=page,
        hours=hours_of.hours(month, places, firms, first, last),
        month=paging.month_links(month),
        weeks=weeks,
        week=week if 0 < week <= len(weeks) else 0,
        asked=asked,
        firms=firms,
        streets=dict(sorted({(place.street_code, place.street) for place in everywhere})),
        is_office=current_member().scope.kind is ScopeKind.OFFICE,
        sentence=sentence,
        today=clock.today(),
    )


def _hours(code: str) -> tuple[date, list[Hours]]:
    """Return the hours of one community in the asked month; NotFoundError when nobody serves it."""
    month = paging.asked_month()
    places = sheet_queries.places(month, code=code)
    if not places:
        raise NotFoundError()
    firms = queries.firms(place.firm_id for place in places)
    return month, hours_of.hours(month, places, firms, month, clock.last_day(month))


@bp.get("/planned-duty/<code>/notice")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def notice(code: str) -> ResponseReturnValue:
    """Ask for phone, complaints and place, which the notice shows and nobody has stored."""
    month, found = _hours(code)
    return htmx.show("reports/notice.html", **_notice(code, month, found))


def _notice(code: str, month: date, found: list[Hours], fault: str = "") -> dict[str, Any]:
    return {
        "hours": found,
        "code": code,
        "name": short_name(found[0].place.name),
        "month": month,
        "typed": {name: request.args.get(name, "") for name in ("phone", "complaints", "place")},
        "longest": LONGEST,
        "sentence": sentence,
        "fault": fault,
    }


@bp.get("/planned-duty/<code>/notice.pdf")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def notice_pdf(code: str) -> ResponseReturnValue:
    """Show the notice as A4."""
    month, found = _hours(code)
    typed = [request.args.get(name, "").strip() for name in ("phone", "complaints", "place")]
    if any(len(one) > LONGEST for one in typed):
        fault = _("每项最多 %(most)d 个字。", most=LONGEST)
        return htmx.invalid("reports/notice.html", **_notice(code, month, found, fault))
    asked = request.args.get("firm", "")
    hours = next((one for one in found if str(one.place.firm_id) == asked), found[0])
    content = notices.pdf(hours, month, Contact(*typed), clock.now())
    name = f"公示牌-{short_name(hours.place.name)}-{month:%Y-%m}.pdf"
    return attachment(content, name, "application/pdf", is_shown=True)
