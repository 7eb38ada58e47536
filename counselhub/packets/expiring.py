"""What was in packets goes when its time is over; that they were, and how they ended, stays."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select, union, update

from counselhub.core import history
from counselhub.core.db import reached
from counselhub.core.members import Member
from counselhub.packets.models import Packet, PacketFile, PacketReceived


def due(until: datetime) -> Select[UUID]:
    """Select the ids of packets of the firm in scope, sent or received, that still say something.

    until: those sent before it.
    """
    sent = (
        select(PacketFile.packet_id)
        .join(Packet, Packet.id == PacketFile.packet_id)
        .where(
            Packet.firm_id == PacketFile.firm_id,
            Packet.sent_at < until,
            or_(PacketFile.sealed.is_not(None), PacketFile.content.is_not(None)),
        )
    )
    received = select(PacketReceived.id).where(
        PacketReceived.sent_at < until, PacketReceived.sealed.is_not(None)
    )
    return select(union(sent, received).subquery().c[0])


def wipe(ids: Sequence[UUID], *, by: Member, days: int) -> int:
    """Empty packets of the firm in scope; return how many rows there were."""
    plain = {"synchronize_session": False}
    sent = update(PacketFile).where(PacketFile.packet_id.in_(ids))
    done = reached(sent.values(sealed=None, content=None, answer=None).execution_options(**plain))
    received = update(PacketReceived).where(PacketReceived.id.in_(ids))
    done += reached(received.values(sealed=None, answer=None).execution_options(**plain))
    history.note("retention_sweep", scope=by.scope, by=by, what="packet", acts=done, days=days)
    return done
