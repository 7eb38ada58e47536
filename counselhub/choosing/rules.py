"""Who should lead where? Pure: wishes and facts in, proposals with their reasons out.

CHOICE-1: nobody leads more communities than the round allows, those outside it counted too.
CHOICE-2: what a community wishes gives 40, 30, 20, 15 or 10 by rank.
CHOICE-3: what a lawyer wishes gives 30, 24, 18, 12 or 6 by rank.
CHOICE-4: who leads there already gives 15.
CHOICE-5: each kind on the community's list of needs that a lawyer knows gives 5, at most 15.
CHOICE-6: who leads another community of the street already gives 5.
CHOICE-7: the highest sum comes first; equal ones go to the smaller load, then by name and code.
CHOICE-8: trainees lead nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from uuid import UUID

from counselhub.choosing.kinds import Plus

COMMUNITY_POINTS = (40, 30, 20, 15, 10)
LAWYER_POINTS = (30, 24, 18, 12, 6)
STAYS, EACH_NEED, MOST_NEEDS, NEAR = 15, 5, 15, 5


@dataclass(frozen=True, slots=True)
class Lawyer:
    """Who may lead. order: the key of his name; leads: codes led today; kept: led outside."""

    id: UUID
    order: str
    wishes: Mapping[str, int] = field(default_factory=dict)
    """Rank by community, 1 first."""
    knows: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    kept: int = 0
    is_trainee: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A community that wants a lead. wishes: rank by lawyer, 1 first."""

    code: str
    wishes: Mapping[UUID, int] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who is proposed for a community, None where nobody has room, and what speaks for it."""

    code: str
    adviser_id: UUID | None
    reasons: tuple[Plus, ...] = ()


def match(lawyers: Sequence[Lawyer], places: Sequence[Place], most: int) -> list[Proposal]:
    """Return one proposal for each community, in the order of `places`.

    most: how many communities one lawyer leads at most.
    """
    able = [one for one in lawyers if not one.is_trainee]
    load = [one.kept for one in able]
    heap = [
        (-sum(points(one, place).values()), load[who], one.order, place.code, who, where)
        for who, one in enumerate(able)
        for where, place in enumerate(places)
        if load[who] < most
    ]
    heapify(heap)
    found: dict[int, int] = {}
    while heap:
        score, seen, order, code, who, where = heappop(heap)
        if where in found or load[who] >= most:
            continue
        if seen != load[who]:  # he has got another one since
            heappush(heap, (score, load[who], order, code, who, where))
            continue
        found[where] = who
        load[who] += 1
    return [
        _proposal(able[found[where]], place) if where in found else Proposal(place.code, None)
        for where, place in enumerate(places)
    ]


def points(one: Lawyer, place: Place) -> dict[Plus, int]:
    """Return what speaks for a lawyer in a community, with its points; only what counts."""
    near = any(code[:9] == place.code[:9] and code != place.code for code in one.leads)
    given = {
        Plus.COMMUNITY_WISH: _of_rank(COMMUNITY_POINTS, place.wishes.get(one.id)),
        Plus.LAWYER_WISH: _of_rank(LAWYER_POINTS, one.wishes.get(place.code)),
        Plus.STAYS: STAYS if place.code in one.leads else 0,
        Plus.NEEDS: min(MOST_NEEDS, EACH_NEED * len(place.needs & one.knows)),
        Plus.NEAR: NEAR if near else 0,
    }
    return {plus: worth for plus, worth in given.items() if worth}


def _of_rank(worth: Sequence[int], rank: int | None) -> int:
    return 0 if rank is None else worth[rank - 1]


def _proposal(one: Lawyer, place: Place) -> Proposal:
    given = points(one, place)
    return Proposal(place.code, one.id, tuple(sorted(given, key=lambda plus: -given[plus])))
