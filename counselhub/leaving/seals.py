"""What waits sealed: the passphrase of an archive that is to be made, the code of a certificate."""

from uuid import UUID

from sqlalchemy import select

from counselhub.core import data_keys, resealing
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, Resealing, UnsealError
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
    with as_platform():
        done = Resealing(ring, *resealing.reseal(ring, _of_departure, Departure.code_sealed))
        waiting = select(LongWork).where(LongWork.detail.has_key(PASSPHRASE)).with_for_update()
        for work in db.session.scalars(waiting):
            place = _of_work(UUID(work.key), work.id)
            if fresh := done.again(work.detail[PASSPHRASE], place):
                work.detail = work.detail | {PASSPHRASE: fresh}
        db.session.commit()
    return done.count, done.needed


def _of_work(firm_id: UUID, work_id: UUID) -> Place:
    return Place(firm_id, LongWork.__tablename__, work_id, PASSPHRASE)


def _of_departure(departure: Departure) -> Place:
    return Place(departure.firm_id, Departure.__tablename__, departure.id, "code")
