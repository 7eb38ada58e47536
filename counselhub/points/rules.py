"""Was a tap made at the duty point? Pure.

EVID-4: a position is near when it lies within the point's radius, or when its own error reaches
    that far; one whose error is larger than the setting says nothing. A position that fails, and
    one far away, lower nothing: they only do not speak for the session.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from counselhub.points.geo import Spot, distance_m
from counselhub.points.kinds import AT_THE_POINT, CodeVerdict, PositionVerdict


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a phone says it is; the truth lies within accuracy_m with a chance of 95 %."""

    spot: Spot
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A duty point: everything within radius_m of it."""

    middle: Spot
    radius_m: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a position says; distance_m in whole metres, None without a point."""

    verdict: PositionVerdict
    distance_m: int | None


def judge(fix: Fix, point: Circle | None, *, vaguest_m: int) -> Judged:
    """Return what a position says (EVID-4). vaguest_m: the largest error that still says much."""
    away = None if point is None else round(distance_m(fix.spot, point.middle))
    if fix.accuracy_m > vaguest_m:
        return Judged(PositionVerdict.VAGUE, away)
    if point is None or away is None:
        return Judged(PositionVerdict.NO_POINT, None)
    if away <= point.radius_m:
        return Judged(PositionVerdict.NEAR, away)
    if away - fix.accuracy_m <= point.radius_m:
        return Judged(PositionVerdict.WITHIN, away)
    return Judged(PositionVerdict.FAR, away)


@dataclass(frozen=True, slots=True)
class Placed:
    """What one tap says of where it was made. kind: "in" or "out"."""

    kind: str
    position: PositionVerdict | None = None
    distance_m: int | None = None
    code: CodeVerdict | None = None


def is_at_the_point(taps: Iterable[Placed]) -> bool:
    """Tell whether positions speak for a session: one at the point, and none far from it."""
    found = {tap.position for tap in taps}
    return bool(found & AT_THE_POINT) and PositionVerdict.FAR not in found


def has_scanned(taps: Iterable[Placed]) -> bool:
    """Tell whether a moving code speaks for a session; a sheet on the wall never does (EVID-5)."""
    return any(tap.code == CodeVerdict.CURRENT for tap in taps)
