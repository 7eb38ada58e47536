"""Who may cover a slot, and when absences ask for another lawyer. Pure.

COVER-1: whoever covers serves the firm that day and practises; trainees where the firm allows it.
COVER-2: and is free: no slot at that time, the way to and from others (ROSTER-4), no leave.
COVER-3: who has the community comes first, then who serves the street, then who has least planned
in the month, then by name.
COVER-4: an absence is a slot that was missed without a substitute and whose reason was not
accepted; a reason that waits to be judged does not undo it.
COVER-5: so many absences within the firm's window, by default the term of the contract, remind the
manager that the adviser may have to be replaced; what was answered reminds again with the next one.
A slot beside the terms (加班次) counts for the contract in force in its community that day.
COVER-6: a month that a submitted statement has closed asks for no reasons and judges none.
COVER-7: the community is told of what was agreed, and of what was taken back after it was told;
that it knows it says itself, by its own link.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from counselhub.core.intervals import length
from counselhub.cover.kinds import Block, Plus, Telling
from counselhub.roster.facts import Place, Travel
from counselhub.roster.rules import Clash, clash

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Colleague:
    """A lawyer of the firm. places: what else takes the time that day."""

    adviser_id: UUID
    name: str
    joined_on: date | None
    left_on: date | None
    is_trainee: bool
    has_community: bool
    serves_street: bool
    month_minutes: int
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague with what speaks for and against asking; `block` None: may be asked."""

    colleague: Colleague
    pluses: tuple[Plus, ...]
    block: Block | None = None
    clash: Clash | None = None


def candidates(
    wanted: Place,
    colleagues: Iterable[Colleague],
    travel: Travel,
    *,
    with_trainees: bool = False,
    away: Collection[UUID] = (),
) -> list[Candidate]:
    """Return everybody but the slot's own adviser: who may be asked first, best first (COVER-3).

    away: who is on leave at that time.
    """
    found = [
        _candidate(wanted, one, travel, with_trainees, away)
        for one in colleagues
        if one.adviser_id != wanted.adviser_id
    ]
    return sorted(found, key=_order)


def _candidate(
    wanted: Place, one: Colleague, travel: Travel, with_trainees: bool, away: Collection[UUID]
) -> Candidate:
    pluses = (
        *((Plus.BACKUP,) if one.has_community else (Plus.STREET,) if one.serves_street else ()),
        *(() if one.places else (Plus.FREE_DAY,)),
    )
    if (one.joined_on and one.joined_on > wanted.day) or (one.left_on and one.left_on < wanted.day):
        return Candidate(one, pluses, Block.GONE)
    if one.is_trainee and not with_trainees:
        return Candidate(one, pluses, Block.TRAINEE)
    if one.adviser_id in away:
        return Candidate(one, pluses, Block.AWAY)
    there = Place(one.adviser_id, wanted.community, wanted.day, wanted.begins, wanted.ends)
    if found := clash(there, one.places, travel):
        return Candidate(one, pluses, Block.BUSY if found.is_overlap else Block.TOO_NEAR, found)
    return Candidate(one, pluses)


def _order(one: Candidate) -> tuple[bool, bool, bool, int, str]:
    colleague = one.colleague
    return (
        one.block is not None,
        not colleague.has_community,
        not colleague.serves_street,
        colleague.month_minutes,
        colleague.name,
    )


def planned_minutes(places: Iterable[Place]) -> int:
    """Return the minutes of slots that do not overlap, of any days."""
    by_day: defaultdict[date, list[tuple[int, int]]] = defaultdict(list)
    for one in places:
        by_day[one.day].append((one.begins, one.ends))
    return sum(length(spans) for spans in by_day.values())


def telling(
    agreed_at: datetime | None, told_at: datetime | None, known_at: datetime | None
) -> Telling | None:
    """Return what the community knows (COVER-7), None while there is nothing to tell."""
    if agreed_at is None:
        return None
    if known_at is not None:
        return Telling.KNOWN
    return Telling.UNTOLD if told_at is None else Telling.TOLD


@dataclass(frozen=True, slots=True)
class Absence:
    """A slot that was missed and not excused (COVER-4), with the contract that asked for it."""

    slot_id: UUID
    adviser_id: UUID
    contract_id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Reminder:
    """One adviser under one contract; absences: the latest window that holds enough, by day."""

    adviser_id: UUID
    contract_id: UUID
    absences: tuple[Absence, ...]


def reminders(
    absences: Iterable[Absence],
    answered: Collection[UUID],
    *,
    limit: int,
    months: int | None,
) -> list[Reminder]:
    """Return who has `limit` absences within `months` (None: the contract's term) of each other.

    answered: slots of earlier answers; a window of nothing but these reminds no more.
    """
    by_post: defaultdict[tuple[UUID, UUID], list[Absence]] = defaultdict(list)
    for one in absences:
        by_post[one.adviser_id, one.contract_id].append(one)
    found = []
    for (adviser_id, contract_id), own in by_post.items():
        own.sort(key=lambda one: (one.day, one.slot_id))
        window = _latest_window(own, limit, months)
        if any(one.slot_id not in answered for one in window):
            found.append(Reminder(adviser_id, contract_id, tuple(window)))
    return sorted(found, key=lambda one: (-len(one.absences), one.absences[-1].day))


def _latest_window(own: Sequence[Absence], limit: int, months: int | None) -> Sequence[Absence]:
    """Return the absences up to the last one that lie within the window, none when too few."""
    for last in range(len(own), limit - 1, -1):
        within = [
            one
            for one in own[:last]
            if months is None or one.day > _months_before(own[last - 1].day, months)
        ]
        if len(within) >= limit:
            return within
    return ()


def _months_before(day: date, months: int) -> date:
    """Return the same day so many months ago, the month's last where it has no such day."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 - months, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
