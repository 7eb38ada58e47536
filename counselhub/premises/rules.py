"""When a letter and a repair are due, and what a room lacks. Pure; the day comes as an argument."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from counselhub.premises.kinds import PLANNED, Condition, IssueKind, IssueStatus

FRIDAY = 4
SOON_DAYS = 7
"""So many days before its planned day a repair is called due."""
BOARD_DAYS = 92
"""A notice board whose content is older than a quarter is out of date."""
INSPECTION_DAYS = 92
"""A room is looked at once a quarter."""
NEEDED = frozenset({Condition.DESK, Condition.SIGN})
"""Without these nobody can hold duty, or find it."""


def letter_due(reported_on: date, weekday: int) -> date:
    """Return the day by which the stamped letter is to be there. weekday: 0 is Monday.

    PREM-1: the first such weekday after the day of the report, never that day itself.
    """
    return reported_on + timedelta(days=(weekday - reported_on.weekday() - 1) % 7 + 1)


def standing(status: IssueStatus, planned_on: date | None, today: date) -> IssueStatus:
    """Return where an issue stands today, whatever the nightly job has written so far.

    PREM-2: from seven days before its planned day it is due; after that day it is overdue.
    """
    if status not in PLANNED or planned_on is None:
        return status
    if planned_on < today:
        return IssueStatus.OVERDUE
    if planned_on <= today + timedelta(days=SOON_DAYS):
        return IssueStatus.DUE
    return IssueStatus.EXPLAINED


@dataclass(frozen=True, slots=True)
class RoomFact:
    """What was found in one community; None where nobody has looked."""

    has_room: bool | None
    conditions: Collection[str]
    has_board: bool | None
    board_current_on: date | None


def lacking(room: RoomFact, today: date) -> list[IssueKind]:
    """Return the issues that what was found gives reason for.

    PREM-3: a room without desk or sign is poor; a board is out of date when its content is older
    than a quarter or nobody knows how old it is. What nobody has looked at gives no reason.
    """
    found = []
    if room.has_room is False:
        found.append(IssueKind.NO_ROOM)
    elif room.has_room and not set(room.conditions) >= NEEDED:
        found.append(IssueKind.POOR)
    if room.has_board is False:
        found.append(IssueKind.NO_BOARD)
    elif room.has_board and is_stale(room.board_current_on, today):
        found.append(IssueKind.STALE_BOARD)
    return found


def is_stale(current_on: date | None, today: date) -> bool:
    """Whether a board's content is too old to be trusted."""
    return current_on is None or current_on < today - timedelta(days=BOARD_DAYS)
