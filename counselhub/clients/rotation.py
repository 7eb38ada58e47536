"""Seal clients' data, batch by batch, and secrets of codes under the first key of the ring."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from counselhub.clients import seals
from counselhub.clients.models import Client
from counselhub.confirmations import seals as confirmations
from counselhub.core import data_keys
from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, key_of
from counselhub.core.tenancy import as_firm
from counselhub.factors import seals as factors
from counselhub.people.queries import every_firm
from counselhub.points import secrets as points

BATCH = 500
START = UUID(int=0)
COLUMNS = (
    Client.firm_id,
    Client.id,
    Client.name_sealed,
    Client.phone_sealed,
    Client.phone_digest,
)


@dataclass(slots=True)
class Rotation:
    """What a rotation did. secrets: of codes, of places, names of who confirmed, sealed anew.

    unreadable: firm's code and client's id of rows that do not open.
    """

    key: str
    resealed: int = 0
    secrets: int = 0
    unreadable: list[tuple[str, UUID]] = field(default_factory=list)
    still_needed: set[str] = field(default_factory=set)
    retired: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """Return the outcome as JSON; no key and no personal data is in it."""
        return {
            "key": self.key,
            "resealed": self.resealed,
            "secrets": self.secrets,
            "unreadable": [{"firm": code, "client": str(row)} for code, row in self.unreadable],
            "retired": self.retired,
        }


def rotate() -> Rotation:
    """Bring every row under the writing key, and retire the keys that no row needs any more.

    Commits each batch: when it is stopped, the next run goes on with what is left. A row that does
    not open is left as it is, and its key stays needed.
    """
    ring = data_keys.writing_ring()
    db.session.commit()
    done = Rotation(ring.writing)
    for firm_id, code in every_firm():
        with as_firm(firm_id):
            after = START
            while (last := _batch(ring, after, code, done)) is not None:
                db.session.commit()
                after = last
            _codes_of_places(ring, done)
    secrets, needed_by_codes = factors.reseal(ring)
    names, needed_by_names = confirmations.reseal(ring)
    done.secrets += secrets + names
    needed = done.still_needed | needed_by_codes | needed_by_names | {ring.writing}
    for reseal in data_keys.resealers():
        count, still = reseal(ring)
        done.secrets, needed = done.secrets + count, needed | still
    done.retired = [
        key.id for key in data_keys.known() if key.retired_at is None and key.id not in needed
    ]
    data_keys.retire(set(done.retired))
    db.session.commit()
    return done


def _codes_of_places(ring: KeyRing, done: Rotation) -> None:
    """Seal the secrets of the firm's duty codes anew."""
    resealed, needed = points.reseal(ring)
    done.secrets += resealed
    done.still_needed |= needed
    db.session.commit()


def _batch(ring: KeyRing, after: UUID, code: str, done: Rotation) -> UUID | None:
    """Seal the next rows anew; return the last one's id, None when there was none left."""
    old = or_(
        *(
            func.split_part(column, ".", place) != ring.writing
            for column, place in (
                (Client.name_sealed, 2),
                (Client.phone_sealed, 2),
                (Client.phone_digest, 1),
            )
        )
    )
    query = select(*COLUMNS).where(Client.id > after, old).order_by(Client.id)
    rows = db.session.execute(query.limit(BATCH).with_for_update()).all()
    changes = []
    for row in rows:
        person = seals.opened(row)
        if person.name is None or person.phone is None:
            done.unreadable.append((code, row.id))
            done.still_needed |= {key_of(part) for part in row[2:] if part}
        else:
            changes.append({"firm_id": row.firm_id, "id": row.id, **_resealed(ring, row, person)})
    if changes:
        # Past the ORM's count of revisions: who has the page open is not to be refused.
        _write(changes)
    done.resealed += len(changes)
    return rows[-1].id if rows else None


def _resealed(ring: KeyRing, row: Any, person: seals.Person) -> dict[str, str | None]:
    """All three columns, so that one statement serves every row."""
    absent = dict.fromkeys(("name_sealed", "phone_sealed", "phone_digest"))
    return absent | dict(seals.sealed(ring, row, person))


def _write(changes: list[dict[str, Any]]) -> None:
    table = Client.__table__
    db.session.connection().execute(
        table.update().where(  # type: ignore[attr-defined]  # a Table
            table.c.firm_id == bindparam("firm"), table.c.id == bindparam("row")
        ),
        [{"firm": change.pop("firm_id"), "row": change.pop("id"), **change} for change in changes],
    )
