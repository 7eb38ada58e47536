"""The taps of a session as its page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from counselhub.duty.kinds import PunchKind, PunchTiming
from counselhub.duty.models import DutyPunch

TONES = {
    PunchTiming.AT_ONCE: "success",
    PunchTiming.OFFLINE: "info",
    PunchTiming.LATE: "warning",
    PunchTiming.FUTURE: "warning",
}
WRONG_CLOCK_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Shown:
    """One tap; offset_minutes 0 while the phone's clock was right to two minutes."""

    kind: PunchKind
    timing: PunchTiming
    tone: str
    counts_at: datetime
    claimed_at: datetime
    arrived_at: datetime
    offset_minutes: int
    is_signed: bool
    """Whether the lawyer noted that the community signed on paper."""

    @property
    def later(self) -> bool:
        """Whether it did not arrive when it was tapped."""
        return self.timing != PunchTiming.AT_ONCE


def shown(punches: Iterable[DutyPunch]) -> list[Shown]:
    """Return the taps as they are shown, in the order given."""
    return [_one(punch) for punch in punches]


def _one(punch: DutyPunch) -> Shown:
    timing, offset = PunchTiming(punch.timing), abs(punch.offset_seconds or 0)
    return Shown(
        kind=PunchKind(punch.kind),
        timing=timing,
        tone=TONES[timing],
        counts_at=punch.counts_at,
        claimed_at=punch.claimed_at,
        arrived_at=punch.arrived_at,
        offset_minutes=offset // 60 if offset > WRONG_CLOCK_SECONDS else 0,
        is_signed=bool(punch.community_confirmed),
    )
