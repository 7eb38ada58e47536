"""What became of a planned slot? Pure; the plans and sessions of one community and day decide.

Minutes count from the day's midnight, 0 to 1440.

ROSTER-8: a slot is done when its adviser was there for as long as planned, less the tolerance.
ROSTER-9: it is substituted when that took somebody else of the firm: who stood in for its adviser,
who was agreed to come, or who has the community that day and no slot of the own there.
ROSTER-10: less than that is short; a sign-in without a sign-out is short too, not an absence.
ROSTER-11: it is missed when nobody came. Short and missed are said when the day is over.
ROSTER-12: late and early are what lacks at either end of the plan, at most the whole of it.
ROSTER-13: a minute of an adviser counts for one slot: those of one day part in the middle between
them; who came unasked fills the first slot that lacks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from counselhub.core.intervals import Interval, length, union
from counselhub.roster.kinds import SlotStatus

MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class Plan:
    """One slot. agreed_id: who comes in place of its adviser by agreement."""

    slot_id: UUID
    adviser_id: UUID
    agreed_id: UUID | None
    begins: int
    ends: int

    @property
    def minutes(self) -> int:
        """How long it was planned."""
        return self.ends - self.begins


@dataclass(frozen=True, slots=True)
class Came:
    """One session that was not voided. sign_out None: nobody knows.

    is_assigned: whether its adviser has the community that day.
    """

    adviser_id: UUID
    stands_in_for: UUID | None
    sign_in: int
    sign_out: int | None
    is_assigned: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one slot; the figures are None while it is planned or when nobody came."""

    status: SlotStatus
    present_minutes: int | None = None
    late_minutes: int | None = None
    early_minutes: int | None = None
    came_id: UUID | None = None


def outcomes(
    plans: Sequence[Plan], came: Sequence[Came], *, tolerance_minutes: int, is_over: bool
) -> dict[UUID, Outcome]:
    """Return the outcome of each slot of one community and day, by the slot's id.

    is_over: whether the day has passed; until then only what is fulfilled is said.
    """
    ordered = sorted(plans, key=lambda one: (one.begins, one.ends, one.slot_id))
    unasked = _unasked(ordered, came)
    found = {}
    for plan in ordered:
        own = _within(_own_share(plan, ordered), _own(plan, came))
        share = _share(plan, ordered)
        others = _within(share, _asked(plan, came))
        needed = max(1, plan.minutes - tolerance_minutes)
        if length(_spans([*own, *others])) < needed:
            others += _within(share, unasked)
            unasked = [one for one in unasked if not _within(share, [one])]
        found[plan.slot_id] = _outcome(plan, own, others, needed, is_over=is_over)
    return found


def _own(plan: Plan, came: Iterable[Came]) -> list[Came]:
    return [
        one
        for one in came
        if one.adviser_id == plan.adviser_id and one.stands_in_for in (None, plan.adviser_id)
    ]


def _asked(plan: Plan, came: Iterable[Came]) -> list[Came]:
    """Who came for the slot's adviser by name, or by agreement."""
    return [
        one
        for one in came
        if one.adviser_id != plan.adviser_id
        and (
            one.stands_in_for == plan.adviser_id
            or (one.adviser_id == plan.agreed_id and one.stands_in_for is None)
        )
    ]


def _unasked(plans: Sequence[Plan], came: Iterable[Came]) -> list[Came]:
    """Who has the community, no slot of the own there, and stood in for nobody by name."""
    known = {one.adviser_id for one in plans} | {one.agreed_id for one in plans}
    return [
        one
        for one in came
        if one.is_assigned and one.stands_in_for is None and one.adviser_id not in known
    ]


def _own_share(plan: Plan, plans: Iterable[Plan]) -> Interval:
    return _share(plan, [one for one in plans if one.adviser_id == plan.adviser_id])


def _share(plan: Plan, plans: Iterable[Plan]) -> Interval:
    """Return the part of the day that is the slot's, up to the middle between it and the next."""
    others = [one for one in plans if one.slot_id != plan.slot_id]
    before = [(one.ends + plan.begins) // 2 for one in others if one.ends <= plan.begins]
    after = [(plan.ends + one.begins) // 2 for one in others if one.begins >= plan.ends]
    return max(before, default=0), min(after, default=MIDNIGHT)


def _within(share: Interval, came: Iterable[Came]) -> list[Came]:
    """Return the sessions that touch a part of the day, cut to it."""
    first, last = share
    found = []
    for one in came:
        end = one.sign_out
        if one.sign_in >= last or (end is not None and end <= first):
            continue
        cut = None if end is None else min(end, last)
        found.append(
            Came(
                one.adviser_id,
                one.stands_in_for,
                max(one.sign_in, first),
                cut,
                one.is_assigned,
            )
        )
    return found


def _spans(came: Iterable[Came]) -> list[Interval]:
    return [(one.sign_in, one.sign_out) for one in came if one.sign_out is not None]


def _outcome(
    plan: Plan, own: Sequence[Came], others: Sequence[Came], needed: int, *, is_over: bool
) -> Outcome:
    both = [*own, *others]
    if length(_spans(own)) >= needed:
        return _told(SlotStatus.DONE, plan, own, plan.adviser_id)
    if length(_spans(both)) >= needed:
        return _told(SlotStatus.SUBSTITUTED, plan, both, _most(others))
    if not is_over:
        return Outcome(SlotStatus.PLANNED)
    if not both:
        return Outcome(SlotStatus.MISSED)
    return _told(SlotStatus.SHORT, plan, both, plan.adviser_id if own else _most(others))


def _most(came: Sequence[Came]) -> UUID:
    """Return who was there longest, the earlier one of two."""
    by_adviser = {one.adviser_id: 0 for one in sorted(came, key=lambda one: one.sign_in)}
    for adviser_id in by_adviser:
        by_adviser[adviser_id] = length(_spans(c for c in came if c.adviser_id == adviser_id))
    return max(by_adviser, key=lambda one: by_adviser[one])


def _told(status: SlotStatus, plan: Plan, came: Sequence[Came], came_id: UUID) -> Outcome:
    spans = union(_spans(came))
    first = min(one.sign_in for one in came)
    last = max((end for _begin, end in spans), default=plan.ends)
    return Outcome(
        status,
        present_minutes=length(spans),
        late_minutes=min(plan.minutes, max(0, first - plan.begins)),
        early_minutes=min(plan.minutes, max(0, plan.ends - last)),
        came_id=came_id,
    )
