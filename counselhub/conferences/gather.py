"""From rows to facts: who may not come to a conference, and whose time is taken."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select

from counselhub.conferences import rules
from counselhub.conferences.kinds import BusyWith, ConferenceStatus
from counselhub.conferences.models import Conference, ConferenceSeat
from counselhub.conferences.rules import Busy, Span
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.leave import queries as leave
from counselhub.leave.rules import Absence
from counselhub.matters.interests import interests
from counselhub.places.models import Community
from counselhub.referrals.models import Referral
from counselhub.roster.kinds import FREE
from counselhub.roster.models import DutySlot
from counselhub.services.models import ServiceRecord

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Source:
    """What lawyers confer on."""

    service: ServiceRecord
    referral: Referral | None = None


def barred(source: Source, adviser_ids: Collection[UUID]) -> set[UUID]:
    """Return who must not hear of it: walled off, or in a conflict that nobody has settled."""
    service, referral = source.service, source.referral
    known = interests(service.firm_id, service.id, referral.matter_id if referral else None)
    return known.barred.keys() & set(adviser_ids)


def clashes(
    wanted: Span, adviser_ids: Collection[UUID], besides: UUID | None = None
) -> Mapping[UUID, list[Busy]]:
    """Return what takes each lawyer's time during `wanted`, who is free left out.

    besides: the conference that is asked about. Three statements.
    """
    day, busy = wanted.starts.date(), defaultdict[UUID, list[Busy]](list)
    for who, one in [
        *_slots(day, adviser_ids),
        *_leave(day, adviser_ids),
        *_conferences(day, adviser_ids, besides),
    ]:
        busy[who].append(one)
    found = {who: rules.clashes(wanted, several) for who, several in busy.items()}
    return {who: several for who, several in found.items() if several}


def _slots(day: date, adviser_ids: Collection[UUID]) -> list[tuple[UUID, Busy]]:
    comes = func.coalesce(DutySlot.substitute_id, DutySlot.adviser_id)
    query = (
        select(comes, DutySlot.starts, DutySlot.ends, Community.name)
        .join(Community, Community.code == DutySlot.community_code)
        .where(DutySlot.day == day, among(comes, adviser_ids), DutySlot.status.not_in(FREE))
    )
    return [
        (who, Busy(BusyWith.DUTY, _span(day, starts, ends), name))
        for who, starts, ends, name in db.session.execute(query)
    ]


def _leave(day: date, adviser_ids: Collection[UUID]) -> list[tuple[UUID, Busy]]:
    found = leave.away(day, day, list(adviser_ids))
    return [(who, Busy(BusyWith.LEAVE, _span_of(day, absence))) for who, absence in found]


def _span_of(day: date, absence: Absence) -> Span:
    if absence.starts is None or absence.ends is None:
        begin = datetime.combine(day, time())
        return Span(begin, begin + DAY)
    return _span(day, absence.starts, absence.ends)


def _conferences(
    day: date, adviser_ids: Collection[UUID], besides: UUID | None
) -> list[tuple[UUID, Busy]]:
    """Other conferences that stand; their titles may be nobody's business here."""
    query = (
        select(ConferenceSeat.adviser_id, Conference.starts, Conference.ends)
        .join(
            Conference,
            (Conference.firm_id == ConferenceSeat.firm_id)
            & (Conference.id == ConferenceSeat.conference_id),
        )
        .where(
            Conference.day == day,
            Conference.status != ConferenceStatus.CANCELLED,
            among(ConferenceSeat.adviser_id, adviser_ids),
        )
    )
    if besides is not None:
        query = query.where(Conference.id != besides)
    return [
        (who, Busy(BusyWith.CONFERENCE, _span(day, starts, ends)))
        for who, starts, ends in db.session.execute(query)
    ]


def _span(day: date, starts: time, ends: time) -> Span:
    return Span(datetime.combine(day, starts), datetime.combine(day, ends))
