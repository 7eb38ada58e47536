"""Connections: one that the server has closed is not given out; what it has planned is kept."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

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


def test_a_rollback_forgets_no_prepared_statement(app: Flask) -> None:
    asked, planned = text("select 1 + :one"), text("select count(*) from pg_prepared_statements")
    with app.app_context():
        db.engine.dispose()
        with db.engine.connect() as connection:
            for _each in range(8):  # the driver prepares what it has met five times
                connection.execute(asked, {"one": 1})
            before = connection.scalar(planned)
            connection.rollback()
            assert connection.scalar(planned) == before > 0


def test_a_failed_transaction_ends_and_the_next_one_begins(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        with pytest.raises(DBAPIError):
            connection.execute(text("select 1 / 0"))
        connection.rollback()
        assert connection.scalar(text("select 1")) == 1
