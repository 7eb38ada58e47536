"""Migrations: bring a database to the newest schema, and check that there is one head and no drift.

`python -m counselhub.core.migrations check` is what `make check` calls.
"""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from counselhub.core.postgres.settings import CHECKOUT

FOLDER = CHECKOUT / "migrations"


def upgrade(owner_url: str) -> None:
    """Bring the database at `owner_url` (the owner's) to the newest schema; does nothing twice."""
    command.upgrade(config(owner_url), "head")


def is_current(owner_url: str) -> bool:
    """Say whether the database is at the newest schema, without waiting for anybody."""
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return at == ScriptDirectory(str(FOLDER)).get_current_head()


def config(owner_url: str) -> Config:
    """Return Alembic's configuration for one database."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("file_template", "%%(rev)s")
    made.attributes["url"] = owner_url
    return made
