"""The secrets behind codes at rest: sealed for their firm and row, sealed anew under a new key."""

import secrets

from counselhub.core import data_keys, resealing
from counselhub.core.sealing import KeyRing, Place
from counselhub.points.code_rules import Known
from counselhub.points.models import DutyCode

SECRET_BYTES = 32


def seal_new(row: DutyCode) -> None:
    """Give a row a fresh secret. It needs its firm and id already."""
    fresh = secrets.token_urlsafe(SECRET_BYTES)
    row.sealed = data_keys.writing_ring().seal(fresh, _place(row))


def known(row: DutyCode) -> Known:
    """Return what codes are checked with. Raises UnsealError for a row that does not open."""
    secret = data_keys.ring().unseal(row.sealed, _place(row))
    return Known(row.community_code, secret, row.screen_at is not None, row.sheet)


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal the firm's secrets anew; return how many, and the keys that are still needed."""
    return resealing.reseal(ring, _place, DutyCode.sealed)


def _place(row: DutyCode) -> Place:
    return Place(row.firm_id, DutyCode.__tablename__, row.id, "sealed")
