"""Which database the environment asks for: an outside one, or our own."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from counselhub.core.postgres.accounts import ServerError
from counselhub.core.postgres.roles import DatabaseUrls
from counselhub.core.postgres.server import running_server

CHECKOUT = Path(__file__).resolve().parents[3]


def data_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the server, uploads and keys: COUNSELHUB_DATA, else var/ here."""
    return Path(environ.get("COUNSELHUB_DATA") or CHECKOUT / "var").resolve()


def outside_urls(environ: Mapping[str, str]) -> DatabaseUrls | None:
    """Return the URLs of the PostgreSQL that DATABASE_URL names, None when it names none.

    DATABASE_URL is the role that migrates; DATABASE_APP_URL, when given, the one that serves.
    Raises ServerError for what is no address of PostgreSQL.
    """
    owner = environ.get("DATABASE_URL")
    if not owner:
        return None
    app = environ.get("DATABASE_APP_URL") or owner
    return DatabaseUrls(owner=_with_driver(owner), app=_with_driver(app))


@contextmanager
def open_database(environ: Mapping[str, str]) -> Iterator[DatabaseUrls]:
    """Give the URLs of the database in use; our own server runs for the length of the block."""
    outside = outside_urls(environ)
    if outside is not None:
        yield outside
        return
    with running_server(data_folder(environ)) as urls:
        yield urls


def _with_driver(url: str) -> str:
    if not re.match(r"postgres(ql)?(\+\w+)?://", url):
        raise ServerError("DATABASE_URL must be like postgresql://user:password@host/database.")
    # Hosting services hand out postgres:// or postgresql://, for which SQLAlchemy would look
    # for another driver.
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)
