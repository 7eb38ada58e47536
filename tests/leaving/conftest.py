"""Furnished firms of which one leaves, and what hurries its day."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text

from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.leaving import actions
from counselhub.people.departures import Departure
from tests.factories import Tenant
from tests.isolation import world as worlds
from tests.isolation.world import World

CHECK_AT = "http://localhost/certificates"
HURRY = """
UPDATE departure SET asked_at = asked_at - interval '31 days', deletes_on = deletes_on - 31
WHERE id = :id
"""


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where files of these tests lie."""
    return tmp_path_factory.mktemp("leaving")


@pytest.fixture(autouse=True)
def own_folder(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files go to a folder of the tests."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(data))


@pytest.fixture(scope="module")
def world(app: Flask, data: Path) -> World:
    """Three firms with a row of every kind; two of them serve one street."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNSELHUB_DATA", str(data))
        return worlds.build(app)


def asked(app: Flask, tenant: Tenant) -> UUID:
    """Let the firm ask to leave; return the departure."""
    by = tenant.member()
    with app.test_request_context(), as_scope(tenant.scope):
        departure = actions.ask(by.title, check_at=CHECK_AT, by=by)
        found = departure.id
        db.session.commit()
    return found


@pytest.fixture
def hurry(urls: DatabaseUrls) -> Iterator[Callable[[UUID], None]]:
    """Let the day of a departure have come, as only the owner of the tables can."""
    engine = create_engine(urls.owner)

    def bring_forward(departure_id: UUID) -> None:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE departure NO FORCE ROW LEVEL SECURITY"))
            connection.execute(text("ALTER TABLE departure DISABLE TRIGGER keep_departure"))
            assert connection.execute(text(HURRY), {"id": departure_id}).rowcount == 1
            connection.execute(text("ALTER TABLE departure ENABLE TRIGGER keep_departure"))
            connection.execute(text("ALTER TABLE departure FORCE ROW LEVEL SECURITY"))

    yield bring_forward
    engine.dispose()


def departure_of(app: Flask, departure_id: UUID) -> Departure:
    """Return the departure as it is, its certificate loaded."""
    with app.app_context(), as_platform():
        found = db.session.scalars(select(Departure).where(Departure.id == departure_id)).one()
        assert found.certificate is None or found.certificate
        db.session.expunge_all()
        return found
