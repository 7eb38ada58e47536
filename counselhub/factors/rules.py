"""Codes, and where passkeys work. Pure.

FAC-1: a one-time code counts in its own half minute and in those beside it, once.
FAC-2: five wrong answers in a row lock the second step for fifteen minutes.
FAC-3: each recovery code works once.
"""

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from ipaddress import ip_address

from pyotp import TOTP

STEP_SECONDS = 30
DIGITS = 6
WINDOW = 1
DRIFT = 20
"""How many steps off a phone's clock may be for its owner to be told so: ten minutes."""
TRIES = 5
LOCK_MINUTES = 15
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is misread: i l o 0 1."""
RECOVERY_LENGTH = 16
GROUP = 4


def tidied(code: str) -> str:
    """Return a code as typed on any keyboard: full width, blanks, hyphens, capitals."""
    plain = unicodedata.normalize("NFKC", code).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def is_one_time(code: str) -> bool:
    """Whether a tidied code has the shape of one-time codes, not of recovery codes."""
    return len(code) == DIGITS and code.isascii() and code.isdecimal()


def matching_step(secret: str, code: str, now_seconds: int, *, window: int = WINDOW) -> int | None:
    """Return the half minute (since 1970) whose code this is, None for a wrong one (FAC-1).

    The nearest one counts; the comparison takes the same time for every wrong code.
    """
    here, found = now_seconds // STEP_SECONDS, None
    codes = TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    for offset in sorted(range(-window, window + 1), key=abs, reverse=True):
        if here + offset >= 0 and hmac.compare_digest(
            codes.generate_otp(here + offset).encode(), code.encode()
        ):
            found = here + offset
    return found


def minutes_off(secret: str, code: str, now_seconds: int) -> int | None:
    """Return by how many minutes the phone that made this code is off, None when it is not that.

    Only for the code that switches one-time codes on: at sign-in it would tell a guesser too much.
    """
    step = matching_step(secret, code, now_seconds, window=DRIFT)
    if step is None:
        return None
    return max(1, round(abs(step - now_seconds // STEP_SECONDS) * STEP_SECONDS / 60))


def new_recovery_codes() -> list[str]:
    """Return ten codes of 79 bits each, in groups that can be read aloud."""
    return [_grouped(_random()) for _place in range(RECOVERY_CODES)]


def digest_of(code: str) -> str:
    """Return what is kept of a recovery code; it holds enough chance for a plain digest."""
    return sha256(f"counselhub recovery {tidied(code)}".encode()).hexdigest()


def _random() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(RECOVERY_LENGTH))


def _grouped(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


class Unavailable(StrEnum):
    """Why passkeys do not work at an address."""

    IP_ADDRESS = "ip_address"
    NOT_SECURE = "not_secure"


@dataclass(frozen=True, slots=True)
class Party:
    """The address that passkeys are bound to: a host name, and the origin a browser states."""

    id: str
    origin: str


def party_of(scheme: str, host: str) -> Party | Unavailable:
    """Return the party of a request to `host` (with its port), or why there is none.

    Browsers bind passkeys to a host name, never to an IP address, and offer them only over HTTPS
    or on localhost.
    """
    name = host if host.startswith("[") else host.rpartition(":")[0] or host
    if _is_address(name.strip("[]").partition("]")[0]):
        return Unavailable.IP_ADDRESS
    is_local = name == "localhost" or name.endswith(".localhost")
    if scheme != "https" and not is_local:
        return Unavailable.NOT_SECURE
    return Party(name, f"{scheme}://{host}")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
