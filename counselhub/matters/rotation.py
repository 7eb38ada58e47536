"""Seal the parties of matters under the first key of the ring, and find them by it."""

from uuid import UUID

from sqlalchemy import delete, func, or_, select

from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, key_of
from counselhub.core.tenancy import as_firm
from counselhub.matters import seals
from counselhub.matters.models import MatterParty, PartyKey
from counselhub.people.queries import every_firm

BATCH = 500
START = UUID(int=0)


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Bring every party under the writing key; return how many, and the keys still needed.

    Commits each batch. One that does not open stays as it is, and its keys stay needed.
    """
    resealed, needed = 0, set[str]()
    for firm_id, _code in every_firm():
        with as_firm(firm_id):
            after: UUID | None = START
            while after is not None:
                rows = _batch(ring, after)
                resealed += sum(_anew(ring, row, needed) for row in rows)
                after = rows[-1].id if rows else None
                db.session.commit()
    return resealed, needed


def _batch(ring: KeyRing, after: UUID) -> list[MatterParty]:
    columns = (getattr(MatterParty, name) for name in seals.COLUMNS.values())
    old = or_(*(func.split_part(column, ".", 2) != ring.writing for column in columns))
    query = select(MatterParty).where(MatterParty.id > after, old).order_by(MatterParty.id)
    return list(db.session.scalars(query.limit(BATCH).with_for_update()))


def _anew(ring: KeyRing, row: MatterParty, needed: set[str]) -> int:
    """Seal one party anew; return 1, or 0 for one that does not open."""
    marks = seals.opened(row)
    if marks is None:
        sealed = (getattr(row, name) for name in seals.COLUMNS.values())
        needed.update(key_of(text) for text in sealed if text)
        return 0
    for column, value in seals.sealed(ring, row, marks).items():
        setattr(row, column, value)
    db.session.execute(
        delete(PartyKey).where(PartyKey.firm_id == row.firm_id, PartyKey.party_id == row.id)
    )
    db.session.add_all(
        PartyKey(firm_id=row.firm_id, party_id=row.id, kind=kind, digest=digest)
        for kind, digest in seals.written_keys(ring, row.firm_id, row.kind, marks)
    )
    return 1
