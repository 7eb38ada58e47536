"""Send a packet to another firm, revoke it, let it run out: what the sender's side does.

The sender's row is always locked before the receiver's, so that two who act at once wait for each
other, and the second one meets what the first did.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_platform
from counselhub.matters.papers import Paper
from counselhub.packets import rules, seals
from counselhub.packets.content import Offered
from counselhub.packets.kinds import (
    PACKET_FLOW,
    STANDING,
    ConsentHow,
    PacketField,
    PacketStatus,
)
from counselhub.packets.models import ONE_WAITING, Packet, PacketFile, PacketReceived
from counselhub.people.departures import works
from counselhub.people.models import Firm
from counselhub.referrals import timing
from counselhub.referrals.kinds import LIVE
from counselhub.referrals.models import Referral
from counselhub.services.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be sent to whom, on what consent, and how many days there are to answer."""

    to_name: str
    fields: list[PacketField]
    shows_client: bool
    consent_on: date
    consent_how: ConsentHow
    paper: Paper
    days: int


def send(
    referral: Referral,
    service: ServiceRecord,
    offered: Offered,
    wish: Wish,
    *,
    revision: int | None,
    by: Member,
) -> Packet:
    """Send the chosen fields of a referral to another firm.

    Raises RefusedError for an unknown firm, a consent that cannot be or no party to check by;
    ConflictError for a referral that is stale, has ended or has a packet that stands.
    """
    timing.lock(referral)
    history.expect(referral, revision)
    if referral.status not in LIVE:
        raise ConflictError(_("这件转介已经结束，不能再转给其他律所。"), row=referral)
    _refuse_consent(wish.consent_on)
    if not offered.parties:
        raise RefusedError(_("请先在来源记录上登记服务对象：对方要先查利益冲突，才能查看内容。"))
    receiver = _receiver(wish.to_name, by)
    packet = _packet(referral, service, receiver, wish.days, by)
    content = offered.chosen(wish.fields, shows_client=wish.shows_client)
    db.session.add(_file(packet, wish, content))
    history.record(packet, "send", by=by, street_code=packet.street_code)
    _deliver(packet, referral.urgency, content, by)
    return packet


def _refuse_consent(day: date) -> None:
    match rules.consent_fault(day, clock.today()):
        case "future":
            raise RefusedError(_("同意的日期不能晚于今天。"), at="consent_on")
        case "old":
            raise RefusedError(_("这份同意已超过半年，请当事人重新确认。"), at="consent_on")


@dataclass(frozen=True, slots=True)
class Receiver:
    """The other firm."""

    id: UUID
    name: str


def _receiver(name: str, by: Member) -> Receiver:
    """Find a firm that works by its whole name or a code: nobody is shown which others there are.

    Raises RefusedError for none, and for a name that several have.
    """
    is_named = or_(Firm.name == name, Firm.credit_code == name.upper(), Firm.code == name)
    with as_platform():
        query = select(Firm.id, Firm.name).where(is_named, works(), Firm.id != by.firm_id)
        found = db.session.execute(query.limit(2)).all()
    if not found:
        raise RefusedError(
            _("没有找到这家律所：请填写执业许可证上的全称；对方也要使用本系统。"), at="to_name"
        )
    if len(found) > 1:
        raise RefusedError(
            _("有不止一家律所叫这个名称：请改填对方的统一社会信用代码或本系统里的律所代码。"),
            at="to_name",
        )
    return Receiver(found[0].id, found[0].name)


def _packet(
    referral: Referral, service: ServiceRecord, receiver: Receiver, days: int, by: Member
) -> Packet:
    now = clock.now()
    packet = Packet(
        referral_id=referral.id,
        community_code=service.community_code,
        street_code=service.street_code,
        speciality=referral.speciality,
        from_name=by.title,
        to_firm_id=receiver.id,
        to_name=receiver.name,
        sent_at=now,
        expires_at=now + timedelta(days=days),
        status=PacketStatus.SENT,
    )
    try:
        with db.session.begin_nested():
            db.session.add(packet)
    except IntegrityError as error:
        if constraint_of(error) != ONE_WAITING:
            raise
        raise ConflictError(
            _("这件转介已经转给一家律所，先撤回或等对方答复。"), row=referral
        ) from error
    return packet


def _file(packet: Packet, wish: Wish, content: seals.Content) -> PacketFile:
    return PacketFile(
        packet_id=packet.id,
        fields=[field.value for field, _words in content.fields],
        shows_client=wish.shows_client,
        consent_on=wish.consent_on,
        consent_how=wish.consent_how,
        ending=wish.paper.ending,
        digest=wish.paper.digest,
        content=wish.paper.content,
        sealed=seals.seal(content, PacketFile, packet.firm_id, packet.id),
    )


def _deliver(packet: Packet, urgency: str, content: seals.Content, by: Member) -> None:
    """Write the receiver's row, under the receiver's own row security."""
    given = {
        name: getattr(packet, name)
        for name in ("id", "from_name", "community_code", "speciality", "sent_at", "expires_at")
    }
    sender, to_firm_id = packet.firm_id, packet.to_firm_id
    sealed = seals.seal(content, PacketReceived, to_firm_id, packet.id)
    with as_firm(to_firm_id):
        row = PacketReceived(
            **given, from_firm_id=sender, urgency=urgency, status=PacketStatus.SENT, sealed=sealed
        )
        db.session.add(row)
        db.session.flush()
        history.record(row, "receive", by=other_firm(to_firm_id, by.title))


def other_firm(firm_id: UUID, name: str) -> Member:
    """Return the actor of an act that another firm did: told by the firm's name, by nobody's."""
    scope = Scope(ScopeKind.FIRM, str(firm_id))
    return Member(None, name, Role.OPERATOR, scope, name, is_of_another=True)


def revoke(packet: Packet, *, revision: int | None, by: Member) -> None:
    """Take it back: the receiver's content is erased, that there was one stays on record.

    Raises ConflictError for a stale page and for one that was declined, revoked or is over.
    """
    _end(packet, "revoke", other_firm(packet.to_firm_id, packet.from_name), revision, by)


def expire(packet: Packet, *, by: Member) -> None:
    """End what was not answered in its term. Raises ConflictError for what was."""
    lock(packet)
    if not rules.is_over(packet.status, packet.expires_at, clock.now()):
        raise ConflictError(_("它还没有到期，或已经答复。"), row=packet)
    _end(packet, "expire", other_firm(packet.to_firm_id, by.name), None, by)


def lock(packet: Packet) -> None:
    """Let two who act at once wait for each other, and see what the first one did."""
    db.session.flush()
    db.session.refresh(packet, with_for_update={"of": Packet})


def _end(packet: Packet, act: str, there: Member, revision: int | None, by: Member) -> None:
    lock(packet)
    history.expect(packet, revision)
    history.advance(packet, PACKET_FLOW, act, by=by, street_code=packet.street_code)
    packet.answered_at = clock.now()
    with as_firm(packet.to_firm_id):
        erase(received(packet.id), act, by=there)


def received(packet_id: UUID) -> PacketReceived:
    """Return the receiver's row, locked; in the receiver's scope."""
    query = select(PacketReceived).where(PacketReceived.id == packet_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def erase(row: PacketReceived, act: str, *, by: Member) -> None:
    """End a received packet by `act`: what was in it goes."""
    history.advance(row, PACKET_FLOW, act, by=by)
    row.sealed, row.answered_at = None, clock.now()


def may_revoke(packet: Packet) -> bool:
    """Whether the receiver still has the content."""
    return packet.status in STANDING
