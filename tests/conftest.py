"""A real database built by the migrations, once a worker; tenants made fresh for each test.

Every test has firms, a street and communities of its own, so that what it commits is invisible to
the others by the product's own isolation, and nothing has to be cleaned up.
"""

import gc
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text

from counselhub import create_app
from counselhub.core import migrations
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_scope
from counselhub.people import passwords
from tests import factories, recording
from tests.factories import Tenant, Town

os.environ["COUNSELHUB_LIMITS"] = "off"  # all tests come from one address
settings.register_profile(  # a busy machine is no fault
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")
# Thousands sign in here: what a password costs in production test_password_rules.py proves.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords.NOBODY = passwords.HASHER.hash("nobody has this password")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what goes through all firms, then what takes longest; the others stay in order."""
    items.sort(
        key=lambda item: [item.get_closest_marker(name) is None for name in ("sweeping", "long")]
    )


def pytest_collection_finish() -> None:
    """Spare what is there to the end from being looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(scope="session")
def urls(worker_id: str) -> Iterator[DatabaseUrls]:
    """The addresses of this worker's database, at the newest schema; a run of mutants gives one."""
    if given := os.environ.get("COUNSELHUB_MUTANT_DATABASE"):
        yield DatabaseUrls(**json.loads(given))
        return
    with scratch_database(f"test_{worker_id}") as made:
        _hasten(made)
        migrations.upgrade(made.owner)
        yield made


def _hasten(urls: DatabaseUrls) -> None:
    """Settings of a database that lives for minutes and holds little.

    A commit is seen at once but lies on the disk later: nobody pulls the plug here. To plan a
    statement takes longer than to run it, so a plan once made is kept.
    """
    engine = create_engine(urls.owner, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = connection.scalar(text("select quote_ident(current_database())"))
        for setting in ("synchronous_commit = off", "plan_cache_mode = force_generic_plan"):
            connection.execute(text(f"alter database {name} set {setting}"))
    engine.dispose()


@pytest.fixture(scope="session")
def app(urls: DatabaseUrls) -> Iterator[Flask]:
    """The application on this worker's database, as in production but for CSRF tokens."""
    made = create_app(urls)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, SERVER_NAME="localhost")
    recording.watch(made)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for actions and queries; what it leaves open is rolled back."""
    with app.test_request_context():
        yield


@pytest.fixture
def town(app: Flask) -> Town:
    """A street of its own with four communities."""
    return factories.town(app)


@pytest.fixture
def tenant(app: Flask, town: Town) -> Tenant:
    """A law firm with two advisers, a scheme, a contract and assignments in `town`."""
    return factories.tenant(app, town)


@pytest.fixture
def look(app: Flask, tenant: Tenant) -> Callable[..., list[Any]]:
    """What asks the firm's rows between requests, which must not share a context."""

    def asked(query: Any) -> list[Any]:
        with app.app_context(), as_scope(tenant.scope):
            found = list(db.session.scalars(query))
            db.session.expunge_all()
            return found

    return asked


@pytest.fixture
def outsider(app: Flask, town: Town) -> Tenant:
    """Another law firm in the same street."""
    return factories.tenant(app, town)


@pytest.fixture
def as_manager(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's manager, signed in."""
    return factories.signed_in(app, tenant.scope, Role.MANAGER)


@pytest.fixture
def as_adviser(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's first adviser, signed in."""
    return factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)


@pytest.fixture
def as_outsider(app: Flask, outsider: Tenant) -> FlaskClient:
    """The manager of another firm, signed in."""
    return factories.signed_in(app, outsider.scope, Role.MANAGER)


@pytest.fixture
def as_checker(app: Flask, town: Town) -> FlaskClient:
    """The street's checker, signed in."""
    return factories.signed_in(app, town.scope, Role.CHECKER)


@pytest.fixture
def as_approver(app: Flask, town: Town) -> FlaskClient:
    """The street's approver, signed in."""
    return factories.signed_in(app, town.scope, Role.APPROVER)
