"""The secrets behind codes at rest: sealed for their firm and row, sealed anew under a new key."""

import secrets

from sqlalchemy import func, select

from counselhub.core import data_keys
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, Resealing
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
    """Bring the firm's secrets under the writing key; return how many, and the keys still needed.

    One that does not open stays as it is, and its key stays needed.
    """
    done = Resealing(ring)
    old = func.split_part(DutyCode.sealed, ".", 2) != ring.writing
    for row in db.session.scalars(select(DutyCode).where(old).with_for_update()):
        row.sealed = done.again(row.sealed, _place(row)) or row.sealed
    db.session.flush()
    return done.count, done.needed


def _place(row: DutyCode) -> Place:
    return Place(row.firm_id, DutyCode.__tablename__, row.id, "sealed")
