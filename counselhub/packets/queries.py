"""Packets as lists and pages show them: sent, received, known to the office."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.core import clock, sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.packets.kinds import WAITING
from counselhub.packets.models import Packet, PacketFile, PacketReceived
from counselhub.places.models import Community

SENT_SORTS: sorting.Sorts = {"sent": (Packet.sent_at, Packet.id)}
RECEIVED_SORTS: sorting.Sorts = {"sent": (PacketReceived.sent_at, PacketReceived.id)}
KNOWN_SORTS: sorting.Sorts = {
    "sent": (Packet.sent_at, Packet.id),
    "community": (Community.pinyin, Packet.sent_at, Packet.id),
    "firm": (Packet.from_name, Packet.sent_at, Packet.id),
}


def sent_list(sort: str) -> Select[Packet]:
    """Select the packets that the firm sent, with community and referral."""
    query = visible(Packet).options(joinedload(Packet.community), joinedload(Packet.referral))
    return sorting.ordered(query, SENT_SORTS, sort)


def received_list(sort: str) -> Select[PacketReceived]:
    """Select the packets that the firm received, with the community."""
    query = visible(PacketReceived).options(joinedload(PacketReceived.community))
    return sorting.ordered(query, RECEIVED_SORTS, sort)


def known_list(street_code: str, words: str, sort: str) -> Select[Packet]:
    """Select what the office of a street knows. words: of a community or a firm.

    The street is asked for beside row security, whose several policies no index answers.
    """
    query = visible(Packet).join(Packet.community).options(contains_eager(Packet.community))
    query = query.where(Packet.street_code == street_code)
    for word in words.split()[:5]:
        query = query.where(
            Community.search.contains(word.lower(), autoescape=True)
            | Packet.from_name.icontains(word, autoescape=True)
            | Packet.to_name.icontains(word, autoescape=True)
        )
    return sorting.ordered(query, KNOWN_SORTS, sort)


def tallies() -> dict[str, int]:
    """Return how many received packets wait for an answer, and how many were sent."""
    waiting = select(func.count()).where(
        PacketReceived.status.in_(WAITING), PacketReceived.expires_at > clock.now()
    )
    sent = select(func.count()).select_from(Packet)
    row = db.session.execute(select(waiting.scalar_subquery(), sent.scalar_subquery())).one()
    return {"waiting": row[0], "sent": row[1]}


def file_of(packet: Packet) -> PacketFile:
    """Return the sender's file of a packet, without the content of the consent."""
    return db.session.get_one(PacketFile, (packet.firm_id, packet.id))


def of_referral(referral_id: UUID) -> Sequence[Packet]:
    """Return the packets of a referral, newest first."""
    query = visible(Packet).where(Packet.referral_id == referral_id)
    return db.session.scalars(query.order_by(Packet.sent_at.desc())).all()


def whole_way(row: Any) -> list[Event]:
    """Return every act on a packet, as the own side has it, newest first."""
    query = select(Event).where(Event.subject_id == row.id, Event.subject == row.__tablename__)
    return list(db.session.scalars(query.order_by(Event.at.desc(), Event.id.desc())))
