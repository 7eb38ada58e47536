"""What is done by itself: packets that nobody answered in their term end on both sides."""

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.rounds import Round
from counselhub.packets import actions
from counselhub.packets.kinds import WAITING
from counselhub.packets.models import Packet
from counselhub.people.queries import every_firm


def run() -> None:
    """End the packets of every firm that are over; each one is kept at once."""
    with Round() as each:
        for firm_id, _code in every_firm():
            with each.firm(firm_id) as by:
                _end_over(by)


def _end_over(by: Member) -> None:
    over = Packet.status.in_(WAITING), Packet.expires_at <= clock.now()
    for packet in db.session.scalars(select(Packet).where(*over)).all():
        actions.expire(packet, by=by)
        db.session.commit()
