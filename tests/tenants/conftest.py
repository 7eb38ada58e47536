"""A furnished firm, its archive, and another service that is still empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from counselhub import create_app
from counselhub.core import migrations, sealing
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from counselhub.core.tenancy import as_office, as_platform
from counselhub.people.models import Firm
from counselhub.tenants import contents, making
from counselhub.tenants.making import Whose
from tests.isolation import world as worlds
from tests.isolation.world import Furnished


@pytest.fixture(scope="module")
def furnished(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """A firm with a row of every kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNSELHUB_DATA", str(tmp_path_factory.mktemp("data")))
        found = worlds.build(app).victim
        _take_report(app, found)
        yield found


TAKE = """
UPDATE premises_report r SET status = 'taken', issue_id = i.id, answered_at = now(),
    answered_by_name = '某所', revision = r.revision + 1
FROM premises_issue i
WHERE r.firm_id = :firm AND i.community_code = ANY(:communities)
"""


def _take_report(app: Flask, found: Furnished) -> None:
    """Let the office make one of its issues of the firm's report: a row that leans on its own."""
    town = found.tenant.town
    given = {"firm": found.tenant.firm_id, "communities": town.communities}
    with app.app_context(), as_office(town.street_code):
        assert db.session.connection().execute(text(TAKE), given).rowcount
        db.session.commit()


@pytest.fixture(scope="module")
def whose(app: Flask, furnished: Furnished) -> Whose:
    """The furnished firm as its archive calls it."""
    with app.app_context(), as_platform():
        firm = db.session.get_one(Firm, furnished.tenant.firm_id)
        return Whose(firm.id, firm.code, firm.name)


@pytest.fixture(scope="module")
def archive(app: Flask, whose: Whose, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firm's archive, without a passphrase."""
    target = tmp_path_factory.mktemp("archive") / "firm.zip"
    with app.app_context():
        making.make(whose, target)
    return target


@pytest.fixture(scope="module")
def elsewhere_urls() -> Iterator[DatabaseUrls]:
    """A database at the newest schema, with nobody in it."""
    with scratch_database("elsewhere") as urls:
        migrations.upgrade(urls.owner)
        yield urls


@pytest.fixture(scope="module")
def elsewhere(elsewhere_urls: DatabaseUrls) -> Flask:
    """Another service, with keys of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNSELHUB_DATA_KEYS", sealing.new_key("other"))
        return create_app(elsewhere_urls)


@pytest.fixture
def empty(elsewhere: Flask, elsewhere_urls: DatabaseUrls) -> Iterator[Flask]:
    """The other service; whatever came into it is gone before and after."""
    _forget(elsewhere_urls)
    yield elsewhere
    _forget(elsewhere_urls)
    with elsewhere.app_context():
        db.engine.dispose()


def _forget(urls: DatabaseUrls) -> None:
    engine = create_engine(urls.owner)
    names = ", ".join(piece.name for piece in contents.pieces())
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    engine.dispose()
