"""Where clients live: sealed at rest, opened for who works on the referral, sealed anew."""

from counselhub.core import data_keys
from counselhub.core.sealing import KeyRing, Place, UnsealError
from counselhub.people import resealing
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
    """Seal every address anew; return how many, and the keys that are still needed."""
    return resealing.reseal(ring, _place, HomeVisit.address_sealed)


def _place(row: HomeVisit) -> Place:
    return Place(row.firm_id, HomeVisit.__tablename__, row.id, "address_sealed")
