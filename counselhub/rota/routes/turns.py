"""One turn: moved, exchanged, called off, brought back; taken over, with a note for the next."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import addresses, clock, history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import Form, revision_of, show_refusal, text
from counselhub.core.i18n import clock_time, page_text
from counselhub.core.permissions import Permission
from counselhub.rota import handovers, queries, turn_actions
from counselhub.rota.forms import (
    MoveForm,
    NoteForm,
    RevisionForm,
    SwapForm,
    move_form,
    swap_form,
)
from counselhub.rota.kinds import ACTS, TurnStatus
from counselhub.rota.models import OnlineTurn
from counselhub.rota.routes.blueprint import bp

PAGE = "rota/turn.html"
TONES = {
    TurnStatus.PLANNED: "info",
    TurnStatus.STANDING: "success",
    TurnStatus.DONE: "neutral",
    TurnStatus.WITHDRAWN: "warning",
}
NAMES = (
    joinedload(OnlineTurn.adviser),
    joinedload(OnlineTurn.rota),
    joinedload(OnlineTurn.note),
)


def fetch_turn(turn_id: UUID, act: Permission | None = None) -> OnlineTurn:
    """Return a turn with its names, for an act when one is given."""
    return fetch(OnlineTurn, turn_id, act, *NAMES)


@bp.get("/rota/turns/<uuid:turn_id>")
@require(Permission.FIRM_READ)
def turn(turn_id: UUID) -> ResponseReturnValue:
    """Show one turn with everything that was done to it."""
    return htmx.show(PAGE, **_shown(fetch_turn(turn_id)))


def _shown(row: OnlineTurn, *, refusal: str = "", **forms: Form) -> dict[str, Any]:
    others = queries.swappable(row) if row.status == TurnStatus.PLANNED else []
    return {
        "turn": row,
        "status": TurnStatus(row.status),
        "tone": TONES[TurnStatus(row.status)],
        "form": move_form(row, fresh=True),
        "swap": _swap_form(row, others, fresh=True),
        "is_settled": row.status != TurnStatus.PLANNED or row.ends_at <= clock.now(),
        "can_undo": turn_actions.last_change(row) is not None,
        "events": _events(row),
        "refusal": refusal,
    } | forms


def _swap_form(row: OnlineTurn, others: Any, *, fresh: bool = False) -> SwapForm:
    form = swap_form(others, _words)
    if fresh:
        form.other.data, form.other.errors = "", []
    return form


def _words(row: OnlineTurn) -> str:
    return f"{clock_time(row.starts_at)} – {clock_time(row.ends_at)} {row.adviser.name}"


def _events(row: OnlineTurn) -> list[dict[str, Any]]:
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": page_text(ACTS[event.act]),
            "note": _from(event.detail.get("before")),
        }
        for event in reversed(history.of(row))
    ]


def _from(before: dict[str, Any] | None) -> str | None:
    if before is None:
        return None
    was = turn_actions.Target.told(before)
    times = {"begin": clock_time(was.starts_at), "end": clock_time(was.ends_at)}
    return str(_("原为 %(begin)s – %(end)s", **times))


@bp.post("/rota/turns/<uuid:turn_id>")
@require(Permission.DUTY_MANAGE)
def move_turn(turn_id: UUID) -> ResponseReturnValue:
    """Give a turn to another lawyer or time."""
    row = fetch_turn(turn_id)
    form: MoveForm = move_form(row)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, form=form))
    revision = revision_of(form.revision)
    try:
        turn_actions.move(row, form.target, revision=revision, by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(fetch_turn(turn_id), refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.ends, refusal)
        return htmx.invalid(PAGE, **_shown(row, form=form))
    flash(_("已调整，可以在这里撤销"), "success")
    return htmx.gone_to(url_for(".turn", turn_id=row.id))


@bp.post("/rota/turns/<uuid:turn_id>/swap")
@require(Permission.DUTY_MANAGE)
def create_swap(turn_id: UUID) -> ResponseReturnValue:
    """Exchange a turn with another one of its rota."""
    row = fetch_turn(turn_id)
    form = _swap_form(row, queries.swappable(row))
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, swap=form))
    other = fetch_turn(UUID(text(form.other)))

    def act(one: OnlineTurn, *, revision: int | None, by: Any) -> None:
        turn_actions.swap(one, other, revision=revision, by=by)

    return _done(turn_id, act, _("已对调，可以在这里撤销"))


@bp.post("/rota/turns/<uuid:turn_id>/undoing")
@require(Permission.DUTY_MANAGE)
def create_undoing(turn_id: UUID) -> ResponseReturnValue:
    """Take the last move or exchange back."""
    return _done(turn_id, turn_actions.undo, _("已撤销调整"))


@bp.post("/rota/turns/<uuid:turn_id>/withdrawal")
@require(Permission.DUTY_MANAGE)
def create_withdrawal(turn_id: UUID) -> ResponseReturnValue:
    """Call a turn off; its time becomes a gap."""
    return _done(turn_id, turn_actions.withdraw, _("已取消这一班，它的时段成了空档"))


@bp.post("/rota/turns/<uuid:turn_id>/restoration")
@require(Permission.DUTY_MANAGE)
def create_restoration(turn_id: UUID) -> ResponseReturnValue:
    """Bring back a turn that was called off."""
    return _done(turn_id, turn_actions.restore, _("已恢复这一班"))


@bp.post("/rota/turns/<uuid:turn_id>/giving-back")
@require(Permission.DUTY_LOG)
def create_giving_back(turn_id: UUID) -> ResponseReturnValue:
    """Take a slip of the thumb back."""
    fetch_turn(turn_id, Permission.DUTY_LOG)
    return _done(turn_id, handovers.give_back, _("已撤回接班"))


@bp.post("/rota/turns/<uuid:turn_id>/note")
@require(Permission.DUTY_LOG)
def create_note(turn_id: UUID) -> ResponseReturnValue:
    """Leave what the next one must know."""
    fetch_turn(turn_id, Permission.DUTY_LOG)
    form = NoteForm()
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(fetch_turn(turn_id), note_form=form))
    matters, whom = text(form.matters), text(form.whom_to_call)

    def act(one: OnlineTurn, *, revision: int | None, by: Any) -> None:
        handovers.leave_note(one, matters, whom, revision=revision, by=by)

    return _done(turn_id, act, _("留言已保存，下一位接班时会看到"))


def _done(turn_id: UUID, act: Callable[..., Any], toast: str) -> ResponseReturnValue:
    """Do it to the turn as the page showed it; a refusal is told on the turn as it now is."""
    row, form = fetch_turn(turn_id), RevisionForm()
    try:
        act(row, revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(fetch_turn(turn_id), refusal=conflict.message))
    except RefusedError as refusal:
        return htmx.invalid(PAGE, **_shown(row, refusal=refusal.message))
    flash(toast, "success")
    here = url_for(".turn", turn_id=row.id)
    return htmx.gone_to(addresses.path_of(request.form.get("back", ""), here))
