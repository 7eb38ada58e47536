"""A packet that was sent and one that was received, each marked with the firm's token."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.packets import seals
from counselhub.packets.kinds import PacketField
from counselhub.packets.models import Packet, PacketFile, PacketReceived
from counselhub.packets.seals import Content

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add_packets(room: "Room") -> None:
    """Furnish both sides for the referral that the room has: the firm is its own other one."""
    tenant, token = room.tenant, room.token
    now, place = clock.now(), tenant.town.communities[0]
    until = now + timedelta(days=3650)
    content = Content([(PacketField.WORDS, f"案由{token}")], [])
    packet = Packet(
        referral_id=UUID(room.ids["referral_id"]),
        community_code=place,
        street_code=tenant.town.street_code,
        speciality="labour",
        from_name=f"本所{token}",
        to_firm_id=tenant.firm_id,
        to_name=f"他所{token}",
        sent_at=now,
        expires_at=until,
        status="opened",
    )
    db.session.add(packet)
    db.session.flush()
    received = PacketReceived(
        id=packet.id,
        from_firm_id=tenant.firm_id,
        from_name=f"来所{token}",
        community_code=place,
        speciality="labour",
        urgency="normal",
        sent_at=now,
        expires_at=until,
        status="opened",
        opened_at=now,
    )
    db.session.add(received)
    db.session.flush()
    received.sealed = seals.seal(content, PacketReceived, tenant.firm_id, received.id)
    file = PacketFile(
        packet_id=packet.id,
        fields=["words"],
        shows_client=False,
        consent_on=clock.today(),
        consent_how="written",
        ending="pdf",
        digest="0" * 64,
        content=f"同意{token}".encode(),
        sealed=seals.seal(content, PacketFile, tenant.firm_id, packet.id),
        answer=f"答{token}",
    )
    db.session.add(file)
    db.session.flush()
    room.note(packet_id=packet.id, packet_received_id=received.id)
