"""Hold what another system recorded against the phone's sessions. Pure; minutes of one day.

ATT-1: two punches of a person in one minute count once.
ATT-2: a visit is the earliest and the latest punch of one adviser at one community on one day.
ATT-3: it agrees with the phone when sign-in and sign-out are each within the tolerance; several
    sessions of the phone at the same community are held against it as a whole.
ATT-4: where the phone has no sign-out, the sign-in alone is held against it, and a person decides.
ATT-5: a visit at a community where the phone has nothing, while it has a session elsewhere at that
    time, is a difference of place; without one it is one of presence.
ATT-6: one punch alone proves no stay.
ATT-7: what somebody else entered (补卡, 管理员, BOSS, APPROVE), what was punched outside (外勤) or
    was judged invalid goes to a person, whatever it agrees with.
ATT-8: a place is what the firm has said of it; where it has said nothing, the one community of that
    day's sessions, else of that day's slots, else of the day's assignments. A written address that
    nobody has explained waits when only assignments would speak for it.
ATT-9: the sheet says 一致 of a session that agrees and that nobody had to settle; that vouches for
    the session (EVID-8) where the firm has said of each punch's address that it is the community.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from counselhub.attendance.kinds import MARKS, Finding, Mark, Verdict
from counselhub.duty.kinds import MatchVerdict

TOLERANCE_MINUTES = 15
"""What phone and machine may be apart and still agree."""


@dataclass(frozen=True, slots=True)
class Punch:
    """One punch of the other system; `community` None: nobody said, "" nowhere on duty."""

    at: datetime
    mark: Mark
    community: str | None
    has_place: bool = False
    """Whether the record names an address or a base, that the firm could explain."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One session of the phone; `end` None without a sign-out."""

    community: str
    begin: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """What else is known of an adviser's day: sessions, and where slots and assignments are."""

    stays: Sequence[Stay] = ()
    slots: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Visit:
    """Earliest and latest punch at one community (ATT-2)."""

    community: str
    first: datetime
    last: datetime
    punches: int
    mark: Mark
    is_placed: bool = False
    """Whether the firm has said of each punch's address that it is this community."""


def visits(punches: Iterable[Punch], day: Day) -> list[Visit]:
    """Return the visits that a day's punches tell of, by community; those of no place are none."""
    by_place: dict[str, list[Punch]] = {}
    for punch in punches:
        if place := community_of(punch, day):
            by_place.setdefault(place, []).append(punch)
    return [_visit(place, found) for place, found in sorted(by_place.items())]


def _visit(place: str, punches: Sequence[Punch]) -> Visit:
    times = {punch.at.replace(second=0, microsecond=0) for punch in punches}
    worst = max((punch.mark for punch in punches), key=MARKS.index)
    told = all(punch.community is not None for punch in punches)
    return Visit(place, min(times), max(times), len(times), worst, is_placed=told)


def community_of(punch: Punch, day: Day) -> str | None:
    """Return where a punch was made, "" or None when on no duty or nobody knows (ATT-8)."""
    if punch.community is not None:
        return punch.community
    sources = [frozenset(stay.community for stay in day.stays), day.slots]
    if not punch.has_place:
        sources.append(day.assigned)
    for places in sources:
        if places:
            return next(iter(places)) if len(places) == 1 else None
    return None


def finding(visit: Visit, stays: Sequence[Stay], tolerance: int = TOLERANCE_MINUTES) -> Finding:
    """Return what a visit and the sessions of its adviser's day say of each other.

    stays: all of that day, of every community, that were not voided.
    """
    if visit.mark is not Mark.PLAIN:
        return Finding.REVIEW
    here = [stay for stay in stays if stay.community == visit.community]
    if not here:
        is_elsewhere = any(meets(visit, stay) for stay in stays)
        return Finding.OTHER_PLACE if is_elsewhere else Finding.NO_SESSION
    if visit.punches == 1:
        return Finding.ONE_PUNCH
    begin = min(stay.begin for stay in here)
    ends = [stay.end for stay in here if stay.end]
    if len(ends) < len(here):
        return Finding.NO_SIGN_OUT
    agrees = _apart(visit.first, begin) <= tolerance and _apart(visit.last, max(ends)) <= tolerance
    return Finding.AGREES if agrees else Finding.TIMES


def meets(visit: Visit, stay: Stay) -> bool:
    """Tell whether nobody could have been at both, were they two places."""
    ends = stay.end or stay.begin
    return stay.begin <= visit.last and visit.first <= ends


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of holding a visit against the phone; `verdict` once a person has settled it."""

    finding: Finding
    verdict: Verdict | None
    is_placed: bool


def word(compared: Compared | None) -> MatchVerdict:
    """Return what the sign-in sheet says of a session (ATT-9); None: no visit speaks of it."""
    if compared is None:
        return MatchVerdict.NONE
    if compared.verdict:
        return MatchVerdict(compared.verdict.value)
    return MatchVerdict.AGREES if compared.finding is Finding.AGREES else MatchVerdict.OPEN


def is_proof(compared: Compared | None) -> bool:
    """Tell whether a comparison vouches for the session (ATT-9)."""
    return bool(compared and compared.is_placed) and word(compared) is MatchVerdict.AGREES


def _apart(one: datetime, other: datetime) -> float:
    return abs((one - other).total_seconds()) / 60
