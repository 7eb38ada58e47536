"""One empty database for all; the first command has to make its tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counselhub import create_app
from counselhub.core.db import db
from counselhub.core.scratch import scratch_database
from tests.acceptance.books import below, edges, worked
from tests.acceptance.stranger import Service, ended

PLACES = Path(__file__).parents[2] / "counselhub" / "places" / "data"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Service]:
    """An installation with the places of Nanwan and Yuexiu and three firms with their data."""
    folder = tmp_path_factory.mktemp("stranger")
    with scratch_database(f"accept_{worker_id}") as urls:
        environ = {
            "DATABASE_URL": urls.owner,
            "DATABASE_APP_URL": urls.app,
            "COUNSELHUB_DATA": str(folder / "data"),
            "PORT": "8179",
        }
        places = [PLACES / f"communities-{name}.csv" for name in ("nanwan", "yuexiu")]
        app = create_app(urls)
        made = Service(environ, folder, app)
        # Two at once on a database without a table.
        for first in [made.start("places", "import", place, "--json") for place in places]:
            answer = ended(first)
            assert (answer.code, answer.err) == (0, ""), answer
        for code, sheets in (("li", worked()), ("bian", edges()), ("fu", below())):
            made.done(
                *("firm", "create", "--code", code, "--name", f"{code}律师事务所"),
                *("--email", f"{code}@example.com"),
            )
            imported = made.done("workbook", "import", made.book(code, sheets), "--firm", code)
            assert imported["faults"] == []
        yield made
        with app.app_context():
            db.engine.dispose()
