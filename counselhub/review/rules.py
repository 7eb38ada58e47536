"""What the office's review decides without a database: undoing, blanks, days, appeals. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

UNDO_WITHIN = timedelta(minutes=10)
"""REV-1: how long whoever did something to lines may take it back at once."""
BLANK = re.compile(r"[{｛]([^{}｛｝\n]{1,20})[}｝]")
"""A blank of a canned sentence, as it is written: {日期}."""


def may_undo(
    done_at: datetime | None, done_by: UUID | None, *, now: datetime, by: UUID | None
) -> bool:
    """Say whether `by` may undo at `now` what `done_by` did (REV-1); exactly ten minutes still."""
    if done_at is None or by is None or done_by != by:
        return False
    return now - done_at <= UNDO_WITHIN


def blanks(words: str) -> list[str]:
    """Return the names of the blanks that are still open in a sentence, each once (REV-2)."""
    return list(dict.fromkeys(BLANK.findall(words)))


def payable_of(amounts_fen: Iterable[int]) -> int:
    """Return what a statement of these lines pays, in fen: never below 0 (M11)."""
    return max(0, sum(amounts_fen))
