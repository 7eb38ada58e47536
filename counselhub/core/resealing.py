"""Seal a table's texts anew when the keys change."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, bindparam, func, inspect, select

from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, UnsealError, key_of
from counselhub.core.tenancy import as_platform


def reseal(ring: KeyRing, place: Callable[[Any], Place], *columns: Any) -> tuple[int, set[str]]:
    """Bring the texts of `columns` under the writing key, as far as the present scope sees them.

    place: where a row's texts are bound to. Return how many there were, and the keys that are still
    needed: a text that does not open stays as it is. Does not commit.
    """
    count, needed = 0, set[str]()
    for column in columns:
        old = func.split_part(column, ".", 2) != ring.writing
        rows = db.session.scalars(select(column.class_).where(old).with_for_update()).all()
        fresh: list[tuple[Any, str]] = []
        for row in rows:
            text = getattr(row, column.key)
            try:
                fresh.append((row, ring.seal(ring.unseal(text, place(row)), place(row))))
            except UnsealError:
                needed.add(key_of(text))
        _write(column, fresh)
        count += len(fresh)
    return count, needed


def of_platform(
    ring: KeyRing, place: Callable[[Any], Place], *columns: Any
) -> tuple[int, set[str]]:
    """As `reseal`, under the platform's scope; commits."""
    with as_platform():
        done = reseal(ring, place, *columns)
        db.session.commit()
    return done


def _write(column: Any, fresh: list[tuple[Any, str]]) -> None:
    """Past the ORM's count of revisions: who has the page open is not to be refused."""
    if not fresh:
        return
    mapper = inspect(column.class_)
    keys = mapper.primary_key
    change = mapper.local_table.update().where(
        and_(*(key == bindparam(f"of_{key.name}") for key in keys))
    )
    db.session.connection().execute(
        change.values({column.key: bindparam("fresh")}),
        [
            {"fresh": text} | {f"of_{key.name}": getattr(row, key.name) for key in keys}
            for row, text in fresh
        ],
    )
    for row, _text in fresh:
        db.session.expire(row, [column.key])
