"""What a tap on the phone is worth: when it counts, and what all taps of a day make. Pure.

PUNCH-1: the phone's clock is put right by the offset it measured when it last spoke to the server.
PUNCH-2: a claim in the future counts when it arrives.
PUNCH-3: what arrives at once (within 2 minutes) counts by the server's clock.
PUNCH-4: what arrives later counts as claimed, up to a setting of hours.
PUNCH-5: what arrives later than that counts when it arrives; the difference is kept and shown.
PUNCH-6: the sessions follow from the set of taps, whatever the order or number of their arrivals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from counselhub.duty.kinds import PunchKind, PunchTiming, PunchVerdict
from counselhub.duty.rules import LONGEST_STAY

AT_ONCE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """A tap as the phone tells it; instants of the phone's own clock, aware.

    offset: what the server's clock was ahead of the phone's when they last spoke, None if never.
    """

    tapped_at: datetime
    sent_at: datetime
    offset: timedelta | None


@dataclass(frozen=True, slots=True)
class Judged:
    """When a tap counts, why then, and when it says it was."""

    counts_at: datetime
    timing: PunchTiming
    claimed_at: datetime


def judge(claim: Claim, arrived_at: datetime, longest_offline: timedelta) -> Judged:
    """Return when a tap counts that arrives at `arrived_at` (the server's clock)."""
    offset = arrived_at - claim.sent_at if claim.offset is None else claim.offset
    claimed = claim.tapped_at + offset
    late = arrived_at - claimed
    if late < -AT_ONCE:
        return Judged(arrived_at, PunchTiming.FUTURE, claimed)
    if late <= AT_ONCE:
        return Judged(arrived_at, PunchTiming.AT_ONCE, claimed)
    if late <= longest_offline:
        return Judged(claimed, PunchTiming.OFFLINE, claimed)
    return Judged(arrived_at, PunchTiming.LATE, claimed)


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap as it counts: whole minutes of Shanghai's wall clock.

    ends: of a sign-out, the key of the sign-in (or the id of the session) that it ends.
    """

    key: UUID
    kind: PunchKind
    at: datetime
    community: str = ""
    substitute_for: UUID | None = None
    ends: UUID | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A session that taps do not make: added or changed by hand, imported, or voided.

    keys: the sign-ins that led to it. end: None while open, or when it was never told.
    """

    id: UUID
    community: str
    begin: datetime
    end: datetime | None
    is_open: bool = False
    is_voided: bool = False
    keys: frozenset[UUID] = frozenset()

    def holds(self, at: datetime) -> bool:
        """Tell whether somebody was here at `at`, as far as it is told."""
        if self.is_voided or at < self.begin:
            return False
        return self.is_open if self.end is None else at < self.end


@dataclass(slots=True)
class Stay:
    """A session that taps make; end None: no sign-out so far."""

    community: str
    begin: datetime
    substitute_for: UUID | None
    end: datetime | None = None
    keys: list[UUID] = field(default_factory=list)
    out: UUID | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """What taps come to. ended: when taps end sessions that are known."""

    stays: Sequence[Stay]
    verdicts: dict[UUID, PunchVerdict]
    ended: dict[UUID, datetime]


def merge(taps: Iterable[Tap], known: Sequence[Known] = ()) -> Merged:
    """Return the sessions of one adviser and day, and what became of every tap (PUNCH-6).

    A further sign-in at the same place joins the session that is open. One at another place leaves
    the earlier session without an end: that is asked for, never guessed. Of several sign-outs the
    earliest counts.
    """
    by_key = {tap.key: tap for tap in taps}
    fold = _Fold(known)
    for tap in sorted(by_key.values(), key=lambda one: (one.at, one.kind == PunchKind.IN, one.key)):
        if tap.kind == PunchKind.IN:
            fold.verdicts[tap.key] = fold.sign_in(tap)
        else:
            fold.verdicts[tap.key] = fold.sign_out(tap, by_key.get(tap.ends or tap.key))
    return Merged(fold.stays, fold.verdicts, fold.ended)


class _Fold:
    """The day so far, tap by tap; at the same minute a sign-out comes before a sign-in."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.known = known
        self.stays: list[Stay] = []
        self.verdicts: dict[UUID, PunchVerdict] = {}
        self.ended: dict[UUID, datetime] = {}
        self.owner: dict[UUID, Stay | Known] = {}
        for one in known:
            self.owner |= dict.fromkeys([one.id, *one.keys], one)

    def sign_in(self, tap: Tap) -> PunchVerdict:
        for one in self.known:
            if one.is_voided and (one.community, one.begin) == (tap.community, tap.at):
                return PunchVerdict.VOIDED
            if one.holds(tap.at) and tap.at < self.ended.get(one.id, tap.at + MINUTE):
                if one.community != tap.community:
                    return PunchVerdict.TWO_PLACES
                self.owner[tap.key] = one
                return PunchVerdict.JOINED
        joined = self._open_at(tap)
        stay = joined or Stay(tap.community, tap.at, tap.substitute_for)
        if joined is None:
            self.stays.append(stay)
        stay.keys.append(tap.key)
        self.owner[tap.key] = stay
        return PunchVerdict.JOINED if joined else PunchVerdict.COUNTED

    def _open_at(self, tap: Tap) -> Stay | None:
        """The session that a further sign-in at the same place belongs to."""
        for stay in self.stays:
            if (stay.community, stay.begin) == (tap.community, tap.at):
                return stay
        last = self.stays[-1] if self.stays else None
        is_open = last is not None and last.end is None and last.community == tap.community
        return last if is_open else None

    def sign_out(self, tap: Tap, sign_in: Tap | None) -> PunchVerdict:
        owner = self.owner.get(tap.ends or tap.key)
        if owner is None:
            return _untimely(sign_in, tap) if sign_in else PunchVerdict.WAITING
        if isinstance(owner, Known) and owner.is_voided:
            return PunchVerdict.VOIDED
        ended = self.ended.get(owner.id, owner.end) if isinstance(owner, Known) else owner.end
        if ended is not None:
            return PunchVerdict.JOINED
        if fault := _fault(owner.begin, tap.at):
            return fault
        if self._elsewhere(owner, tap.at):
            return PunchVerdict.TWO_PLACES
        return self._end(owner, tap)

    def _end(self, owner: Stay | Known, tap: Tap) -> PunchVerdict:
        if isinstance(owner, Stay):
            owner.end, owner.out = tap.at, tap.key
        elif owner.is_open:
            self.ended[owner.id] = tap.at
        else:
            return PunchVerdict.JOINED
        return PunchVerdict.COUNTED

    def _elsewhere(self, owner: Stay | Known, end: datetime) -> bool:
        """Whether there was presence at another place between sign-in and `end`."""
        others = [(o.community, o.begin, o.end) for o in self.stays]
        others += [
            (o.community, o.begin, self.ended.get(o.id, o.end))
            for o in self.known
            if not o.is_voided
        ]
        return any(
            place != owner.community and begin < end and (left or begin + MINUTE) > owner.begin
            for place, begin, left in others
        )


def _untimely(sign_in: Tap, tap: Tap) -> PunchVerdict:
    """Why a sign-out finds no session although its sign-in is there."""
    return _fault(sign_in.at, tap.at) or PunchVerdict.TWO_PLACES


def _fault(begin: datetime, end: datetime) -> PunchVerdict | None:
    if end <= begin:
        return PunchVerdict.TOO_SOON
    if end.date() != begin.date():
        return PunchVerdict.OTHER_DAY
    return PunchVerdict.TOO_LONG if end - begin > LONGEST_STAY else None
