"""The queue for everybody: with the caller's transaction, under the caller's scope."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text

from counselhub.advisers.models import Adviser
from counselhub.core import jobs, queueing, tenancy
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.queueing import (
    Task,
    UnfitArgumentError,
    UnknownTaskError,
    enqueue,
    enqueue_last,
)
from counselhub.core.tenancy import NoScopeError, as_scope, current_scope
from tests.factories import Tenant

Tasks = Callable[..., None]


@pytest.fixture(autouse=True)
def emptied(urls: DatabaseUrls) -> Iterator[None]:
    """Begin with an empty queue, and leave nothing of a test in it."""
    _empty(urls)
    yield
    _empty(urls)


def _empty(urls: DatabaseUrls) -> None:
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(
            text("truncate jobs.procrastinate_jobs, jobs.procrastinate_workers cascade")
        )
    engine.dispose()


@contextmanager
def knowing(app: Flask, *tasks: Task) -> Iterator[None]:
    """Let `app` know these tasks and no others for a while."""
    before = app.extensions["tasks"]
    queueing.init_app(app, tasks)
    try:
        yield
    finally:
        app.extensions["tasks"] = before


def work(app: Flask, urls: DatabaseUrls, *tasks: Task) -> None:
    """Let a worker do all that waits, and end."""
    queue = jobs.queue(app, urls.app, (), tasks)
    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may hold this thread's loop
        apart.submit(lambda: asyncio.run(jobs.work(queue, (), wait=False))).result()


def waiting(app: Flask) -> list[str]:
    """What was asked for and waits; not how a worker looks after the queue."""
    query = (
        "select task_name from jobs.procrastinate_jobs where status = 'todo'"
        " and task_name <> 'begin_again' order by id"
    )
    with app.app_context():
        return list(db.session.scalars(text(query)))


def test_a_rollback_leaves_no_job(app: Flask, tenant: Tenant) -> None:
    with knowing(app, Task("made_up", print)), app.app_context(), as_scope(tenant.scope):
        assert enqueue("made_up") is not None
        db.session.rollback()
        assert waiting(app) == []
        enqueue("made_up")
        db.session.commit()
    assert waiting(app) == ["made_up"]


def test_scope_person_and_ids_arrive(
    app: Flask, urls: DatabaseUrls, tenant: Tenant, outsider: Tenant
) -> None:
    told: list[Any] = []

    def tell(**ids: Any) -> None:
        told.append((current_scope(), tenancy.current_person(), ids))
        told.append(set(db.session.scalars(select(Adviser.firm_id))))
        # Row security, which raw SQL meets alone, is of the same firm.
        told.append(list(db.session.scalars(text("select distinct firm_id from adviser"))))

    task = Task("tell", tell)
    asker, row = uuid7(), uuid7()
    with knowing(app, task), app.app_context(), as_scope(tenant.scope):
        tenancy.name_person(asker)
        enqueue("tell", row_id=row, count=3, day=date(2026, 10, 1), code="F-1")
        tenancy.name_person(None)
        db.session.commit()
    work(app, urls, task)
    ids = {"row_id": row, "count": 3, "day": "2026-10-01", "code": "F-1"}
    assert told[0] == (tenant.scope, asker, ids)
    assert told[1] == {tenant.firm_id}
    assert told[2] == [tenant.firm_id]


def test_what_a_task_wrote_is_committed_once(
    app: Flask, urls: DatabaseUrls, tenant: Tenant
) -> None:
    def rename(adviser_id: UUID) -> None:
        db.session.scalars(select(Adviser).where(Adviser.id == adviser_id)).one().name += "甲"

    task = Task("rename", rename)
    with knowing(app, task), app.app_context(), as_scope(tenant.scope):
        before = db.session.scalars(
            select(Adviser.name).where(Adviser.id == tenant.adviser_id)
        ).one()
        enqueue("rename", adviser_id=tenant.adviser_id)
        db.session.commit()
    work(app, urls, task)
    with app.app_context(), as_scope(tenant.scope):
        name = db.session.scalars(select(Adviser.name).where(Adviser.id == tenant.adviser_id)).one()
    assert name == f"{before}甲"


def test_a_double_click_asks_once(app: Flask, tenant: Tenant) -> None:
    with knowing(app, Task("made_up", print)), app.app_context(), as_scope(tenant.scope):
        assert enqueue("made_up", once="a") is not None
        assert enqueue("made_up", once="a") is None
        assert enqueue("made_up", once="b") is not None
        db.session.commit()
    assert waiting(app) == ["made_up", "made_up"]


def test_what_is_asked_for_last_is_done_last(
    app: Flask, urls: DatabaseUrls, tenant: Tenant
) -> None:
    """One tenant's long work: what came later goes first, and the rest in its order."""
    done: list[int] = []
    task = Task("made_up", lambda number: done.append(number), is_long=True)
    with knowing(app, task), app.app_context(), as_scope(tenant.scope):
        enqueue_last("made_up", [{"number": 1}, {"number": 2}])
        enqueue_last("made_up", [])
        enqueue("made_up", number=3)
        db.session.commit()
    for _each in range(3):  # one that is to end goes while one waits for another
        work(app, urls, task)
    assert done == [3, 1, 2]


def test_what_is_not_in_the_table_is_refused(app: Flask, tenant: Tenant) -> None:
    with knowing(app), app.app_context(), as_scope(tenant.scope), pytest.raises(UnknownTaskError):
        enqueue("nobody_knows")


def test_a_job_has_a_scope(app: Flask) -> None:
    with knowing(app, Task("made_up", print)), app.app_context(), pytest.raises(NoScopeError):
        enqueue("made_up")


@pytest.mark.parametrize("words", ["某某甲", "a b", "x" * 65, b"bytes", None, ["list"]])
def test_words_do_not_travel(app: Flask, tenant: Tenant, words: Any) -> None:
    asked = Task("made_up", print)
    with (
        knowing(app, asked),
        app.app_context(),
        as_scope(tenant.scope),
        pytest.raises(UnfitArgumentError),
    ):
        enqueue("made_up", words=words)


def test_long_work_of_a_firm_waits_for_its_own_only(
    app: Flask, urls: DatabaseUrls, tenant: Tenant, outsider: Tenant
) -> None:
    """Two firms' begin together; a firm's second one begins when its first has ended."""
    both = threading.Barrier(2, timeout=20)
    running: list[str] = []
    most: list[int] = []

    def hold(order: int) -> None:
        scope = current_scope()
        assert scope is not None
        running.append(scope.key)
        most.append(running.count(scope.key))
        if order == 1:
            both.wait()  # the other firm's first one runs at the same time, or this breaks
        running.remove(scope.key)

    task = Task("hold", hold, is_long=True)
    with knowing(app, task), app.app_context():
        for order in (1, 2):
            for one in (tenant, outsider):
                with as_scope(one.scope):
                    enqueue("hold", order=order)
        db.session.commit()
    work(app, urls, task)
    assert most == [1, 1, 1, 1]
    assert waiting(app) == []
