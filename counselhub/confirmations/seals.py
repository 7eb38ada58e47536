"""Who answered for a community: sealed at rest, shown masked, sealed anew under a new key."""

import hmac
from hashlib import sha256
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from counselhub.confirmations.models import ConfirmationRequest
from counselhub.core import data_keys, personal
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, UnsealError, key_of
from counselhub.core.tenancy import as_firm
from counselhub.people.queries import every_firm


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
    """Bring every name under the writing key; return how many, and the keys still needed.

    One that does not open stays as it is, and its key stays needed.
    """
    resealed, needed = 0, set[str]()
    old = func.split_part(ConfirmationRequest.name_sealed, ".", 2) != ring.writing
    for firm_id, _code in every_firm():
        with as_firm(firm_id):
            for row in db.session.scalars(select(ConfirmationRequest).where(old).with_for_update()):
                sealed = row.name_sealed or ""
                try:
                    row.name_sealed = ring.seal(ring.unseal(sealed, _place(row)), _place(row))
                except UnsealError:
                    needed.add(key_of(sealed))
                    continue
                resealed += 1
            db.session.flush()
    return resealed, needed


def _place(row: ConfirmationRequest) -> Place:
    return Place(row.firm_id, ConfirmationRequest.__tablename__, row.id, "name_sealed")
