"""Applications as they are in production: tokens are looked at, requests are counted."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from counselhub import create_app
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls

Make = Callable[..., Flask]


@pytest.fixture
def make_app(urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Make an application under these settings (COUNSELHUB_… without its beginning)."""
    made: list[Flask] = []

    def make(**given: str) -> Flask:
        for name, value in given.items():
            monkeypatch.setenv(f"COUNSELHUB_{name.upper()}", value)
        app = create_app(urls)
        app.config.update(TESTING=True)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()
