"""What waits sealed: the passphrase of an archive that is to be made, the code of a certificate."""

from uuid import UUID

from sqlalchemy import select, update

from counselhub.core import data_keys
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, UnsealError, key_of
from counselhub.core.tenancy import as_platform
from counselhub.people.departures import Departure
from counselhub.work.models import LongWork

PASSPHRASE = "passphrase"  # noqa: S105  # the name of a key, not a passphrase
"""The key under which a long work's detail carries one."""


def sealed_passphrase(passphrase: str, firm_id: UUID, work_id: UUID) -> str:
    """Return a passphrase as it may wait in the queue."""
    return data_keys.writing_ring().seal(passphrase, _of_work(firm_id, work_id))


def opened_passphrase(sealed: str, firm_id: UUID, work_id: UUID) -> str:
    """Return the passphrase of a work. Raises UnsealError."""
    return data_keys.ring().unseal(sealed, _of_work(firm_id, work_id))


def seal_code(departure: Departure, code: str) -> None:
    """Keep the code of a departure's certificate for its page."""
    departure.code_sealed = data_keys.writing_ring().seal(code, _of_departure(departure))


def code_of(departure: Departure) -> str:
    """Return the code, "" once it stands on the certificate alone or its key is gone."""
    if departure.code_sealed is None:
        return ""
    try:
        return data_keys.ring().unseal(departure.code_sealed, _of_departure(departure))
    except UnsealError:
        return ""


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal both anew under the writing key; return how many, and the keys still needed."""
    count = 0
    needed: set[str] = set()
    with as_platform():
        for row in db.session.scalars(select(Departure).where(Departure.code_sealed.is_not(None))):
            if (fresh := _again(ring, row.code_sealed or "", _of_departure(row), needed)) is None:
                continue
            row.code_sealed, count = fresh, count + 1
        waiting = select(LongWork).where(LongWork.detail.has_key(PASSPHRASE))
        for work in db.session.scalars(waiting):
            place = _of_work(UUID(work.key), work.id)
            if (fresh := _again(ring, work.detail[PASSPHRASE], place, needed)) is None:
                continue
            put = update(LongWork).where(LongWork.id == work.id)
            db.session.execute(put.values(detail=work.detail | {PASSPHRASE: fresh}))
            count += 1
        db.session.commit()
    return count, needed


def _again(ring: KeyRing, sealed: str, place: Place, needed: set[str]) -> str | None:
    """Return a text under the writing key; None when it stands so, or does not open."""
    if key_of(sealed) == ring.writing:
        return None
    try:
        return ring.seal(ring.unseal(sealed, place), place)
    except UnsealError:
        needed.add(key_of(sealed))
        return None


def _of_work(firm_id: UUID, work_id: UUID) -> Place:
    return Place(firm_id, LongWork.__tablename__, work_id, PASSPHRASE)


def _of_departure(departure: Departure) -> Place:
    return Place(departure.firm_id, Departure.__tablename__, departure.id, "code")
