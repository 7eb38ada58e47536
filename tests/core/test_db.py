"""Connections: one that the server has closed is not given out."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls


@pytest.fixture
def beside(urls: DatabaseUrls) -> Iterator[Engine]:
    """The same role from elsewhere: it may end its own connections."""
    engine = create_engine(urls.app)
    yield engine
    engine.dispose()


def test_a_server_that_was_started_anew_fails_no_request(app: Flask, beside: Engine) -> None:
    with app.app_context():
        mine = {db.engine.connect(): 0 for _each in range(3)}
        for connection in mine:
            mine[connection] = connection.scalar(text("select pg_backend_pid()"))
            connection.rollback()
        for connection in mine:
            connection.close()
        with beside.connect() as other:
            for pid in mine.values():
                assert other.scalar(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        for _each in range(4):
            with db.engine.connect() as connection:
                assert connection.scalar(text("select pg_backend_pid()")) not in mine.values()


def test_a_connection_in_order_is_kept(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
        pids = set()
        for _each in range(3):
            with db.engine.connect() as connection:
                pids.add(connection.scalar(text("select pg_backend_pid()")))
        assert len(pids) == 1
