"""A few clients of the demonstration: names that nobody has, numbers that nobody is given."""

from datetime import date
from itertools import cycle

from sqlalchemy import select

from counselhub.clients.actions import ClientEntry, attach
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.services.models import ServiceRecord

KINDS = ("consultation", "mediation", "drafting", "legal_aid")
NAMES = ("甄有其", "贾如真", "欧阳某", "吴此人", "甄某某", "")
CLIENTS = 40


def enter_clients(since: date, *, by: Member) -> None:
    """Name somebody on every third service of the firm since then; some come again."""
    query = (
        select(ServiceRecord)
        .where(ServiceRecord.kind.in_(KINDS), ServiceRecord.day >= since)
        .order_by(ServiceRecord.day, ServiceRecord.number)
    )
    places = cycle(range(CLIENTS))
    for record in db.session.scalars(query).all()[::3]:
        place = next(places)
        name, phone = NAMES[place % len(NAMES)], f"138000000{place:02d}"
        attach(record, ClientEntry(name, phone, informed=place % 4 > 0), by=by)
