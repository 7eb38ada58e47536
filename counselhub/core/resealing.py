"""Seal a table's texts anew when the keys change."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, bindparam, func, inspect, select

from counselhub.core.db import db
from counselhub.core.sealing import KeyRing, Place, Resealing
from counselhub.core.tenancy import as_platform


def reseal(ring: KeyRing, place: Callable[[Any], Place], *columns: Any) -> tuple[int, set[str]]:
    """Bring the texts of `columns` under the writing key, as far as the present scope sees them.

    place: where a row's texts are bound to. Return how many there were, and the keys that are still
    needed: a text that does not open stays as it is. Does not commit.
    """
    done = Resealing(ring)
    for column in columns:
        old = func.split_part(column, ".", 2) != ring.writing
        rows = db.session.scalars(select(column.class_).where(old).with_for_update()).all()
        again = ((row, done.again(getattr(row, column.key), place(row))) for row in rows)
        _write(column, [(row, text) for row, text in again if text])
    return done.count, done.needed


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
