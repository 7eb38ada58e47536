"""Coordinates of Chinese maps, and distances. Pure; degrees, WGS-84 unless a name says otherwise.

Maps in China show places shifted by up to 700 m: GCJ-02 (高德, 腾讯), BD-09 (百度) on top of it.
"""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt

EARTH_M = 6_371_008.8
AXIS_M = 6_378_245.0
FLATNESS = 0.00669342162296594323
BAIDU = pi * 3000 / 180
BAIDU_EAST, BAIDU_NORTH = 0.0065, 0.006
LONGITUDES, LATITUDES = (73.0, 136.0), (3.0, 54.0)
"""Where China lies; the two ranges have nothing in common, so that their order shows by itself."""
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the earth."""

    latitude: float
    longitude: float

    @property
    def is_in_china(self) -> bool:
        """Whether it lies in the box around China."""
        return (
            LATITUDES[0] <= self.latitude <= LATITUDES[1]
            and LONGITUDES[0] <= self.longitude <= LONGITUDES[1]
        )

    def moved(self, by: "Spot", sign: int = 1) -> "Spot":
        """Return the place that is off by `by`."""
        return Spot(self.latitude + sign * by.latitude, self.longitude + sign * by.longitude)


def distance_m(one: Spot, other: Spot) -> float:
    """Return the metres between two places, along the surface of a sphere."""
    south, north = radians(one.latitude), radians(other.latitude)
    east = radians(other.longitude - one.longitude)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(east / 2) ** 2
    return 2 * EARTH_M * atan2(sqrt(half), sqrt(1 - half))


def to_gcj(spot: Spot) -> Spot:
    """Return where GCJ-02 shows a place; outside China it shows it where it is."""
    return spot.moved(_shift(spot)) if spot.is_in_china else spot


def from_gcj(shown: Spot) -> Spot:
    """Return the place that GCJ-02 shows at `shown`, to a centimetre."""
    found = shown
    for _round in range(ROUNDS):
        found = found.moved(to_gcj(found).moved(shown, -1), -1)
    return found


def from_bd(shown: Spot) -> Spot:
    """Return the place that BD-09 shows at `shown`."""
    north, east = shown.latitude - BAIDU_NORTH, shown.longitude - BAIDU_EAST
    far = hypot(east, north) - 0.00002 * sin(north * BAIDU)
    angle = atan2(north, east) - 0.000003 * cos(east * BAIDU)
    return from_gcj(Spot(far * sin(angle), far * cos(angle)))


def _shift(spot: Spot) -> Spot:
    """Return by how much GCJ-02 moves a place."""
    x, y = spot.longitude - 105, spot.latitude - 35
    both = _waves((20, 6 * x), (20, 2 * x)) + 0.1 * x * y
    up = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.2 * sqrt(abs(x)) + both
    up += _waves((20, y), (40, y / 3), (160, y / 12), (320, y / 30))
    along = 300 + x + 2 * y + 0.1 * x * x + 0.1 * sqrt(abs(x)) + both
    along += _waves((20, x), (40, x / 3), (150, x / 12), (300, x / 30))
    slope = radians(spot.latitude)
    bend = 1 - FLATNESS * sin(slope) ** 2
    return Spot(
        degrees(up * bend * sqrt(bend) / (AXIS_M * (1 - FLATNESS))),
        degrees(along * sqrt(bend) / (AXIS_M * cos(slope))),
    )


def _waves(*waves: tuple[float, float]) -> float:
    return sum(height * sin(pi * at) for height, at in waves) * 2 / 3
