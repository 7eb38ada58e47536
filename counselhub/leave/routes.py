"""Leave on the phone and at the desk: ask, decide, see who is away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import clock, history, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.leave import actions, month_view, queries, rules
from counselhub.leave.forms import DecisionForm, EntryForm, LeaveForm, entry_form, leave_form
from counselhub.leave.kinds import ACTS, TONES, LeaveKind, LeaveStatus
from counselhub.leave.models import LeaveRequest
from counselhub.leave.wording import when

bp = Blueprint("leave", __name__)
bp.add_app_template_filter(when, "leave_when")

FILTERS = ("status", "kind", "q")
PAGE = "leave/request.html"


def _known() -> dict[str, Any]:
    """What every list of leave needs: its words and the number that waits."""
    is_desk = can(Permission.DUTY_MANAGE)
    return {
        "kinds": LeaveKind,
        "statuses": LeaveStatus,
        "tones": TONES,
        "waiting": queries.waiting() if is_desk else 0,
    }


@bp.get("/leave")
@require(Permission.FIRM_READ)
def own() -> ResponseReturnValue:
    """Show one's own leave, and the form to ask for some."""
    return htmx.show("leave/own.html", **_own(leave_form(fresh=True)))


def _own(form: LeaveForm) -> dict[str, Any]:
    adviser_id = current_member().adviser_id
    page = paging.paged(queries.of_adviser(adviser_id), per_page=10) if adviser_id else None
    return {"form": form, "page": page, "adviser_id": adviser_id} | _known()


@bp.post("/leave")
@require(Permission.DUTY_LOG)
def ask() -> ResponseReturnValue:
    """Ask for leave."""
    by, form = current_member(), leave_form()
    if by.adviser_id is None:
        raise ForbiddenError(_("您的账号没有对应到名册中的律师，不能请假。"))
    if form.validate_on_submit():
        try:
            row = actions.ask(form.wanted(by.adviser_id), by=by)
        except RefusedError as refusal:
            show_refusal(form.first_on, refusal)
        else:
            flash(_("已提交，等主任审批"), "success")
            return htmx.gone_to(url_for(".request_of", leave_id=row.id))
    return htmx.invalid("leave/own.html", **_own(form))


@bp.get("/leave/requests")
@require(Permission.DUTY_MANAGE)
def requests() -> ResponseReturnValue:
    """List the requests of everybody; what waits comes by its tab."""
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    sort = sorting.asked_sort(queries.SORTS)
    page = paging.paged(queries.listed(asked, sort))
    return htmx.show("leave/requests.html", page=page, asked=asked, sort=sort, **_known())


@bp.get("/leave/new")
@require(Permission.LEAVE_DECIDE)
def new_entry() -> ResponseReturnValue:
    """Ask for whom and when leave is to be written down."""
    return htmx.show("leave/entry.html", form=entry_form(fresh=True))


@bp.post("/leave/entries")
@require(Permission.LEAVE_DECIDE)
def create_entry() -> ResponseReturnValue:
    """Write down somebody's leave, approved at once."""
    form: EntryForm = entry_form()
    if form.validate_on_submit():
        try:
            wanted = form.wanted(UUID(form.adviser_id.data))
            row = actions.enter(wanted, by=current_member())
        except RefusedError as refusal:
            show_refusal(form.first_on, refusal)
        else:
            flash(_("已登记，这段时间不再给他排班"), "success")
            return htmx.gone_to(url_for(".request_of", leave_id=row.id))
    return htmx.invalid("leave/entry.html", form=form)


@bp.get("/leave/month")
@require(Permission.FIRM_READ)
def month() -> ResponseReturnValue:
    """Show who is away in a month; why is for the desk only."""
    first = paging.asked_month()
    last = clock.last_day(first)
    return htmx.show(
        "leave/month.html",
        lines=month_view.lines(queries.of_month(first, last), first, last),
        days=month_view.days_of(first, last),
        month=paging.month_links(first),
        today=clock.today(),
        is_desk=can(Permission.DUTY_MANAGE),
        **_known(),
    )


@bp.get("/leave/<uuid:leave_id>")
@require(Permission.FIRM_READ)
def request_of(leave_id: UUID) -> ResponseReturnValue:
    """Show one request with the slots that lie in it."""
    return htmx.show(PAGE, **_shown(_fetch(leave_id)))


def _fetch(leave_id: UUID) -> LeaveRequest:
    return fetch(LeaveRequest, leave_id, None, joinedload(LeaveRequest.adviser))


@bp.post("/leave/<uuid:leave_id>/approval")
@require(Permission.LEAVE_DECIDE)
def create_approval(leave_id: UUID) -> ResponseReturnValue:
    """Grant it."""
    return _decided(leave_id, actions.approve, _("已批准，请处理下面还排着的班次"))


@bp.post("/leave/<uuid:leave_id>/refusal")
@require(Permission.LEAVE_DECIDE)
def create_refusal(leave_id: UUID) -> ResponseReturnValue:
    """Refuse it, with words."""
    return _decided(leave_id, actions.refuse, _("未批准，申请人会看到原因"))


def _decided(leave_id: UUID, act: Callable[..., None], toast: str) -> ResponseReturnValue:
    row, form = _fetch(leave_id), DecisionForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, form=form))
    try:
        act(row, text(form.answer), revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(_fetch(leave_id), refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.answer, refusal)
        return htmx.invalid(PAGE, **_shown(row, form=form))
    flash(toast, "success")
    return htmx.gone_to(url_for(".request_of", leave_id=leave_id))


@bp.post("/leave/<uuid:leave_id>/withdrawal")
@require(Permission.DUTY_LOG, Permission.LEAVE_DECIDE)
def create_withdrawal(leave_id: UUID) -> ResponseReturnValue:
    """Take it back: one's own, or as manager anybody's."""
    row, form = _fetch(leave_id), DecisionForm()
    decides = can(Permission.LEAVE_DECIDE)
    try:
        revision = revision_of(form.revision)
        actions.withdraw(row, revision=revision, by=current_member(), decides=decides)
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(_fetch(leave_id), refusal=conflict.message))
    except RefusedError as refusal:
        return htmx.invalid(PAGE, **_shown(row, refusal=refusal.message))
    flash(_("已撤回，这段时间可以照常排班"), "success")
    return htmx.gone_to(url_for(".request_of", leave_id=leave_id))


def _shown(row: LeaveRequest, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    is_own = row.adviser_id == current_member().adviser_id
    decides = can(Permission.LEAVE_DECIDE)
    is_decided = row.status == LeaveStatus.APPROVED
    own_may = rules.may_take_back(row.absence, clock.today(), is_decided=is_decided)
    return {
        "leave": row,
        "kind": LeaveKind(row.kind),
        "status": LeaveStatus(row.status),
        "tone": TONES[row.status],
        "may_read": is_own or decides,
        "may_decide": decides and actions.may_decide(row.adviser_id, by=current_member()),
        "may_withdraw": decides or (is_own and can(Permission.DUTY_LOG) and own_may),
        "form": DecisionForm(formdata=None, revision=row.revision),
        "events": _events(row),
        "refusal": refusal,
    } | forms


def _events(row: LeaveRequest) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "who": one.who, "what": page_text(ACTS.get(one.act, one.act))}
        for one in reversed(history.of(row))
    ]
