"""The secrets of hooks: made, sealed at their row, opened to sign."""

import base64
import secrets
from datetime import datetime

from sqlalchemy import select, update

from counselhub.core import data_keys
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, Resealing
from counselhub.core.tenancy import as_platform
from counselhub.hooks.models import Hook

PREFIX = "whsec_"
SECRET_BYTES = 32
COLUMNS = ("sealed", "sealed_before")


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
    """Seal every secret under the writing key; return how many, and the keys still needed."""
    done = Resealing(ring)
    with as_platform():
        for row in db.session.scalars(select(Hook).with_for_update()).all():
            if changes := _resealed(row, done):
                # Past the count of revisions: who has the page open is not to be refused.
                db.session.execute(
                    update(Hook).where(Hook.id == row.id).values(changes),
                    execution_options={"synchronize_session": "fetch"},
                )
        db.session.commit()
    return done.count, done.needed


def _resealed(row: Hook, done: Resealing) -> dict[str, str]:
    kept = {name: text for name in COLUMNS if (text := getattr(row, name))}
    again = {name: done.again(text, _place(row)) for name, text in kept.items()}
    return {name: sealed for name, sealed in again.items() if sealed}


def _place(row: Hook) -> Place:
    """Both texts have one place, so that the newer becomes the one before by moving over."""
    return Place(row.id, Hook.__tablename__, row.id, "sealed")
