"""The lawyer's slots on the phone: ask for cover, take a colleague's, say why one was missed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from counselhub.core import clock, htmx
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.forms import revision_of, text
from counselhub.core.permissions import Permission
from counselhub.cover import absence_queries, actions, queries
from counselhub.cover.forms import AskForm, RevisionForm
from counselhub.cover.models import CoverRequest
from counselhub.cover.routes.blueprint import bp
from counselhub.roster.models import DutySlot

PAGE, PART = "cover/mine.html", "cover/_mine.html"
ASK = "cover/ask.html"
NAMES = (
    joinedload(DutySlot.adviser),
    joinedload(DutySlot.community),
    joinedload(DutySlot.substitute),
    joinedload(DutySlot.came),
)


@bp.get("/duty/slots")
@require(Permission.DUTY_LOG)
def mine() -> ResponseReturnValue:
    """Show the lawyer's coming slots, what colleagues ask of him, and what wants a reason."""
    return htmx.show(PAGE, PART, **_mine())


def _mine(refusal: str = "") -> dict[str, Any]:
    adviser_id = current_member().adviser_id
    shown: dict[str, Any] = {"adviser_id": adviser_id, "refusal": refusal}
    if adviser_id is None:
        return shown
    slots = queries.coming(adviser_id)
    return shown | {
        "slots": slots,
        "live": queries.live_of(slot.id for slot in slots),
        "offers": queries.offered_to(adviser_id),
        "absences": absence_queries.of_adviser(adviser_id),
        "today": clock.today(),
        "is_past": queries.is_past,
    }


def own_or_managed(slot_id: UUID) -> DutySlot:
    """Return a slot of the present lawyer, or any to who looks after duty.

    Raises NotFoundError unseen, ForbiddenError for somebody else's.
    """
    slot = fetch(DutySlot, slot_id, None, *NAMES)
    if not can(Permission.DUTY_MANAGE) and slot.adviser_id != current_member().adviser_id:
        raise ForbiddenError()
    return slot


def is_own(slot: DutySlot) -> bool:
    """Whether a slot is the present lawyer's."""
    return slot.adviser_id == current_member().adviser_id


@bp.get("/duty/slots/<uuid:slot_id>/cover")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def new_request(slot_id: UUID) -> ResponseReturnValue:
    """Ask why somebody is wanted for a slot."""
    return htmx.show(ASK, **_asking(own_or_managed(slot_id), AskForm(formdata=None)))


@bp.post("/duty/slots/<uuid:slot_id>/cover")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def create_request(slot_id: UUID) -> ResponseReturnValue:
    """Ask for cover, and offer the slot to the colleagues who may come."""
    slot, form = own_or_managed(slot_id), AskForm()
    if not form.validate_on_submit():
        return htmx.invalid(ASK, **_asking(slot, form))
    try:
        request = actions.ask(slot, text(form.why), text(form.words), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(ASK, **_asking(own_or_managed(slot_id), form, conflict.message))
    offered = queries.open_offers(request)
    flash(
        _("已征询 %(count)d 位能来的同事，有人接下会显示在这里", count=offered)
        if offered
        else _("已提交，眼下没有能来的同事，内勤会来安排"),
        "success",
    )
    own = is_own(slot) and not can(Permission.DUTY_MANAGE)
    back = url_for(".mine") if own else url_for(".one_request", cover_id=request.id)
    return htmx.gone_to(back)


def _asking(slot: DutySlot, form: AskForm, refusal: str = "") -> dict[str, Any]:
    return {
        "slot": slot,
        "form": form,
        "refusal": refusal,
        "live": queries.live_of([slot.id]).get(slot.id),
        "is_own": is_own(slot),
        "is_past": queries.is_past(slot),
    }


@bp.post("/cover/<uuid:cover_id>/taking")
@require(Permission.DUTY_LOG)
def create_taking(cover_id: UUID) -> ResponseReturnValue:
    """Take a colleague's slot in one tap."""
    return _settle(cover_id, actions.take, _("已接下，批准后会列在您的班次里"))


@bp.post("/cover/<uuid:cover_id>/declining")
@require(Permission.DUTY_LOG)
def create_declining(cover_id: UUID) -> ResponseReturnValue:
    """Say that one cannot come."""
    return _settle(cover_id, actions.decline, _("已答复，不再问您"))


@bp.post("/cover/<uuid:cover_id>/return")
@require(Permission.DUTY_LOG)
def create_return(cover_id: UUID) -> ResponseReturnValue:
    """Give back what was taken and not approved yet."""
    return _settle(cover_id, actions.give_back, _("已退回，其他同事可以接"))


@bp.post("/cover/<uuid:cover_id>/withdrawal")
@require(Permission.DUTY_LOG, Permission.DUTY_MANAGE)
def create_withdrawal(cover_id: UUID) -> ResponseReturnValue:
    """End one's own request; the desk ends any."""
    request = fetch(CoverRequest, cover_id)
    if not can(Permission.DUTY_MANAGE) and request.adviser_id != current_member().adviser_id:
        raise ForbiddenError()
    revision = revision_of(RevisionForm().revision)

    def act(one: CoverRequest, *, by: Any) -> None:
        actions.withdraw(one, revision=revision, by=by)

    return _settle(cover_id, act, _("已撤回，班次仍由原来的律师值"))


def _settle(cover_id: UUID, act: Callable[..., object], toast: str) -> ResponseReturnValue:
    """Do it and show where it was done from; a refusal is told on the page as it now is."""
    request = fetch(CoverRequest, cover_id)
    try:
        act(request, by=current_member())
    except (ConflictError, RefusedError) as refusal:
        answer = htmx.refused if refusal.status == 409 else htmx.invalid
        return answer(PAGE, PART, **_mine(refusal.message))
    if can(Permission.DUTY_MANAGE) and request.adviser_id != current_member().adviser_id:
        return _to_desk(request, toast)
    return htmx.changed(PART, url_for(".mine"), toast=toast, **_mine())


def _to_desk(request: CoverRequest, toast: str) -> ResponseReturnValue:
    """Go back to the desk's page, but for a leader who took it on the phone."""
    adviser_id = current_member().adviser_id
    if adviser_id is not None and queries.offer_of(request, adviser_id):
        return htmx.changed(PART, url_for(".mine"), toast=toast, **_mine())
    flash(toast, "success")
    return htmx.gone_to(url_for(".one_request", cover_id=request.id))
