"""Absences: their reasons given and judged, and the reminders that somebody may be replaced."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, history, htmx, paging, sorting
from counselhub.core.access import can, current_member, require
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import revision_of, show_refusal, text
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.cover import absence_actions as actions
from counselhub.cover import absence_queries as queries
from counselhub.cover.forms import AnswerForm, JudgeForm, ReasonForm, reason_form
from counselhub.cover.kinds import REASON_ACTS, ReasonCode, ReasonStatus
from counselhub.cover.models import AbsenceReason
from counselhub.cover.routes.blueprint import bp, desk_tabs
from counselhub.cover.routes.phone import is_own, own_or_managed
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.roster.month_view import TONES as SLOT_TONES

PAGE, REMINDERS = "cover/absence.html", "cover/reminders.html"
TONES = {
    ReasonStatus.GIVEN: "warning",
    ReasonStatus.ACCEPTED: "success",
    ReasonStatus.REFUSED: "danger",
}


@bp.get("/absences")
@require(Permission.DUTY_MANAGE)
def absences() -> ResponseReturnValue:
    """List what was missed or short in a month, with its reasons."""
    month, sort = paging.asked_month(), sorting.asked_sort(queries.SORTS)
    asked = {name: request.args.get(name, "").strip() for name in ("state", "q")}
    query = queries.absence_list(month, clock.last_day(month), asked, sort)
    return htmx.show(
        "cover/absences.html",
        page=paging.paged(query),
        month=paging.month_links(month),
        asked=asked,
        sort=sort,
        codes=ReasonCode,
        states=ReasonStatus,
        tones=TONES,
        statuses=SlotStatus,
        slot_tones=SLOT_TONES,
        **desk_tabs("absences"),
    )


@bp.get("/duty/slots/<uuid:slot_id>/reason")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def absence(slot_id: UUID) -> ResponseReturnValue:
    """Show what became of a slot, its reason, and what was said of it."""
    return htmx.show(PAGE, **_shown(own_or_managed(slot_id)))


@bp.post("/duty/slots/<uuid:slot_id>/reason")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def create_reason(slot_id: UUID) -> ResponseReturnValue:
    """Say why a slot was missed or short."""
    slot, form = own_or_managed(slot_id), ReasonForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(slot, form=form))
    try:
        actions.give(slot, form.told, revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(own_or_managed(slot_id), refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, **_shown(slot, form=form))
    flash(_("已提交，等主任审核"), "success")
    here = url_for(".absence", slot_id=slot_id)
    return htmx.gone_to(url_for(".mine") if is_own(slot) and can(Permission.DUTY_LOG) else here)


@bp.post("/absences/<uuid:slot_id>/judgement")
@require(Permission.ABSENCE_JUDGE)
def create_judgement(slot_id: UUID) -> ResponseReturnValue:
    """Say whether a reason stands."""
    slot, form = own_or_managed(slot_id), JudgeForm()
    reason = queries.reason_of(slot_id)
    if reason is None:
        raise NotFoundError()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(slot, judge=form))
    act = actions.accept if text(form.verdict) == "accept" else actions.refuse
    try:
        revision = revision_of(form.revision)
        act(reason, text(form.words), revision=revision, by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(own_or_managed(slot_id), refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.words, refusal)
        return htmx.invalid(PAGE, **_shown(slot, judge=form))
    flash(_("已审核"), "success")
    return htmx.gone_to(url_for(".absence", slot_id=slot_id))


def _shown(slot: DutySlot, refusal: str = "", **forms: Any) -> dict[str, Any]:
    reason = queries.reason_of(slot.id)
    revision = reason.revision if reason else None
    return {
        "slot": slot,
        "reason": reason,
        "status": SlotStatus(slot.status),
        "slot_tone": SLOT_TONES[slot.status],
        "state": ReasonStatus(reason.status) if reason else None,
        "code": ReasonCode(reason.code) if reason else None,
        "tones": TONES,
        "asks": slot.status in queries.ASKED_FOR,
        "settled": actions.settled_by(slot),
        "is_own": is_own(slot),
        "form": reason_form(reason, fresh=True),
        "judge": JudgeForm(formdata=None, revision=revision),
        "events": _events(reason) if reason else [],
        "refusal": refusal,
    } | forms


def _events(reason: AbsenceReason) -> list[dict[str, Any]]:
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": page_text(REASON_ACTS.get(event.act, event.act)),
        }
        for event in reversed(history.of(reason))
    ]


@bp.get("/absences/reminders")
@require(Permission.ABSENCE_JUDGE)
def reminders() -> ResponseReturnValue:
    """Show who has too many unexcused absences under a contract: to the manager only."""
    return htmx.show(REMINDERS, **_reminders())


@bp.post("/absences/reminders")
@require(Permission.ABSENCE_JUDGE)
def create_answer() -> ResponseReturnValue:
    """Answer a reminder with what is done about it."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return htmx.invalid(REMINDERS, **_reminders(form))
    try:
        actions.answer(
            UUID(text(form.adviser_id)),
            UUID(text(form.contract_id)),
            text(form.words),
            by=current_member(),
        )
    except ConflictError as conflict:
        return htmx.refused(REMINDERS, **_reminders(refusal=conflict.message))
    flash(_("已答复；再有缺勤会重新提醒"), "success")
    return htmx.gone_to(url_for(".reminders"))


def _reminders(form: AnswerForm | None = None, refusal: str = "") -> dict[str, Any]:
    tabs = desk_tabs("reminders")
    return tabs | {
        "found": queries.shown(tabs["reminders"]),
        "answers": queries.answers(),
        "form": form or AnswerForm(formdata=None),
        "codes": ReasonCode,
        "states": ReasonStatus,
        "tones": TONES,
        "refusal": refusal,
    }
