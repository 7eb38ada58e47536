"""Pages of late statements: the firm asks, the head of the street's office answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import clock, history, htmx, paging, sorting
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.acting import attempt, told
from counselhub.core.forms import RevisionForm, given, text
from counselhub.core.freshness import fresh
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.core.workflow import moves_from
from counselhub.cutoffs.kinds import ACTS, OVERDUE_FLOW, TONES, LateCause, OverdueStatus
from counselhub.cutoffs.models import OverdueMonth
from counselhub.cutoffs.rules import MOST_ALLOWED_DAYS, may_hand_in
from counselhub.overdue import actions, queries
from counselhub.overdue.forms import AllowForm, AskForm, RefuseForm, ask_form

bp = Blueprint("overdue", __name__)
P = Permission
PAGE = "overdue/month.html"
USUAL_DAYS = timedelta(days=7)


@bp.get("/overdue")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def months() -> ResponseReturnValue:
    """List the months that a cut-off has closed."""
    asked = {name: request.args.get(name, "").strip() for name in ("status", "q")}
    sort = sorting.asked_sort(queries.SORTS)
    return htmx.show(
        "overdue/months.html",
        page=paging.paged(queries.listed(asked, sort)),
        asked=asked,
        sort=sort,
        statuses=OverdueStatus,
        tones=TONES,
        causes=LateCause,
    )


@bp.get("/overdue/<uuid:overdue_id>")
@require(P.STATEMENT_READ, P.REVIEW_READ)
def month(overdue_id: UUID) -> ResponseReturnValue:
    """Show one: until when it was due, what the firm says, what the office answers."""
    return htmx.show(PAGE, **_shown(_fetch(overdue_id)))


def _fetch(overdue_id: UUID) -> OverdueMonth:
    names = (joinedload(OverdueMonth.firm), joinedload(OverdueMonth.street))
    return fetch(OverdueMonth, overdue_id, None, *names)


def _shown(row: OverdueMonth, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    statement, today = queries.statement_of(row), clock.today()
    is_over = statement is not None and statement.submitted_at is not None
    is_allowed = may_hand_in(row.allowed_until, today)
    has_lapsed = row.allowed_until is not None and not is_allowed
    status = OverdueStatus.CLOSED if has_lapsed else OverdueStatus(row.status)
    acts = [] if is_over else moves_from(OVERDUE_FLOW, status)
    seen = {"formdata": None, "revision": row.revision}
    return {
        "overdue": row,
        "status": status,
        "tone": TONES[status],
        "cause": LateCause.of(row.cause) if row.cause else None,
        "statement": statement,
        "is_over": is_over,
        "may_hand_in": is_allowed,
        "may_ask": "ask" in acts and can(P.STATEMENT_PREPARE),
        "may_withdraw": "withdraw" in acts and can(P.STATEMENT_PREPARE),
        "may_allow": "allow" in acts and can(P.REVIEW_SIGN),
        "may_refuse": "refuse" in acts and can(P.REVIEW_SIGN),
        "last_day": today + timedelta(days=MOST_ALLOWED_DAYS),
        "ask_form": ask_form(**seen),
        "allow_form": AllowForm(**seen, until=today + USUAL_DAYS),
        "refuse_form": RefuseForm(**seen),
        "events": [_happening(event) for event in reversed(history.of(row))],
        "refusal": refusal,
    } | forms


def _happening(event: history.Event) -> dict[str, Any]:
    """Word an act for the timeline, with what was said."""
    told = event.detail
    cause = LateCause.of(told["cause"]).label if "cause" in told else ""
    until = _("准许到 %(day)s", day=told["until"]) if "until" in told else ""
    return {
        "at": event.at,
        "who": event.who,
        "what": page_text(ACTS[event.act]),
        "note": " · ".join(str(one) for one in (cause, until, told.get("words")) if one) or None,
    }


@bp.post("/overdue/<uuid:overdue_id>/request")
@require(P.STATEMENT_PREPARE)
def create_request(overdue_id: UUID) -> ResponseReturnValue:
    """Ask the office to take the month all the same."""

    def act(row: OverdueMonth, form: AskForm) -> str:
        cause = LateCause.of(form.cause.data)
        actions.ask(row, cause, text(form.words), by=current_member(), revision=form.seen)
        return str(_("已提交申请，等司法所答复"))

    return _done(overdue_id, act, ask_form=ask_form())


@bp.post("/overdue/<uuid:overdue_id>/withdrawal")
@require(P.STATEMENT_PREPARE)
def create_withdrawal(overdue_id: UUID) -> ResponseReturnValue:
    """Take the request back."""

    def act(row: OverdueMonth, form: RevisionForm) -> str:
        actions.withdraw(row, by=current_member(), revision=form.seen)
        return str(_("已撤回补交申请"))

    return _done(overdue_id, act, withdraw_form=RevisionForm())


@bp.post("/overdue/<uuid:overdue_id>/permission")
@require(P.REVIEW_SIGN)
@fresh
def create_permission(overdue_id: UUID) -> ResponseReturnValue:
    """Take the month until a day."""

    def act(row: OverdueMonth, form: AllowForm) -> str:
        until, words = given(form.until), text(form.answer)
        actions.allow(row, until, words, by=current_member(), revision=form.seen)
        return str(_("已准许补交到 %(day)s，律所会看到", day=until.isoformat()))

    return _done(overdue_id, act, allow_form=AllowForm())


@bp.post("/overdue/<uuid:overdue_id>/refusal")
@require(P.REVIEW_SIGN)
@fresh
def create_refusal(overdue_id: UUID) -> ResponseReturnValue:
    """Do not take it, with words."""

    def act(row: OverdueMonth, form: RefuseForm) -> str:
        actions.refuse(row, text(form.answer), by=current_member(), revision=form.seen)
        return str(_("未准许补交，律所会看到理由"))

    return _done(overdue_id, act, refuse_form=RefuseForm())


def _done(
    overdue_id: UUID, act: Callable[[OverdueMonth, Any], str], **sent: RevisionForm
) -> ResponseReturnValue:
    """Do it to the month as the page showed it; a refusal is told on it as it now is.

    sent: the form, by the name that the page knows it by.
    """
    row, form = _fetch(overdue_id), next(iter(sent.values()))

    def done() -> ResponseReturnValue:
        return told(act(row, form), url_for(".month", overdue_id=overdue_id))

    def look(**kept: Any) -> dict[str, Any]:
        return _shown(_fetch(overdue_id), **kept)

    return attempt(form, done, look, page=PAGE, field=form.revision, **sent)
