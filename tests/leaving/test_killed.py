"""Killed after each step and begun again, and kept against its withdrawal: the same end."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from counselhub.advisers.models import Adviser
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.leaving import actions, deleting
from counselhub.people.states import DepartureStatus
from counselhub.tenants.contents import classes
from tests.factories import Tenant
from tests.isolation.oracle import everything
from tests.isolation.world import Furnished, World
from tests.leaving.conftest import asked, departure_of
from tests.work.worker import environment

PRIVATE = [name for name, kind in classes().items() if kind is DataClass.FIRM_PRIVATE]
STOPPING = """
import sys, time
from uuid import UUID
from counselhub import create_app
from counselhub.core.postgres import DatabaseUrls
from counselhub.leaving import deleting
count = deleting._count
def stopped(leaving, gone):
    count(leaving, gone)
    if sys.argv[3] in gone:
        print("here", flush=True)
        time.sleep(120)
deleting._count = stopped
with create_app(DatabaseUrls(sys.argv[1], sys.argv[1])).app_context():
    deleting.carry_out(UUID(sys.argv[2]))
"""
"""A worker that stands still when it has deleted the rows of a table and not committed that."""


OF_THEM = 6
"""So many commits one life has."""
COUNTED = text("SELECT counts::text FROM departure WHERE id = :id")


class KilledError(BaseException):
    """The worker is gone, as far as what it does can tell."""


def private_rows(urls: DatabaseUrls, firm: Furnished) -> dict[str, int]:
    """Return how many private rows the firm has, by table, where it has some."""
    engine, key = create_engine(urls.owner), str(firm.tenant.firm_id)
    with engine.connect() as owner:
        rows = everything(owner, {key}).rows
    engine.dispose()
    counts = {name: sum(row["firm_id"] == key for row in rows[name]) for name in PRIVATE}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.long
def test_killed_after_each_step(
    app: Flask,
    urls: DatabaseUrls,
    world: World,
    hurry: Callable[[UUID], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Many commits that tell of rows are the last ones; every other of them does not come about.

    Each that is begun again looks through all tables anew: to die at every one takes minutes.
    """
    firm = world.victim
    departure_id = asked(app, firm.tenant)
    hurry(departure_id)
    before = private_rows(urls, firm)
    commit, deaths, commits = db.session.commit, 0, 0

    def told() -> object:
        with as_platform():
            return db.session.scalar(COUNTED, {"id": departure_id})

    def dying() -> None:
        nonlocal commits
        commits += told() != counted
        if commits == OF_THEM:
            commits = 0
            if deaths % 2:
                commit()
            raise KilledError()
        commit()

    is_over = False
    while not is_over:
        with app.app_context():
            counted = told()
            db.session.rollback()
            with monkeypatch.context() as patch:
                patch.setattr(db.session, "commit", dying)
                try:
                    deleting.carry_out(departure_id)
                    is_over = True
                except KilledError:
                    deaths += 1
                    db.session.rollback()
    ended = departure_of(app, departure_id)
    assert ended.status == DepartureStatus.DELETED
    assert private_rows(urls, firm) == {}
    assert {name: ended.counts.get(name) for name in before} == before
    assert deaths > len(before) // OF_THEM


@pytest.mark.long
def test_kill_9_in_the_middle_of_a_table(
    app: Flask, urls: DatabaseUrls, world: World, hurry: Callable[[UUID], None]
) -> None:
    firm = world.neighbour
    departure_id = asked(app, firm.tenant)
    hurry(departure_id)
    before = private_rows(urls, firm)
    given = [sys.executable, "-c", STOPPING, urls.app, str(departure_id), "client"]
    with subprocess.Popen(given, env=environment(app), stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"here\n"
        worker.kill()
    assert departure_of(app, departure_id).status == DepartureStatus.DELETING
    left = private_rows(urls, firm)
    assert left["client"] == before["client"]
    assert "service_note" not in left
    with app.app_context():
        deleting.run()
    ended = departure_of(app, departure_id)
    assert ended.status == DepartureStatus.DELETED
    assert private_rows(urls, firm) == {}
    assert {name: ended.counts.get(name) for name in before} == before


def test_withdrawn_while_the_deletion_waits(
    app: Flask, tenant: Tenant, hurry: Callable[[UUID], None]
) -> None:
    """Whoever takes the row first has it: here the firm stays, and nothing goes."""
    departure_id = asked(app, tenant)
    hurry(departure_id)
    with ThreadPoolExecutor(1) as apart:
        with app.test_request_context(), as_scope(tenant.scope):
            actions.withdraw(by=tenant.member())
            db.session.flush()
            later = apart.submit(carry_out, app, departure_id)
            time.sleep(0.3)
            assert not later.done()
            db.session.commit()
        later.result()
    found = departure_of(app, departure_id)
    assert (found.status, found.counts) == (DepartureStatus.WITHDRAWN, {})
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.get(Adviser, (tenant.firm_id, tenant.adviser_id)) is not None


def test_a_withdrawal_that_comes_too_late(
    app: Flask, tenant: Tenant, hurry: Callable[[UUID], None]
) -> None:
    departure_id = asked(app, tenant)
    hurry(departure_id)
    carry_out(app, departure_id)
    with app.test_request_context(), as_scope(tenant.scope), pytest.raises(IllegalMoveError):
        actions.withdraw(by=tenant.member())
    assert departure_of(app, departure_id).status == DepartureStatus.DELETED


def test_the_database_lets_nobody_hurry(app: Flask, tenant: Tenant) -> None:
    """Not the day, not the state, and not the function that deletes acts."""
    departure_id = asked(app, tenant)
    for statement in (
        "UPDATE departure SET deletes_on = current_date WHERE id = :id",
        "UPDATE departure SET status = 'deleting' WHERE id = :id",
        "SELECT * FROM forget_firm((SELECT firm_id FROM departure WHERE id = :id))",
    ):
        with app.app_context(), as_platform():
            with pytest.raises(DBAPIError):
                db.session.execute(text(statement), {"id": departure_id})
            db.session.rollback()


def carry_out(app: Flask, departure_id: UUID) -> None:
    with app.app_context():
        deleting.carry_out(departure_id)
