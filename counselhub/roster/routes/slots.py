"""One planned slot: where it is, moved, called off, brought back."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import addresses, history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import given, revision_of, show_refusal, text
from counselhub.core.i18n import day as day_word
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.roster import gather, slot_actions, slot_queries
from counselhub.roster.forms import ExcuseForm, MoveForm, RevisionForm
from counselhub.roster.kinds import ACTS, SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.roster.month_view import TONES
from counselhub.roster.routes.blueprint import bp
from counselhub.roster.slot_actions import Target

PAGE = "roster/slot.html"
NAMES = (
    joinedload(DutySlot.adviser),
    joinedload(DutySlot.community),
    joinedload(DutySlot.substitute),
)


def _fetch(slot_id: UUID) -> DutySlot:
    return fetch(DutySlot, slot_id, None, *NAMES)


@bp.get("/roster/slots/<uuid:slot_id>")
@require(Permission.FIRM_READ)
def slot(slot_id: UUID) -> ResponseReturnValue:
    """Show one slot with everything that was done to it."""
    return htmx.show(PAGE, **_shown(_fetch(slot_id)))


@bp.post("/roster/slots/<uuid:slot_id>")
@require(Permission.DUTY_MANAGE)
def move_slot(slot_id: UUID) -> ResponseReturnValue:
    """Move a slot to another day, time or lawyer."""
    row = _fetch(slot_id)
    form = _move_form(row)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, form=form))
    target = Target(
        UUID(form.adviser_id.data), given(form.day), given(form.starts), given(form.ends)
    )
    try:
        revision = revision_of(form.revision)
        slot_actions.move(row, target, revision=revision, by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(_fetch(slot_id), refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.day, refusal)
        return htmx.invalid(PAGE, **_shown(row, form=form))
    back = _back(row)
    if "moved=" not in back:  # the month says so itself, with a way back
        flash(_("已移到 %(day)s", day=day_word(row.day)), "success")
    return htmx.gone_to(back)


def _back(row: DutySlot) -> str:
    """Return the page that it was done from: the month, which offers to undo it, or the slot."""
    here = url_for(".slot", slot_id=row.id)
    back = addresses.path_of(request.form.get("back", ""), here)
    if back.partition("?")[0] != url_for(".month"):
        return back
    return f"{back}{'&' if '?' in back else '?'}moved={row.id}"


@bp.post("/roster/slots/<uuid:slot_id>/reversal")
@require(Permission.DUTY_MANAGE)
def create_reversal(slot_id: UUID) -> ResponseReturnValue:
    """Take the last move back."""
    return _done(slot_id, slot_actions.undo, _("已撤销调整"))


@bp.post("/roster/slots/<uuid:slot_id>/restoration")
@require(Permission.DUTY_MANAGE)
def create_restoration(slot_id: UUID) -> ResponseReturnValue:
    """Bring back a slot that was called off."""
    return _done(slot_id, slot_actions.restore, _("已恢复这个班次"))


@bp.post("/roster/slots/<uuid:slot_id>/standing")
@require(Permission.DUTY_MANAGE)
def create_standing(slot_id: UUID) -> ResponseReturnValue:
    """Let a slot stand although its day is off."""
    return _done(slot_id, slot_actions.keep_on_day_off, _("放假照常值班，已记下"))


@bp.post("/roster/slots/<uuid:slot_id>/excuse")
@require(Permission.DUTY_MANAGE)
def create_excuse(slot_id: UUID) -> ResponseReturnValue:
    """Call a slot off, with a reason."""
    row, form = _fetch(slot_id), ExcuseForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, excuse=form))
    reason = text(form.reason)

    def act(one: DutySlot, *, revision: int | None, by: Any) -> None:
        slot_actions.excuse(one, reason, revision=revision, by=by)

    return _done(slot_id, act, _("已取消，不计缺勤"))


def _done(slot_id: UUID, act: Callable[..., None], toast: str) -> ResponseReturnValue:
    """Do it to the slot as the page showed it; a refusal is told on the slot as it now is."""
    row, form = _fetch(slot_id), RevisionForm()
    try:
        act(row, revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(_fetch(slot_id), refusal=conflict.message))
    except RefusedError as refusal:
        return htmx.invalid(PAGE, **_shown(row, refusal=refusal.message))
    flash(toast, "success")
    here = url_for(".slot", slot_id=row.id)
    return htmx.gone_to(addresses.path_of(request.form.get("back", ""), here))


def _move_form(row: DutySlot, *, fresh: bool = False) -> MoveForm:
    """Return what was sent; fresh: where the slot is. It offers who serves there that month."""
    values = {name: getattr(row, name) for name in ("revision", "day", "starts", "ends")}
    values["adviser_id"] = str(row.adviser_id)
    form = MoveForm(formdata=None, data=values) if fresh else MoveForm()
    names = {str(row.adviser_id): row.adviser.name}
    last: date = gather.span_of(row.month).last
    for one in gather.posted(row.month, last, [row.community_code]):
        names[str(one.adviser_id)] = one.adviser.name
    form.adviser_id.choices = list(names.items())
    return form


def _shown(row: DutySlot, *, refusal: str = "", **forms: Any) -> dict[str, Any]:
    term, place = slot_queries.contract_of(row)
    return {
        "slot": row,
        "term": term,
        "place": place,
        "status": SlotStatus(row.status),
        "tone": TONES[row.status],
        "form": _move_form(row, fresh=True),
        "excuse": ExcuseForm(formdata=None, revision=row.revision),
        "has_begun": slot_actions.has_begun(row),
        "can_undo": slot_actions.last_move(row) is not None,
        "events": _events(row),
        "refusal": refusal,
    } | forms


def _events(row: DutySlot) -> list[dict[str, Any]]:
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": page_text(ACTS[event.act]) if event.act in ACTS else event.act,
            "note": event.detail.get("reason") or _from(event.detail.get("before")),
        }
        for event in reversed(history.of(row))
    ]


def _from(before: dict[str, Any] | None) -> str | None:
    if before is None:
        return None
    return str(
        _(
            "原为 %(day)s %(starts)s–%(ends)s",
            **{name: before[name] for name in ("day", "starts", "ends")},
        )
    )
