"""The coverage matrix, and the pages that assign, replace and end."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.advisers.models import Adviser
from counselhub.assignments import actions, matrix, queries
from counselhub.assignments.actions import LeadTakenError
from counselhub.assignments.forms import AssignmentForm, EndingForm
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.assignments.rules import COMFORTABLE_COMMUNITIES
from counselhub.core import clock, history, htmx, paging
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.places import queries as places
from counselhub.places.models import Community

bp = Blueprint("assignments", __name__)


@bp.get("/coverage")
@require(Permission.FIRM_READ)
def coverage() -> ResponseReturnValue:
    """Show who leads each community under contract, month by month, gaps in red."""
    month = paging.asked_month()
    street, words = request.args.get("street"), request.args.get("q")
    months = matrix.months_around(month)
    page = paging.paged(queries.under_contract(matrix.window_of(months), street, words))
    return htmx.show(
        "assignments/coverage.html",
        page=page,
        rows=matrix.rows(page.items, months),
        months=months,
        month=month,
        this_month=clock.this_month(),
        month_links=paging.month_links(month),
        streets=queries.streets_served(),
        street=street,
        filtered=bool(street or words),
    )


def _community(code: str) -> Community:
    community = places.by_code(code)
    if community is None:
        raise NotFoundError()
    return community


@bp.get("/communities/<code>/assignments/new")
@require(Permission.ASSIGN)
def new_assignment(code: str) -> ResponseReturnValue:
    """Ask who serves the community."""
    role = request.args.get("role", AssignmentRole.LEAD)
    start = request.args.get("starts_on", clock.today(), type=date.fromisoformat)
    back = request.args.get("back", "")
    form = AssignmentForm(formdata=None, role=str(role), starts_on=start, back=back)
    return htmx.show("assignments/new.html", **_page(_community(code), form))


@bp.post("/communities/<code>/assignments")
@require(Permission.ASSIGN)
def create_assignment(code: str) -> ResponseReturnValue:
    """Assign; a lead in the way is named, and its replacement offered."""
    community, form = _community(code), AssignmentForm()
    if not form.validate_on_submit():
        return htmx.invalid("assignments/new.html", **_page(community, form))
    adviser = fetch(Adviser, form.chosen)
    role, start = AssignmentRole(text(form.role)), given(form.starts_on)
    by, words = current_member(), text(form.reason)
    try:
        actions.assign(community, adviser, role, start, form.ends_on.data, by=by, reason=words)
        return _assigned(community, adviser, start, text(form.back))
    except ConflictError as conflict:
        page = _page(community, form, refusal=conflict.message)
        return htmx.refused("assignments/new.html", **page)
    except LeadTakenError as refusal:
        if refusal.replaceable:
            page = _page(community, form, replaced=refusal.row, refusal=refusal.message)
            return htmx.invalid("assignments/new.html", **page)
        show_refusal(form.starts_on, refusal)
    except RefusedError as refusal:
        show_refusal(form.adviser_id, refusal)
    return htmx.invalid("assignments/new.html", **_page(community, form))


@bp.get("/assignments/<uuid:assignment_id>/ending")
@require(Permission.ASSIGN)
def new_ending(assignment_id: UUID) -> ResponseReturnValue:
    """Ask for the last day."""
    row = fetch(Assignment, assignment_id)
    day = max(row.starts_on, clock.today())
    form = EndingForm(formdata=None, revision=row.revision, last_on=row.ends_on or day)
    return htmx.show("assignments/ending.html", **_ending(row, form))


@bp.post("/assignments/<uuid:assignment_id>/ending")
@require(Permission.ASSIGN)
def create_ending(assignment_id: UUID) -> ResponseReturnValue:
    """End an assignment on a day."""
    row, form = fetch(Assignment, assignment_id), EndingForm()
    try:
        history.expect(row, revision_of(form.revision))
        if form.validate_on_submit():
            actions.end(row, given(form.last_on), text(form.reason), by=current_member())
            flash(_("已结束指派"), "success")
            return htmx.gone_to(url_for("places.community", code=row.community_code))
    except ConflictError as conflict:
        fresh = EndingForm(formdata=None, revision=row.revision, last_on=row.ends_on)
        page = _ending(row, fresh, refusal=conflict.message)
        return htmx.refused("assignments/ending.html", **page)
    except RefusedError as refusal:
        show_refusal(form.last_on, refusal)
    return htmx.invalid("assignments/ending.html", **_ending(row, form))


@bp.post("/assignments/<uuid:assignment_id>/withdrawal")
@require(Permission.ASSIGN)
def create_withdrawal(assignment_id: UUID) -> ResponseReturnValue:
    """Take back an assignment that has not begun."""
    row = fetch(Assignment, assignment_id)
    code = row.community_code
    actions.withdraw(row, by=current_member())
    flash(_("已撤回指派"), "success")
    return htmx.gone_to(url_for("places.community", code=code))


def _page(
    community: Community,
    form: AssignmentForm,
    *,
    replaced: Assignment | None = None,
    refusal: str = "",
) -> dict[str, Any]:
    """Return what the form shows; an assignment that may be replaced brings the second form."""
    return {
        "community": community,
        "form": form,
        "now": queries.leads_on([community.code], clock.today()).get(community.code),
        "replaced": replaced,
        "day_before": form.starts_on.data - actions.ONE_DAY if form.starts_on.data else None,
        "days_of": actions.days_of,
        "refusal": refusal,
    }


def _ending(row: Assignment, form: EndingForm, *, refusal: str = "") -> dict[str, Any]:
    return {
        "assignment": row,
        "form": form,
        "role": AssignmentRole(row.role).label,
        "days": actions.days_of(row),
        "future": row.starts_on > clock.today(),
        "refusal": refusal,
    }


def _assigned(
    community: Community, adviser: Adviser, start: date, back: str
) -> ResponseReturnValue:
    flash(
        _("已把%(place)s指派给%(name)s", place=community.short_name, name=adviser.name), "success"
    )
    led = queries.communities_led(adviser.id, start)
    if led > COMFORTABLE_COMMUNITIES:
        words = _("%(name)s主责的社区已有%(led)s个，偏多，请留意。", name=adviser.name, led=led)
        flash(words, "warning")
    if back == "coverage":
        return htmx.gone_to(url_for(".coverage", month=f"{start:%Y-%m}"))
    return htmx.gone_to(url_for("places.community", code=community.code))
