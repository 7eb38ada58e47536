"""Where clients live: sealed at rest, opened for who works on the referral, sealed anew."""

from sqlalchemy import func, select

from counselhub.core import data_keys
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, Resealing, UnsealError
from counselhub.core.tenancy import as_firm
from counselhub.people.queries import every_firm
from counselhub.referrals.after_models import HomeVisit


def seal(address: str, row: HomeVisit) -> str:
    """Return an address sealed for one visit."""
    return data_keys.writing_ring().seal(address, _place(row))


def opened(row: HomeVisit) -> str | None:
    """Return the address of a visit; "" when it was wiped, None when it does not open."""
    if row.address_sealed is None:
        return ""
    try:
        return data_keys.ring().unseal(row.address_sealed, _place(row))
    except UnsealError:
        return None


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Bring every address under the writing key; return how many, and the keys still needed.

    One that does not open stays as it is, and its key stays needed.
    """
    done = Resealing(ring)
    old = func.split_part(HomeVisit.address_sealed, ".", 2) != ring.writing
    for firm_id, _code in every_firm():
        with as_firm(firm_id):
            for row in db.session.scalars(select(HomeVisit).where(old).with_for_update()):
                sealed = row.address_sealed or ""
                row.address_sealed = done.again(sealed, _place(row)) or sealed
            db.session.flush()
    return done.count, done.needed


def _place(row: HomeVisit) -> Place:
    return Place(row.firm_id, HomeVisit.__tablename__, row.id, "address_sealed")
