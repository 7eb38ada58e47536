"""The sender's pages: choose and send, look at what was sent, take it back."""

from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import downloads, history, htmx
from counselhub.core.access import current_member, fetch, require
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.forms import revision_of, show_refusal
from counselhub.core.permissions import Permission
from counselhub.matters import papers
from counselhub.packets import actions, content, queries, seals
from counselhub.packets.content import Offered
from counselhub.packets.forms import ActForm, SendForm, send_form
from counselhub.packets.kinds import PACKET_ACTS, PacketField
from counselhub.packets.models import Packet
from counselhub.packets.routes.blueprint import KINDS, bp, events_of
from counselhub.referrals import queries as referrals
from counselhub.referrals.models import Referral
from counselhub.services.models import ServiceRecord

NEW, SENT = "packets/new.html", "packets/sent.html"


def _source(referral_id: UUID) -> tuple[Referral, ServiceRecord, Offered]:
    """Return a referral with its service in sight. Raises NotFoundError past a wall."""
    referral = fetch(Referral, referral_id, None, *referrals.names())
    service = fetch(ServiceRecord, referral.service_id)
    return referral, service, content.offered(referral, service)


def _asked(referral: Referral, offered: Offered, form: SendForm, **more: Any) -> dict[str, Any]:
    values = [
        (
            option,
            PacketField.of(option.data),
            offered.value(PacketField.of(option.data), shows_client=False),
        )
        for option in form.fields
    ]
    return (
        KINDS
        | {
            "referral": referral,
            "form": form,
            "values": values,
            "has_parties": bool(offered.parties),
            "full_client": offered.full.get(PacketField.CLIENT, ""),
            "refusal": "",
        }
        | more
    )


@bp.get("/referrals/<uuid:referral_id>/packets/new")
@require(Permission.REFERRAL_MANAGE)
def new_packet(referral_id: UUID) -> ResponseReturnValue:
    """Show every field with its value, to be ticked."""
    referral, _service, offered = _source(referral_id)
    form = send_form(referral, offered.full, fresh=True)
    return htmx.show(NEW, **_asked(referral, offered, form))


@bp.post("/referrals/<uuid:referral_id>/packets")
@require(Permission.REFERRAL_MANAGE)
def create_packet(referral_id: UUID) -> ResponseReturnValue:
    """Send the ticked ones."""
    referral, service, offered = _source(referral_id)
    form = send_form(referral, offered.full)
    if not form.validate_on_submit():
        return htmx.invalid(NEW, **_asked(referral, offered, form))
    try:
        revision = revision_of(form.revision)
        packet = actions.send(
            referral, service, offered, form.wish(), revision=revision, by=current_member()
        )
    except papers.PaperError as fault:
        show_refusal(form.paper, fault)
        return htmx.invalid(NEW, **_asked(referral, offered, form))
    except ConflictError as conflict:
        again, _service, now = _source(referral_id)
        return htmx.refused(NEW, **_asked(again, now, form, refusal=conflict.message))
    except RefusedError as refusal:
        show_refusal(form.to_name, refusal)
        return htmx.invalid(NEW, **_asked(referral, offered, form))
    flash(_("已转出：对方先查利益冲突，再决定是否接收"), "success")
    return htmx.gone_to(url_for(".packet", packet_id=packet.id))


def _shown(packet: Packet, refusal: str = "") -> dict[str, Any]:
    file = queries.file_of(packet)
    return KINDS | {
        "packet": packet,
        "file": file,
        "sent": seals.opened(file),
        "may_revoke": actions.may_revoke(packet),
        "events": events_of(packet, PACKET_ACTS),
        "refusal": refusal,
    }


@bp.get("/packets/<uuid:packet_id>")
@require(Permission.REFERRAL_MANAGE)
def packet(packet_id: UUID) -> ResponseReturnValue:
    """Show what was sent, on what consent, and what was answered."""
    return htmx.show(SENT, **_shown(fetch(Packet, packet_id)))


@bp.post("/packets/<uuid:packet_id>/revocation")
@require(Permission.REFERRAL_MANAGE)
def create_revocation(packet_id: UUID) -> ResponseReturnValue:
    """Take it back."""
    row, form = fetch(Packet, packet_id), ActForm()
    try:
        actions.revoke(row, revision=revision_of(form.revision), by=current_member())
    except ConflictError as conflict:
        return htmx.refused(SENT, **_shown(fetch(Packet, packet_id), conflict.message))
    flash(_("已撤回，对方那里的内容已清除"), "success")
    return htmx.gone_to(url_for(".packet", packet_id=packet_id))


@bp.post("/packets/<uuid:packet_id>/consent")
@require(Permission.REFERRAL_MANAGE)
def print_consent(packet_id: UUID) -> ResponseReturnValue:
    """Send the client's consent as it was uploaded; that it was read is on record."""
    row = fetch(Packet, packet_id)
    file = queries.file_of(row)
    if file.content is None:
        raise NotFoundError(_("同意书已按保存期限清除。"))
    history.record(row, "read_consent", by=current_member())
    name = f"当事人同意书-{row.community.short_name}.{file.ending}"
    return downloads.attachment(file.content, name, papers.TYPES[file.ending])
