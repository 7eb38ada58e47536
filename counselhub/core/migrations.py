"""Migrations: bring a database to the newest schema, and check that there is one head and no drift.

`python -m counselhub.core.migrations check` is what `make check` calls.
"""

from typing import TYPE_CHECKING

from sqlalchemy import create_engine, inspect, text

from counselhub.core.postgres.settings import CHECKOUT

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = CHECKOUT / "migrations"


def upgrade(owner_url: str) -> None:
    """Bring the database at `owner_url` (the owner's) to the newest schema; does nothing twice."""
    from alembic import command

    command.upgrade(config(owner_url), "head")


def is_current(owner_url: str) -> bool:
    """Say whether the database is at the newest schema, without waiting for anybody.

    Every command asks, so it is answered without Alembic and its scripts.
    """
    engine = create_engine(owner_url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            at = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    finally:
        engine.dispose()
    return at == [newest()]


def newest() -> str:
    """Return the name of the newest migration."""
    return (FOLDER / ".head").read_text(encoding="ascii").strip()


def config(owner_url: str) -> "Config":
    """Return Alembic's configuration for one database."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("file_template", "%%(rev)s")
    made.attributes["url"] = owner_url
    return made
