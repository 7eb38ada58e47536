"""Throw-away databases beside the real one: for checks, tests and measurements."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from counselhub.core.config import Settings
from counselhub.core.postgres import DatabaseUrls, admin_url, running_server


@contextmanager
def scratch_database(settings: Settings, label: str) -> Iterator[DatabaseUrls]:
    """Make an empty database for this block and drop it afterwards, on the server of `settings`."""
    with ExitStack() as stack:
        urls, admin = _server(settings, stack)
        name = f"scratch_{label}_{os.getpid()}"
        owner_role = make_url(urls.owner).username
        with _administrator(admin) as administer:
            administer(f'CREATE DATABASE "{name}" OWNER "{owner_role}" TEMPLATE template0')
        try:
            yield replace(urls, owner=_on(urls.owner, name), app=_on(urls.app, name))
        finally:
            with _administrator(admin) as administer:
                administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _server(settings: Settings, stack: ExitStack) -> tuple[DatabaseUrls, str]:
    if settings.database_url:
        app = settings.app_database_url or settings.database_url
        return DatabaseUrls(settings.database_url, app), settings.database_url
    urls = stack.enter_context(running_server(settings.data_dir))
    return urls, admin_url(settings.data_dir)


def _on(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@contextmanager
def _administrator(url: str) -> Iterator:  # type: ignore[type-arg]
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda statement: connection.execute(text(statement))
    engine.dispose()
