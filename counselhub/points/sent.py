"""What a phone sends of a tap's place. Whatever is wrong with it, the tap itself stands."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from counselhub.points.code_rules import LONGEST
from counselhub.points.geo import Spot
from counselhub.points.kinds import FAILURES, PositionVerdict
from counselhub.points.proofs import Brought
from counselhub.points.rules import Fix

FARTHEST_M = 100_000
"""Errors beyond this are all the same."""


def brought(given: Mapping[str, Any]) -> Brought:
    """Return what came with a tap: `position` ({lat, lon, accuracy} or {why}) and `code`."""
    code = given.get("code")
    fix, failure = _position(given.get("position"))
    return Brought(fix, failure, code.strip()[:LONGEST] if isinstance(code, str) else "")


def _position(given: object) -> tuple[Fix | None, PositionVerdict | None]:
    if given is None:
        return None, None
    if not isinstance(given, Mapping):
        return None, PositionVerdict.ODD
    if why := given.get("why"):
        return None, next((one for one in FAILURES if one.value == why), PositionVerdict.ODD)
    numbers = [_number(given.get(name)) for name in ("lat", "lon", "accuracy")]
    latitude, longitude, accuracy = numbers
    if latitude is None or longitude is None or accuracy is None:
        return None, PositionVerdict.ODD
    if abs(latitude) > 90 or abs(longitude) > 180 or accuracy < 0:
        return None, PositionVerdict.ODD
    return Fix(Spot(latitude, longitude), min(accuracy, FARTHEST_M)), None


def _number(given: object) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        return None
    return float(given)
