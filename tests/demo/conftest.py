"""The demonstration, loaded once for all tests of this folder."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from counselhub import create_app
from counselhub.core import clock, migrations
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.scratch import scratch_database
from counselhub.demo import load_once

# Just after midnight on New Year's Day in Shanghai: the months lie in two years.
NEW_YEAR = datetime(2026, 12, 31, 16, 5, tzinfo=UTC)


@pytest.fixture(scope="package")
def loaded() -> Iterator[DatabaseUrls]:
    """A database with the demonstration."""
    with scratch_database("demonstration") as urls:
        migrations.upgrade(urls.owner)
        with clock.frozen(NEW_YEAR):
            load_once(urls)
        yield urls


@pytest.fixture(scope="package")
def demo(loaded: DatabaseUrls) -> Iterator[Flask]:
    """The application on it."""
    made = create_app(loaded)
    with made.test_request_context(), clock.frozen(NEW_YEAR):
        yield made
        db.session.remove()
        db.engine.dispose()
