"""The code that a community shows: a new one every half minute, or one on paper. Pure.

EVID-5: a moving code counts in its own half minute and those beside it, by the time that the tap
    counts at, and for one lawyer's tap once. The code on paper names the place and proves nothing:
    a picture of it works anywhere.
"""

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from counselhub.points.kinds import CodeVerdict

STEP_SECONDS = 30
TOLERANCE_STEPS = 1
MAC_BYTES = 10
WRITTEN = re.compile(r"([0-9]{12})\.(t|s)([0-9]{1,12})\.([a-z2-7]{16})")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it was written. number: of a moving one the step, of a sheet its version."""

    community_code: str
    is_sheet: bool
    number: int
    mac: str

    @property
    def signed(self) -> str:
        """What its end vouches for."""
        return f"{self.community_code}.{'s' if self.is_sheet else 't'}{self.number}"

    def __str__(self) -> str:
        """Return it as an address carries it."""
        return f"{self.signed}.{self.mac}"


@dataclass(frozen=True, slots=True)
class Known:
    """What the firm knows of a community's codes. sheet: the version that hangs there, 0 for none.

    is_moving: whether a screen shows codes.
    """

    community_code: str
    secret: str
    is_moving: bool
    sheet: int


def step_of(at: datetime) -> int:
    """Return the half minute of an instant, counted since 1970."""
    return int(at.timestamp()) // STEP_SECONDS


def seconds_left(at: datetime) -> int:
    """Return how long the code of `at` is still shown, 1 to 30."""
    return STEP_SECONDS - int(at.timestamp()) % STEP_SECONDS


def moving(community_code: str, secret: str, at: datetime) -> Code:
    """Return the code that the screen shows at `at`."""
    return _made(Code(community_code, False, step_of(at), ""), secret)


def sheet(community_code: str, secret: str, version: int) -> Code:
    """Return the code on the sheet of this version."""
    return _made(Code(community_code, True, version, ""), secret)


def read(text: str) -> Code | None:
    """Return the code that was sent, None for what is none."""
    found = WRITTEN.fullmatch(text.strip()[:LONGEST])
    if found is None:
        return None
    place, kind, number, mac = found.groups()
    return Code(place, kind == "s", int(number), mac)


def check(code: Code | None, known: Known | None, place: str, at: datetime) -> CodeVerdict:
    """Return what a code says for a tap at `place` that counts at `at`; not whether it was used.

    known: what the firm knows of the code's own community, None when it has no codes there.
    """
    if code is None or known is None or not is_sound(code, known):
        return CodeVerdict.UNKNOWN
    if code.community_code != place:
        return CodeVerdict.ELSEWHERE
    if code.is_sheet:
        return CodeVerdict.SHEET if code.number == known.sheet else CodeVerdict.ENDED
    if not known.is_moving:
        return CodeVerdict.ENDED
    near = abs(code.number - step_of(at)) <= TOLERANCE_STEPS
    return CodeVerdict.CURRENT if near else CodeVerdict.OLD


def is_sound(code: Code, known: Known) -> bool:
    """Tell whether a code was made with the secret of its community."""
    return code.community_code == known.community_code and hmac.compare_digest(
        _mac(code, known.secret), code.mac
    )


def _made(blank: Code, secret: str) -> Code:
    return Code(blank.community_code, blank.is_sheet, blank.number, _mac(blank, secret))


def _mac(code: Code, secret: str) -> str:
    digest = hmac.new(secret.encode(), code.signed.encode(), sha256).digest()
    return b32encode(digest[:MAC_BYTES]).decode().lower()
