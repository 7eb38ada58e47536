"""The furnished firms and everybody who signs in, once a worker."""

import os
import pickle
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, create_engine

from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind
from tests import factories
from tests.isolation import world as worlds
from tests.isolation.world import Furnished, World

SignIn = Callable[[Furnished, Role], FlaskClient]
ADVISERS = (Role.ADVISER, Role.TEAM_LEADER)


@pytest.fixture(scope="session")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where uploads of these tests lie."""
    given = os.environ.get("COUNSELHUB_MUTANT_UPLOADS")
    return Path(given) if given else tmp_path_factory.mktemp("uploads")


@pytest.fixture(autouse=True)
def own_folder(uploads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads go to a folder of the tests."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(uploads))


@pytest.fixture(scope="session")
def world(app: Flask, uploads: Path) -> World:
    """Three furnished firms; a run of mutants finds them in the database that it was given."""
    if kept := os.environ.get("COUNSELHUB_MUTANT_WORLD"):
        made: World = pickle.loads(Path(kept).read_bytes())  # noqa: S301  # our own file
        return made
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNSELHUB_DATA", str(uploads))
        return worlds.build(app)


@pytest.fixture(scope="session")
def owner(urls: DatabaseUrls) -> Iterator[Connection]:
    """A look at the database by the owner of the tables."""
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


A_WHILE = 240
"""Seconds, less than half of how long a proof of being there lasts."""


@pytest.fixture(scope="session")
def sign_in(app: Flask) -> SignIn:
    """Return a member of a firm, of its street's office or its district's bureau, by the role.

    An adviser is the firm's second one, whose records the furnished ones are not. Whoever signed in
    a while ago signs in anew: some acts ask who is there (`@fresh`).
    """

    clients: dict[tuple[str, Role], tuple[FlaskClient, float]] = {}

    def member(where: Furnished, role: Role) -> FlaskClient:
        key, now = (where.tenant.code, role), time.monotonic()
        if key not in clients or now - clients[key][1] > A_WHILE:
            adviser = where.tenant.backup_id if role in ADVISERS else None
            client = factories.signed_in(app, scope_of(where, role), role, adviser_id=adviser)
            clients[key] = client, now
        return clients[key][0]

    return member


def scope_of(where: Furnished, role: Role) -> Scope:
    """Return the scope of a role in the firm, the street or the district of `where`."""
    street = where.tenant.town.street_code
    if role in (Role.CHECKER, Role.APPROVER):
        return Scope(ScopeKind.OFFICE, street)
    if role in (Role.READER, Role.ASSESSOR):
        return Scope(ScopeKind.BUREAU, street[:6])
    return PLATFORM if role is Role.OPERATOR else where.scope
