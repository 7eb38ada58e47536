"""What a correction changes, and who decides on it. Pure.

CORR-1: a request names the session as it was and as it should be; one that changes nothing is none.
CORR-2: whoever asked, and whoever was on duty, does not decide, while the firm has another who may.
CORR-3: a session of a month that a submitted statement has closed is never changed: what was
    agreed to waits for the next open statement.
CORR-4: a request may carry files that prove it, at most three; without any it may be agreed to.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

MOST_FILES = 3


@dataclass(frozen=True, slots=True)
class Version:
    """Where and when a session was; `end` blank when it was never told."""

    community: str
    begin: datetime
    end: datetime | None
    substitute_for: UUID | None

    @property
    def minutes(self) -> int:
        """Whole minutes on site, 0 without a sign-out."""
        return 0 if self.end is None else int((self.end - self.begin).total_seconds()) // 60


def difference_minutes(was: Version | None, wanted: Version) -> int:
    """Return what a correction adds to the minutes, below 0 when it takes some away."""
    return wanted.minutes - (was.minutes if was else 0)


def is_change(was: Version | None, wanted: Version) -> bool:
    """Tell whether anything would be different (CORR-1)."""
    return was != wanted


def may_decide(*, is_own: bool, has_colleague: bool) -> bool:
    """Tell whether somebody who holds the permission may decide (CORR-2)."""
    return not (is_own and has_colleague)
