"""Seal the contacts of sign-ups anew when the keys change."""

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, UnsealError, key_of
from counselhub.core.tenancy import as_platform
from counselhub.joining.actions import place_of
from counselhub.joining.models import SignUp


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every contact under the writing key; return how many, and the keys still needed."""
    count, needed = 0, set()
    with as_platform():
        for row in db.session.scalars(select(SignUp)):
            if key_of(row.sealed_contact) == ring.writing:
                continue
            try:
                clear = ring.unseal(row.sealed_contact, place_of(row))
                row.sealed_contact = ring.seal(clear, place_of(row))
                count += 1
            except UnsealError:
                needed.add(key_of(row.sealed_contact))
        db.session.commit()
    return count, needed
