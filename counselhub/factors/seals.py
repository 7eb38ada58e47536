"""The secrets of one-time codes at rest: sealed for one person, and sealed anew under a new key."""

from uuid import UUID

from counselhub.core import data_keys, resealing
from counselhub.core.sealing import KeyRing, Place
from counselhub.factors.models import Totp


def seal(secret: str, person_id: UUID) -> str:
    """Return `secret` sealed for one person."""
    return data_keys.writing_ring().seal(secret, _place(person_id))


def unseal(sealed: str, person_id: UUID) -> str:
    """Return the secret that was sealed for this person. Raises UnsealError."""
    return data_keys.ring().unseal(sealed, _place(person_id))


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every secret anew; return how many, and the keys that are still needed."""
    return resealing.of_platform(ring, _place_of, Totp.sealed)


def _place_of(row: Totp) -> Place:
    return _place(row.person_id)


def _place(person_id: UUID) -> Place:
    return Place(person_id, Totp.__tablename__, person_id, "sealed")
