"""The receiver's pages: check, read, answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import htmx
from counselhub.core.access import can, current_member, fetch, require
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.forms import Form, revision_of, show_refusal, text
from counselhub.core.permissions import Permission
from counselhub.matters.kinds import ConflictCode
from counselhub.packets import answering, seals
from counselhub.packets.forms import AcceptForm, ActForm, OpenForm, decline_form
from counselhub.packets.kinds import RECEIVED_ACTS, Checked, PacketStatus, RefusalWhy
from counselhub.packets.models import PacketReceived
from counselhub.packets.routes.blueprint import KINDS, bp, events_of

PAGE = "packets/received.html"
READABLE = (PacketStatus.OPENED, PacketStatus.ACCEPTED)


def _shown(row: PacketReceived, refusal: str = "", **forms: Form) -> dict[str, Any]:
    decides = can(Permission.MATTER_DECIDE)
    content = seals.opened(row) if row.status in READABLE else None
    return KINDS | {
        "row": row,
        "acts": answering.acts_of(row, decides=decides),
        "content": content,
        "is_unreadable": row.status in READABLE and row.sealed is not None and content is None,
        "reasons": [ConflictCode.of(code).label for code in row.reasons],
        "forms": _forms(row) | forms,
        "events": events_of(row, RECEIVED_ACTS),
        "refusal": refusal,
    }


def _forms(row: PacketReceived) -> dict[str, Form]:
    now: dict[str, Any] = {"formdata": None, "revision": row.revision}
    why = RefusalWhy.CONFLICT.value if row.checked == Checked.POSSIBLE else None
    made: dict[str, Form] = {
        "open": OpenForm(**now),
        "accept": AcceptForm(**now),
        "decline": decline_form(fresh=True, revision=row.revision, why=why),
    }
    for act, form in made.items():
        _named(form, act)
    return made


def _named(form: Form, act: str) -> None:
    """Give the fields ids of their own: the page has several forms with the same fields."""
    for field in form:
        field.id = f"{act}-{field.short_name}"


@bp.get("/packets/received/<uuid:packet_received_id>")
@require(Permission.REFERRAL_MANAGE)
def received(packet_received_id: UUID) -> ResponseReturnValue:
    """Show from whom it came; its content once it was checked and opened."""
    return htmx.show(PAGE, **_shown(fetch(PacketReceived, packet_received_id)))


def _done(
    row_id: UUID, act: str, form: Form, do: Callable[[PacketReceived], object], toast: str
) -> ResponseReturnValue:
    """Do one act; a refusal is told on the packet as it now is."""
    row = fetch(PacketReceived, row_id)
    _named(form, act)
    if not form.validate_on_submit():
        return htmx.invalid(PAGE, **_shown(row, **{act: form}))
    try:
        do(row)
    except ConflictError as conflict:
        return htmx.refused(PAGE, **_shown(fetch(PacketReceived, row_id), conflict.message))
    except RefusedError as refusal:
        if "words" not in form:
            return htmx.invalid(PAGE, **_shown(row, refusal.message))
        show_refusal(form["words"], refusal)
        return htmx.invalid(PAGE, **_shown(row, **{act: form}))
    flash(toast, "success")
    return htmx.gone_to(url_for(".received", packet_received_id=row_id))


@bp.post("/packets/received/<uuid:packet_received_id>/check")
@require(Permission.REFERRAL_MANAGE)
def create_check(packet_received_id: UUID) -> ResponseReturnValue:
    """Check its parties for conflicts, before anybody reads who they are."""
    return _done(
        packet_received_id,
        "check",
        ActForm(),
        lambda row: answering.check(row, by=current_member()),
        _("已检查利益冲突"),
    )


@bp.post("/packets/received/<uuid:packet_received_id>/opening")
@require(Permission.REFERRAL_MANAGE)
def create_opening(packet_received_id: UUID) -> ResponseReturnValue:
    """Read it from now on."""
    form = OpenForm()

    def run(row: PacketReceived) -> None:
        answering.open_packet(
            row,
            text(form.words),
            decides=can(Permission.MATTER_DECIDE),
            revision=revision_of(form.revision),
            by=current_member(),
        )

    return _done(packet_received_id, "open", form, run, _("已打开，请在期限内答复"))


@bp.post("/packets/received/<uuid:packet_received_id>/acceptance")
@require(Permission.REFERRAL_MANAGE)
def create_packet_acceptance(packet_received_id: UUID) -> ResponseReturnValue:
    """Take the case."""
    form = AcceptForm()

    def run(row: PacketReceived) -> None:
        revision = revision_of(form.revision)
        answering.accept(row, form.answer(), revision=revision, by=current_member())

    return _done(packet_received_id, "accept", form, run, _("已接收，对方会看到您的答复"))


@bp.post("/packets/received/<uuid:packet_received_id>/refusal")
@require(Permission.REFERRAL_MANAGE)
def create_packet_refusal(packet_received_id: UUID) -> ResponseReturnValue:
    """Say no; the content goes."""
    form = decline_form()

    def run(row: PacketReceived) -> None:
        revision = revision_of(form.revision)
        answering.decline(row, form.answer(), revision=revision, by=current_member())

    return _done(packet_received_id, "decline", form, run, _("已谢绝，内容已清除"))
