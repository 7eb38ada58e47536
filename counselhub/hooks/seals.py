"""The secrets of hooks: made, sealed at their row, opened to sign."""

import base64
import secrets
from datetime import datetime

from counselhub.core import data_keys, resealing
from counselhub.core.sealing import KeyRing, Place
from counselhub.hooks.models import Hook

PREFIX = "whsec_"
SECRET_BYTES = 32


def fresh() -> str:
    """Return a new secret, as its owner is shown it."""
    return PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sealed(secret: str, row: Hook) -> str:
    """Return `secret` sealed for `row`; the database notes that it needs the key."""
    return data_keys.writing_ring().seal(secret, _place(row))


def opened(row: Hook, now: datetime) -> list[str]:
    """Return the secrets that sign now, the newest first. Raises UnsealError."""
    kept = [row.sealed]
    if row.sealed_before and row.before_until and now < row.before_until:
        kept.append(row.sealed_before)
    return [data_keys.ring().unseal(one, _place(row)) for one in kept]


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every secret anew; return how many, and the keys that are still needed."""
    return resealing.of_platform(ring, _place, Hook.sealed, Hook.sealed_before)


def _place(row: Hook) -> Place:
    """Both texts have one place, so that the newer becomes the one before by moving over."""
    return Place(row.id, Hook.__tablename__, row.id, "sealed")
