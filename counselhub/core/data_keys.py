"""The keys that seal personal data: where they come from, and which of them rows still need."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core import clock, config, sealing
from counselhub.core.db import Base, db
from counselhub.core.row_security import DataClass
from counselhub.core.sealing import KeyRing, KeyRingError
from counselhub.core.tenancy import as_platform

SETTING = "COUNSELHUB_DATA_KEYS"


class DataKey(Base):
    """A key that has sealed something: its id and fingerprint, never the key itself."""

    __tablename__ = "data_key"
    data_class = DataClass.REFERENCE

    id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    first_used_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """When no row needed it any more; it may be taken out of the environment."""


def from_environment(data_dir: Path) -> KeyRing:
    """Return the ring of COUNSELHUB_DATA_KEYS, or of one key made in the data folder (0600).

    Raises KeyRingError for keys that cannot be used.
    """
    if given := os.environ.get(SETTING, "").strip():
        return sealing.parse(given)
    path = data_dir / "keys" / "data_keys"
    return sealing.parse(config.kept(path, lambda: sealing.new_key(f"k{os.urandom(3).hex()}")))


def init_app(app: Flask, ring: KeyRing) -> None:
    """Give the application its keys. Raises KeyRingError when rows need one that is not there."""
    app.extensions["data_keys"] = ring
    with app.app_context():
        try:
            refuse_missing(db.engine, ring)
        finally:
            db.engine.dispose()  # gunicorn forks: each worker opens its own


def refuse_missing(engine: Engine, ring: KeyRing) -> None:
    """Raise KeyRingError when a key in use is missing from `ring`, or is another one there."""
    for key_id, fingerprint in _in_use(engine):
        if key_id not in ring.keys:
            raise KeyRingError(
                f"Personal data is sealed with the data key {key_id}, which {SETTING} does not"
                " hold. Add it after the others; `counselhub keys rotate` ends the need for it."
            )
        if fingerprint != ring.fingerprint(key_id):
            raise KeyRingError(
                f"The data key {key_id} of {SETTING} is not the one that sealed the personal data"
                " in this database. Give back the former key under this id."
            )


def refuse_missing_at(app_url: str, ring: KeyRing) -> None:
    """As `refuse_missing`, before there is an application."""
    engine = create_engine(app_url)
    try:
        refuse_missing(engine, ring)
    finally:
        engine.dispose()


def _in_use(engine: Engine) -> list[tuple[str, str]]:
    with engine.begin() as connection:
        # The application may be made before its database is at the newest schema.
        if connection.scalar(text("SELECT to_regclass('data_key')")) is None:
            return []
        connection.execute(text("SELECT set_config('app.scope_kind', 'platform', true)"))
        query = select(DataKey.id, DataKey.fingerprint).where(DataKey.retired_at.is_(None))
        return [(row[0], row[1]) for row in connection.execute(query.order_by(DataKey.id))]


def ring() -> KeyRing:
    """Return the keys of the running application, to read with."""
    found: KeyRing = current_app.extensions["data_keys"]
    return found


def writing_ring() -> KeyRing:
    """Return the keys, to seal with: from now on the database says that it needs the first."""
    found = ring()
    needed = select(DataKey.id).where(DataKey.id == found.writing, DataKey.retired_at.is_(None))
    if db.session.scalar(needed) is None:
        _need(found)
    return found


def _need(found: KeyRing) -> None:
    key = {
        "id": found.writing,
        "fingerprint": found.fingerprint(found.writing),
        "first_used_at": clock.now(),
    }
    with as_platform():
        statement = insert(DataKey).values(key)
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_={"retired_at": None})
        )


Resealer = Callable[[KeyRing], tuple[int, set[str]]]
"""Seals a feature's texts under the writing key: how many, and which keys are needed still."""


def also_reseals(app: Flask, reseal: Resealer) -> None:
    """Let a change of keys seal the texts of one more feature anew."""
    app.extensions.setdefault("resealers", []).append(reseal)


def resealers() -> list[Resealer]:
    """Return what `also_reseals` was told."""
    found: list[Resealer] = current_app.extensions.get("resealers", [])
    return found


def retire(ids: set[str]) -> None:
    """Note that no row needs these keys any more."""
    with as_platform():
        db.session.execute(
            update(DataKey)
            .where(DataKey.id.in_(ids), DataKey.retired_at.is_(None))
            .values(retired_at=clock.now())
        )


def known() -> list[DataKey]:
    """Return every key that ever sealed something, oldest first."""
    with as_platform():
        query = select(DataKey).order_by(DataKey.first_used_at, DataKey.id)
        return list(db.session.scalars(query))
