"""Seal the contacts of sign-ups anew when the keys change."""

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Resealing
from counselhub.core.tenancy import as_platform
from counselhub.joining.actions import place_of
from counselhub.joining.models import SignUp


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every contact under the writing key; return how many, and the keys still needed."""
    done = Resealing(ring)
    with as_platform():
        for row in db.session.scalars(select(SignUp).with_for_update()):
            row.sealed_contact = done.again(row.sealed_contact, place_of(row)) or row.sealed_contact
        db.session.commit()
    return done.count, done.needed
