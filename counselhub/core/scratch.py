"""Throw-away databases beside the real one: for checks, tests and measurements."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from counselhub.core.postgres import (
    DatabaseUrls,
    admin_url,
    data_folder,
    outside_urls,
    running_server,
)


@contextmanager
def scratch_database(label: str, template: str = "template0") -> Iterator[DatabaseUrls]:
    """Make a database for this block and drop it afterwards, on the server in use.

    template: the one it is a copy of, which nobody may be connected to; empty by default.
    """
    with ExitStack() as stack:
        urls, admin = _server(stack)
        name = f"scratch_{label}_{os.getpid()}"
        owner_role = make_url(urls.owner).username
        with _administrator(admin) as administer:
            administer(f'CREATE DATABASE "{name}" OWNER "{owner_role}" TEMPLATE "{template}"')
        try:
            yield replace(urls, owner=_on(urls.owner, name), app=_on(urls.app, name))
        finally:
            with _administrator(admin) as administer:
                administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _server(stack: ExitStack) -> tuple[DatabaseUrls, str]:
    if outside := outside_urls(os.environ):
        return outside, outside.owner
    data_dir = data_folder(os.environ)
    return stack.enter_context(running_server(data_dir)), admin_url(data_dir)


def _on(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@contextmanager
def _administrator(url: str) -> Iterator[Callable[[str], object]]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda statement: connection.execute(text(statement))
    engine.dispose()
