"""The month's picture, and the very records behind its figures."""

from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, require
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind
from counselhub.duty import evidence
from counselhub.duty.kinds import MatchVerdict
from counselhub.reports import charts, records
from counselhub.reports import picture as months
from counselhub.reports.proof import GRADES
from counselhub.reports.queries import GRACE_MINUTES, sees_everybody
from counselhub.reports.routes.blueprint import bp
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.month_view import TONES
from counselhub.statements.pages import slice_of

TABS: dict[ScopeKind, dict[str, str]] = {
    ScopeKind.FIRM: {
        "community": N_("按社区"),
        "adviser": N_("按律师"),
        "street": N_("按街道"),
    },
    ScopeKind.OFFICE: {
        "community": N_("按社区"),
        "firm": N_("按律所"),
        "adviser": N_("按律师"),
    },
}
ASKED = ("community", "adviser", "firm", "street", "q")


@bp.get("/picture")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def picture() -> ResponseReturnValue:
    """Show a month: required, done, proven, late and covered, beside the month before."""
    month, tabs = paging.asked_month(), _tabs()
    given = {name: request.args.get(name, "").strip() for name in ("show", "q", "street", "sort")}
    by = request.args.get("by", "")
    by = by if by in tabs else next(iter(tabs))
    seen = months.picture(
        month,
        by,
        show=given["show"],
        words=given["q"],
        street=given["street"],
        sort=given["sort"] or "gap",
        backwards=request.args.get("direction") == "desc",
    )
    return htmx.show(
        "reports/picture.html",
        seen=seen,
        page=slice_of(seen.lines),
        by=by,
        tabs=tabs,
        asked=given,
        direction=request.args.get("direction", "asc"),
        month=paging.month_links(month),
        before=clock.previous_month(month),
        is_running=month == clock.this_month(),
        is_office=_is_office(),
        is_own=not sees_everybody(),
        charts=charts,
        grace=GRACE_MINUTES,
    )


def _is_office() -> bool:
    return current_member().scope.kind is ScopeKind.OFFICE


def _tabs() -> dict[str, str]:
    return TABS.get(current_member().scope.kind, TABS[ScopeKind.FIRM])


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip() for name in ASKED}


def _page(month: date, **more: Any) -> dict[str, Any]:
    """Return what both lists of records show."""
    asked = more["asked"]
    return {
        "month": paging.month_links(month),
        "is_office": _is_office(),
        "about": records.about(asked),
        "back": {"month": f"{month:%Y-%m}"},
        "has_filter": any(asked.values()) or bool(more.get("choice")),
        **more,
    }


@bp.get("/picture/sessions")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def sessions() -> ResponseReturnValue:
    """List the sessions behind a figure, each with its grade and why."""
    month, sort = paging.asked_month(), sorting.asked_sort(records.SESSION_SORTS)
    asked, grade = _asked(), request.args.get("grade", "")
    grade = grade if grade in (*GRADES, "untold", "stood_in") else ""
    page = paging.paged(records.sessions(month, clock.last_day(month), asked, grade, sort))
    return htmx.show(
        "reports/sessions.html",
        **_page(month, asked=asked, choice=grade),
        page=page,
        graded=evidence.of([row[0] for row in page.items]),
        sort=sort,
        grades=GRADES,
        verdicts=MatchVerdict,
    )


@bp.get("/picture/slots")
@require(Permission.FIRM_READ, Permission.REVIEW_READ)
def slots() -> ResponseReturnValue:
    """List the planned slots behind a figure, with when somebody came."""
    month, sort = paging.asked_month(), sorting.asked_sort(records.SLOT_SORTS)
    asked, status = _asked(), request.args.get("status", "")
    status = status if status in (*SlotStatus, "late") else ""
    page = paging.paged(records.slots(month, asked, status, sort))
    return htmx.show(
        "reports/slots.html",
        **_page(month, asked=asked, choice=status),
        page=page,
        sort=sort,
        statuses=SlotStatus,
        tones=TONES,
        grace=GRACE_MINUTES,
    )
