"""A service of their own for `counselhub verify` and `counselhub prune-audit`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from counselhub import create_app
from counselhub.cli import cli
from counselhub.core import clock, migrations
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_scope
from tests.factories import Tenant
from tests.statements import work

Command = Callable[..., Result]


@pytest.fixture(scope="package")
def migrated() -> Iterator[DatabaseUrls]:
    """An empty database at the newest schema, which services are copied from."""
    with scratch_database("migrated") as urls:
        migrations.upgrade(urls.owner)
        yield urls


@pytest.fixture(scope="module")
def service(migrated: DatabaseUrls) -> Iterator[tuple[DatabaseUrls, Flask]]:
    """A service that nobody else writes to."""
    empty = make_url(migrated.owner).database
    assert empty is not None
    with scratch_database("verify", template=empty) as urls:
        made = create_app(urls)
        made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SERVER_NAME="localhost")
        yield urls, made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def app(service: tuple[DatabaseUrls, Flask]) -> Flask:
    """The application on that service."""
    return service[1]


@pytest.fixture
def owner(service: tuple[DatabaseUrls, Flask]) -> Iterator[Callable[..., None]]:
    """SQL as the owner, past row security; what it broke is mended after the test."""
    engine = create_engine(service[0].owner)
    mending: list[str] = []

    def run(statement: str, mend: str = "") -> None:
        tables = ("event", "account_event", "statement", "statement_line")
        with engine.begin() as connection:
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
            assert connection.execute(text(statement)).rowcount > 0
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
        if mend:
            mending.append(mend)

    yield run
    for statement in mending:
        run(statement)
    engine.dispose()


@pytest.fixture
def command(service: tuple[DatabaseUrls, Flask]) -> Command:
    """Run one command as its process would."""
    urls, app = service

    @contextmanager
    def opened() -> Iterator[DatabaseUrls]:
        with app.app_context():
            yield urls

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, words, obj=opened)

    return run


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own, for the archive."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))


@pytest.fixture
def submitted(app: Flask, tenant: Tenant) -> str:
    """The number of a statement that was computed, certified and submitted."""
    with clock.frozen(work.NOVEMBER_3), app.test_request_context(), as_scope(tenant.scope):
        work.session(tenant, date(2026, 10, 8))
        number = work.hand_over(tenant).number
        db.session.commit()
    return number


def verified(command: Command, code: int) -> Any:
    """Return what `verify` tells, which must end with this code."""
    answer = command("verify", "--json")
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout)
