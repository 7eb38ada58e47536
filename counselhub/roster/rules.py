"""Who serves where and when in a month? Pure; the same facts and seed give the same roster.

ROSTER-4: no adviser is in two communities at once, and has the time to travel between them.
ROSTER-5: what a person moved, what is past or no longer planned stays; what is planned stays as
long as it may. Only the rest is filled.
A day counts once for a term and its community.
ROSTER-6: the lead comes first, then who stands by. A quota that nobody can fill says why.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from counselhub.roster.facts import Ask, Held, Key, Missing, Place, Post, Travel, Why
from counselhub.roster.quotas import Quota, Span, drawn, quotas
from counselhub.roster.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a month's roster depends on.

    away: (adviser, day) that is not to be planned. away_hours: the same from minute up to minute.
    """

    span: Span
    asks: Sequence[Ask]
    posts: Sequence[Post]
    held: Sequence[Held]
    calendar: Calendar
    travel: Travel
    seed: int
    away: Collection[tuple[UUID, date]] = ()
    away_hours: Collection[tuple[UUID, date, int, int]] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The slots of a month by the quota they fill, beside those that are fixed, and what lacks."""

    slots: Mapping[Key, Place]
    missing: Sequence[Missing]


class Clash(NamedTuple):
    """What is in the way of a place: another one, at the same time or too near to travel."""

    other: Place
    is_overlap: bool


def clash(place: Place, others: Iterable[Place], travel: Travel) -> Clash | None:
    """Return the first of `others` that its adviser cannot serve beside `place`, None when none."""
    for other in sorted(others, key=lambda one: (one.day, one.begins, one.community)):
        if other.adviser_id != place.adviser_id or other.day != place.day:
            continue
        if place.begins < other.ends and other.begins < place.ends:
            return Clash(other, is_overlap=True)
        apart = max(place.begins - other.ends, other.begins - place.ends)
        if apart < travel.between(place, other):
            return Clash(other, is_overlap=False)
    return None


def roster(facts: Facts) -> Roster:
    """Return the month's roster; every quota has its slot, a fixed one, or a reason."""
    wanted, missing = _needs(facts)
    board = _Board(facts)
    slots: dict[Key, Place] = {}
    present = {one.key: one.place for one in facts.held if one.key and not one.is_fixed}
    for quota in wanted:  # what is there stays before anything new is placed
        if (place := present.get(quota.key)) and board.keeps(quota, place):
            slots[quota.key] = board.take(place, quota.key)
    for quota in wanted:
        if quota.key in slots:
            continue
        found = board.best(quota)
        if isinstance(found, Place):
            slots[quota.key] = board.take(found, quota.key)
        else:
            missing.append(found)
    return Roster(slots, sorted(missing, key=lambda one: one.key))


def _needs(facts: Facts) -> tuple[list[Quota], list[Missing]]:
    """Return what no fixed slot fills: those with the fewest days first, ties by the seed."""
    filled = {one.key for one in facts.held if one.key and one.is_fixed}
    wanted: list[Quota] = []
    missing: list[Missing] = []
    for ask in facts.asks:
        due, lacking = quotas(ask, facts.span, facts.calendar, facts.seed)
        wanted += [one for one in due if one.key not in filled]
        missing += [one for one in lacking if one.key not in filled]
    wanted.sort(key=lambda one: (len(one.days), one.days[0], drawn(facts.seed, *one.key), one.key))
    return wanted, missing


class _Board:
    """Who is where so far."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._taken: defaultdict[tuple[UUID, date], list[Place]] = defaultdict(list)
        self._days: defaultdict[str, Counter[date]] = defaultdict(Counter)
        self._of_term: dict[tuple[UUID, str, date], Place] = {}
        self._posts: defaultdict[str, list[Post]] = defaultdict(list)
        self._hours: defaultdict[tuple[UUID, date], list[tuple[int, int]]] = defaultdict(list)
        for adviser_id, day, begins, ends in facts.away_hours:
            self._hours[adviser_id, day].append((begins, ends))
        for post in facts.posts:
            self._posts[post.community].append(post)
        for posts in self._posts.values():
            posts.sort(key=lambda one: (not one.is_lead, drawn(facts.seed, one.adviser_id)))
        for one in facts.held:
            if one.is_fixed and not one.is_free:
                self.take(one.place, one.key)

    def take(self, place: Place, key: Key | None) -> Place:
        """Note that its adviser is there, and which quota it fills."""
        if key is not None:
            self._of_term[key.term_id, place.community, place.day] = place
        self._taken[place.adviser_id, place.day].append(place)
        self._days[place.community][place.day] += 1
        return place

    def keeps(self, quota: Quota, place: Place) -> bool:
        """Whether a planned slot may stay where it is."""
        return (
            place.day in quota.days
            and (place.begins, place.ends) == (quota.begins, quota.ends)
            and any(
                one.adviser_id == place.adviser_id and one.holds(place.day)
                for one in self._posts[place.community]
            )
            and self._refusal(place, quota.key) is None
        )

    def best(self, quota: Quota) -> Place | Missing:
        """Return the first place that nothing is in the way of, else the first obstacle."""
        first: tuple[Why, Place | None] | None = None
        for is_lead in (True, False):
            for day in self._in_order(quota):
                for post in self._on(quota.key.community, day, is_lead):
                    place = Place(
                        post.adviser_id, quota.key.community, day, quota.begins, quota.ends
                    )
                    refusal = self._refusal(place, quota.key)
                    if refusal is None:
                        return place
                    first = first or refusal
        why, other = first or (Why.NO_ADVISER, None)
        return Missing(quota.key, why, quota.days[0], quota.begins, quota.ends, other)

    def _in_order(self, quota: Quota) -> list[date]:
        """Return its days; those on which the community has a visit already come last."""
        visits = self._days[quota.key.community]
        return sorted(quota.days, key=lambda day: visits[day] > 0)

    def _on(self, community: str, day: date, is_lead: bool) -> list[Post]:
        posts = self._posts[community]
        return [one for one in posts if one.is_lead is is_lead and one.holds(day)]

    def _refusal(self, place: Place, key: Key) -> tuple[Why, Place | None] | None:
        if same := self._of_term.get((key.term_id, place.community, place.day)):
            return Why.TWICE, same
        if self._is_away(place):
            return Why.AWAY, None
        others = self._taken[place.adviser_id, place.day]
        found = clash(place, others, self._facts.travel)
        return (Why.BUSY, found.other) if found else None

    def _is_away(self, place: Place) -> bool:
        if (place.adviser_id, place.day) in self._facts.away:
            return True
        return any(
            begins < place.ends and place.begins < ends
            for begins, ends in self._hours[place.adviser_id, place.day]
        )


def loads(places: Iterable[Place]) -> dict[UUID, int]:
    """Return in how many communities each adviser has a slot."""
    served: defaultdict[UUID, set[str]] = defaultdict(set)
    for place in places:
        served[place.adviser_id].add(place.community)
    return {adviser_id: len(communities) for adviser_id, communities in served.items()}
