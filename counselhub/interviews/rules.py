"""Who was below what a month asked for? Pure; minutes are whole minutes on site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a community had and what its month asked for; 0 where nothing was asked."""

    minutes: int
    required_minutes: int
    visits: int
    required_visits: int


def shortage(trace: Sequence[Mapping[str, Any]]) -> Shortage | None:
    """Return what is missing by the working of a shortfall line, None when nothing is.

    INTERVIEW-1: below the minutes or below the visits of the month; exactly enough is enough.
    """
    steps = {step["name"]: step["inputs"] for step in trace}
    present, required = steps.get("presence", {}), steps.get("required", {})
    found = Shortage(
        int(present.get("minutes") or 0),
        int(required.get("minutes") or 0),
        int(present.get("visits") or 0),
        int(required.get("visits") or 0),
    )
    is_short = found.minutes < found.required_minutes or found.visits < found.required_visits
    return found if is_short else None
