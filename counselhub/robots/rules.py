"""When a robot may ask and what an answer means: pure. Moments are aware."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from counselhub.robots.kinds import STOPPING, Fault, RobotState, Vendor

MOST_A_MINUTE = 20
"""Requests of one robot in any 60 seconds; both vendors say so."""
MINUTE = timedelta(seconds=60)
BLOCK = timedelta(minutes=10)
"""How long a vendor takes nothing from a robot that asked too often."""
LOOK_AGAIN = timedelta(days=1)
"""How long messages of a robot that somebody has to look at are left alone at a time."""

CODES = {
    Vendor.DINGTALK: {
        -1: Fault.BUSY,
        130101: Fault.TOO_FAST,
        410100: Fault.TOO_FAST,
        310000: Fault.UNVERIFIED,
        300001: Fault.GONE,
        300005: Fault.GONE,
        400013: Fault.GONE,
        400101: Fault.GONE,
        400102: Fault.GONE,
        400106: Fault.GONE,
    },
    Vendor.WECOM: {
        -1: Fault.BUSY,
        45009: Fault.TOO_FAST,
        45033: Fault.TOO_FAST,
        93000: Fault.GONE,
        93004: Fault.GONE,
        93008: Fault.GONE,
    },
}
"""What an errcode means; one that is not here refuses the message."""


def fault_of(vendor: Vendor, errcode: int) -> Fault | None:
    """Return what an errcode says, None when the message has arrived."""
    return None if errcode == 0 else CODES[vendor].get(errcode, Fault.REFUSED)


def next_turn(asked: Sequence[datetime], blocked_until: datetime | None, now: datetime) -> datetime:
    """Return from when on a robot may ask again; `now` when it may at once.

    asked: when it asked last, oldest first; MOST_A_MINUTE of them are enough to know.
    """
    turns = [now]
    if len(asked) >= MOST_A_MINUTE:
        turns.append(asked[-MOST_A_MINUTE] + MINUTE)
    if blocked_until is not None:
        turns.append(blocked_until)
    return max(turns)


def gathered_at(now: datetime) -> datetime:
    """Return when what is told now may go out: what comes within a minute goes together."""
    return now.replace(second=0, microsecond=0) + MINUTE


def state_of(is_off: bool, fault: Fault | None) -> RobotState:
    """Return where a robot stands."""
    if is_off:
        return RobotState.OFF
    return RobotState.STOPPED if fault in STOPPING else RobotState.ON
