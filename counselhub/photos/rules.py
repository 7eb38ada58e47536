"""What a photo is worth as a proof of presence. Pure.

EVID-6: a photo proves presence when the time that the camera wrote into it lies within the session,
    give or take some minutes, and no other session has the very same picture. One without a time,
    from another time or shown before stays to be seen and proves nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from counselhub.core.labels import N_, Labelled

MOST = 3
"""Photos of one session."""


class PhotoVerdict(Labelled):
    """What a photo is worth (EVID-6)."""

    WITHIN = "within", N_("拍摄时间在值班时段内")
    OUTSIDE = "outside", N_("拍摄时间不在值班时段内")
    NO_TIME = "no_time", N_("照片里没有拍摄时间")
    REPEATED = "repeated", N_("与另一次值班的照片相同")


@dataclass(frozen=True, slots=True)
class PhotoFact:
    """A photo as the rule knows it; taken_at None when the picture holds no time."""

    taken_at: datetime | None
    arrived_at: datetime
    is_repeated: bool


def judge(
    photo: PhotoFact, begin: datetime, end: datetime | None, slack: timedelta
) -> PhotoVerdict:
    """Return what a photo is worth for a session from `begin` to `end`; None: it still runs.

    slack: what the camera's clock may be off, before the sign-in and after the sign-out alike. A
    session that runs lasts until the photo arrived: none is taken after that.
    """
    if photo.is_repeated:
        return PhotoVerdict.REPEATED
    if photo.taken_at is None:
        return PhotoVerdict.NO_TIME
    last = min(end, photo.arrived_at) if end else photo.arrived_at
    is_within = begin - slack <= photo.taken_at <= last + slack
    return PhotoVerdict.WITHIN if is_within else PhotoVerdict.OUTSIDE


TONES = {
    PhotoVerdict.WITHIN: "success",
    PhotoVerdict.OUTSIDE: "warning",
    PhotoVerdict.NO_TIME: "neutral",
    PhotoVerdict.REPEATED: "danger",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo with what it is worth; has_picture False when the picture's time is over."""

    id: UUID
    taken_at: datetime | None
    arrived_at: datetime
    repeats_id: UUID | None
    has_picture: bool
    verdict: PhotoVerdict

    @property
    def tone(self) -> str:
        """How a badge of the verdict looks."""
        return TONES[self.verdict]
