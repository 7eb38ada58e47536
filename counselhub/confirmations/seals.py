"""Who answered for a community: sealed at rest, shown masked, sealed anew under a new key."""

import hmac
from hashlib import sha256
from uuid import UUID

from flask import current_app

from counselhub.confirmations.models import ConfirmationRequest
from counselhub.core import data_keys, personal
from counselhub.core.sealing import KeyRing, Place, UnsealError
from counselhub.people import resealing


def seal(name: str, request: ConfirmationRequest) -> str:
    """Return a name sealed for one request."""
    return data_keys.writing_ring().seal(name, _place(request))


def masked(request: ConfirmationRequest) -> str:
    """Return the name as pages show it: 张**; "" when it was wiped or does not open."""
    if request.name_sealed is None:
        return ""
    try:
        return personal.masked_name(data_keys.ring().unseal(request.name_sealed, _place(request)))
    except UnsealError:
        return ""


def address_digest(address: str, firm_id: UUID) -> str:
    """Return what is kept of a network address: enough to tell two of one firm's answers apart."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"community|{firm_id}|{address}".encode(), sha256).hexdigest()


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every name anew; return how many, and the keys that are still needed."""
    return resealing.reseal(ring, _place, ConfirmationRequest.name_sealed)


def _place(row: ConfirmationRequest) -> Place:
    return Place(row.firm_id, ConfirmationRequest.__tablename__, row.id, "name_sealed")
