"""The secrets of one-time codes at rest: sealed for one person, and sealed anew under a new key."""

from uuid import UUID

from sqlalchemy import func, select

from counselhub.core import data_keys
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, Resealing
from counselhub.core.tenancy import as_platform
from counselhub.factors.models import Totp


def seal(secret: str, person_id: UUID) -> str:
    """Return `secret` sealed for one person."""
    return data_keys.writing_ring().seal(secret, _place(person_id))


def unseal(sealed: str, person_id: UUID) -> str:
    """Return the secret that was sealed for this person. Raises UnsealError."""
    return data_keys.ring().unseal(sealed, _place(person_id))


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Bring every secret under the writing key; return how many, and the keys still needed.

    One that does not open stays as it is, and its key stays needed.
    """
    done = Resealing(ring)
    old = func.split_part(Totp.sealed, ".", 2) != ring.writing
    with as_platform():
        for app in db.session.scalars(select(Totp).where(old).with_for_update()):
            app.sealed = done.again(app.sealed, _place(app.person_id)) or app.sealed
        db.session.flush()
    return done.count, done.needed


def _place(person_id: UUID) -> Place:
    return Place(person_id, Totp.__tablename__, person_id, "sealed")
