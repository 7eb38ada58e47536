"""Coordinates as people paste them: `113.9213,22.5431`, in either order. Pure."""

import re
from enum import Enum, auto
from unicodedata import normalize

from counselhub.points.geo import LATITUDES, LONGITUDES, Spot, from_bd, from_gcj
from counselhub.points.kinds import MapSystem

NUMBER = re.compile(r"(?<![\w.])[-+]?\d{1,3}(?:\.\d{1,15})?(?![\w.])")
SHOWN_DIGITS = 6
SPARSE = 3
"""Digits behind the point that are needed: two of them are off by a kilometre."""


class PairFault(Enum):
    """Why a text gives no place."""

    NOT_TWO = auto()
    ELSEWHERE = auto()
    ROUGH = auto()


class PairError(ValueError):
    """A text that gives no place; `fault` says why."""

    def __init__(self, fault: PairFault) -> None:
        """Keep the fault."""
        super().__init__(fault.name)
        self.fault = fault


def pair(text: str, system: MapSystem = MapSystem.WGS84) -> Spot:
    """Return the place, in WGS-84, that a map of `system` names by `text`. Raises PairError."""
    numbers = NUMBER.findall(_plain(text))
    if len(numbers) != 2:
        raise PairError(PairFault.NOT_TWO)
    first, second = map(float, numbers)
    if _is_in(first, LATITUDES) and _is_in(second, LONGITUDES):
        first, second = second, first
    if not (_is_in(first, LONGITUDES) and _is_in(second, LATITUDES)):
        raise PairError(PairFault.ELSEWHERE)
    if any(len(number.partition(".")[2]) < SPARSE for number in numbers):
        raise PairError(PairFault.ROUGH)
    return true_place(Spot(latitude=second, longitude=first), system)


def true_place(shown: Spot, system: MapSystem) -> Spot:
    """Return the place, to 10 cm, that a map of `system` shows at `shown`."""
    match system:
        case MapSystem.GCJ02:
            found = from_gcj(shown)
        case MapSystem.BD09:
            found = from_bd(shown)
        case _:
            found = shown
    return Spot(round(found.latitude, SHOWN_DIGITS), round(found.longitude, SHOWN_DIGITS))


def _plain(text: str) -> str:
    """Return a text with the signs of Chinese keyboards as plain ones, directions as blanks."""
    return re.sub(r"[东北经纬度°NEne:：,;，；、]", " ", normalize("NFKC", text))


def _is_in(number: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= number <= limits[1]
