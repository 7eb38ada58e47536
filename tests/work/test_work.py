"""Long works: asked for once, done by a worker, watched, cancelled, begun again."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, select, text

from counselhub.core import jobs
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.history import AccountEvent
from counselhub.core.job_faults import JobFault
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import (
    as_person,
    as_platform,
    as_scope,
    current_person,
    current_scope,
)
from counselhub.people.models import Person
from counselhub.people.session import members_of
from counselhub.tasks import LONG_WORKS, TASKS
from counselhub.work import actions, running
from counselhub.work.kinds import Fault, WorkState
from counselhub.work.models import LongWork
from counselhub.work.running import LongTask, Order, Result
from tests import factories
from tests.factories import Tenant


@pytest.fixture(autouse=True)
def emptied(urls: DatabaseUrls) -> Iterator[None]:
    """Leave nothing of a test in the queue."""
    yield
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(
            text("truncate jobs.procrastinate_jobs, jobs.procrastinate_workers cascade")
        )
    engine.dispose()


@contextmanager
def doing(app: Flask, run: Callable[[Order], Result]) -> Iterator[None]:
    """Let `app` know one more kind of long work."""
    task = LongTask("made_up", "编造的", run, lambda _row: None)
    running.init_app(app, (*LONG_WORKS, task))
    try:
        yield
    finally:
        running.init_app(app, LONG_WORKS)


def work(app: Flask, urls: DatabaseUrls) -> None:
    """Let a worker do all that waits, and end."""
    queue = jobs.queue(app, urls.app, (), TASKS)
    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may hold this thread's loop
        apart.submit(lambda: asyncio.run(jobs.work(queue, (), wait=False))).result()


def ask(app: Flask, tenant: Tenant, **detail: Any) -> UUID:
    with app.app_context(), as_scope(tenant.scope):
        work_id, is_new = actions.ask("made_up", by=tenant.member(), subject="s", **detail)
        assert is_new
        db.session.commit()
    return work_id


def found(app: Flask, work_id: UUID) -> LongWork:
    with app.app_context(), as_platform():
        return db.session.get_one(LongWork, work_id)


def test_done_in_the_askers_scope(app: Flask, urls: DatabaseUrls, tenant: Tenant) -> None:
    scopes: list[Any] = []

    def run(order: Order) -> Result:
        scopes.append((current_scope(), order.by.scope, order.detail, order.attempt))
        order.tell(1, 2, "写入数据")
        return Result("做好了", ["一处没有做"])

    with doing(app, run):
        work_id = ask(app, tenant, month="2026-10")
        assert found(app, work_id).state is WorkState.WAITING
        work(app, urls)
    row = found(app, work_id)
    assert scopes == [(tenant.scope, tenant.scope, {"month": "2026-10"}, 1)]
    assert (row.state, row.done, row.parts) == (WorkState.DONE, 2, 2)
    assert (row.words, row.faults) == ("做好了", ["一处没有做"])


def test_asked_twice_is_one(app: Flask, tenant: Tenant) -> None:
    work_id = ask(app, tenant)
    with app.app_context(), as_scope(tenant.scope):
        assert actions.ask("made_up", by=tenant.member(), subject="s") == (work_id, False)
        query = "select count(*) from jobs.procrastinate_jobs where args->>'work_id' = :id"
        assert db.session.scalar(text(query), {"id": str(work_id)}) == 1
        with as_platform():
            told = select(func.count()).where(
                AccountEvent.act == "long_work_asked", AccountEvent.key == tenant.scope.key
            )
            assert db.session.scalar(told) == 1


def test_a_refusal_is_told_and_may_be_begun_again(
    app: Flask, urls: DatabaseUrls, tenant: Tenant
) -> None:
    sentences = iter(["先登记合同"])

    def run(order: Order) -> Result:
        for sentence in sentences:
            raise RefusedError(sentence)
        return Result("做好了")

    with doing(app, run):
        work_id = ask(app, tenant)
        work(app, urls)
        row = found(app, work_id)
        assert (row.state, row.why, row.words) == (WorkState.FAILED, Fault.REFUSED, "先登记合同")
        with app.app_context(), as_scope(tenant.scope):
            actions.begin_again(row, by=tenant.member())
            with pytest.raises(ConflictError):
                actions.begin_again(row, by=tenant.member())
            db.session.commit()
        work(app, urls)
    row = found(app, work_id)
    assert (row.state, row.words) == (WorkState.DONE, "做好了")


def test_an_error_is_a_dead_letter(app: Flask, urls: DatabaseUrls, tenant: Tenant) -> None:
    def run(order: Order) -> Result:
        raise ValueError("made up")

    with doing(app, run):
        work_id = ask(app, tenant)
        work(app, urls)
    row = found(app, work_id)
    assert (row.state, row.why, row.words) == (WorkState.FAILED, Fault.ERROR, "")
    with app.app_context():
        query = "select status::text from jobs.procrastinate_jobs where task_name = 'long_work'"
        assert list(db.session.scalars(text(query))) == ["failed"]
    with app.app_context(), as_platform():
        fault = db.session.scalars(select(JobFault).order_by(JobFault.at.desc())).first()
        assert fault is not None
        assert fault.error == "ValueError"
        assert fault.place.startswith("work/running.py:")


def test_what_was_cancelled_leaves_nothing(app: Flask, urls: DatabaseUrls, tenant: Tenant) -> None:
    """Cancelled in the middle: at the next part the worker stops, and what it wrote is undone."""

    def run(order: Order) -> Result:
        db.session.execute(text("update adviser set name = 'half' where true"))
        with ThreadPoolExecutor(1) as apart:
            apart.submit(cancel, order.id).result()
        order.tell(1, 2)
        raise AssertionError("it went on")

    def cancel(work_id: UUID) -> None:
        with app.app_context(), as_scope(tenant.scope):
            actions.cancel(found(app, work_id), by=tenant.member())
            db.session.commit()

    with doing(app, run):
        work_id = ask(app, tenant)
        work(app, urls)
    assert found(app, work_id).state is WorkState.CANCELLED
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalar(text("select count(*) from adviser where name = 'half'")) == 0
        with pytest.raises(ConflictError):
            actions.cancel(found(app, work_id), by=tenant.member())


def test_a_worker_taken_for_dead_ends_nothing(
    app: Flask, urls: DatabaseUrls, tenant: Tenant
) -> None:
    """While it did its work another began it: its end is not taken, and what it wrote is undone."""

    def run(order: Order) -> Result:
        db.session.execute(text("update adviser set name = 'twice' where true"))
        with ThreadPoolExecutor(1) as apart:
            apart.submit(begin_elsewhere, order.id).result()
        return Result("做好了")

    def begin_elsewhere(work_id: UUID) -> None:
        with app.app_context(), as_platform():
            db.session.get_one(LongWork, work_id).attempts += 1
            db.session.commit()

    with doing(app, run):
        work_id = ask(app, tenant)
        work(app, urls)
    assert found(app, work_id).state is WorkState.WORKING
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalar(text("select count(*) from adviser where name = 'twice'")) == 0


def test_what_kills_its_worker_is_not_begun_for_ever(
    app: Flask, urls: DatabaseUrls, tenant: Tenant
) -> None:
    work_id = ask(app, tenant)
    with app.app_context(), as_platform():
        db.session.get_one(LongWork, work_id).attempts = running.MOST_ATTEMPTS
        db.session.commit()
    work(app, urls)
    assert found(app, work_id).why is Fault.BROKEN


def test_the_page_shows_the_same_progress_after_a_reload(
    app: Flask, as_manager: FlaskClient, as_outsider: FlaskClient, tenant: Tenant
) -> None:
    with doing(app, lambda _order: Result()):
        work_id = ask(app, tenant)
        address = f"/work/{work_id}"
        assert "排队中" in as_manager.get(address).text
        with app.app_context(), as_platform():
            row = db.session.get_one(LongWork, work_id)
            row.started_at, row.done, row.parts, row.doing = row.asked_at, 3, 9, "写入数据"
            db.session.commit()
        for _reload in range(2):
            page = as_manager.get(address).text
            assert 'value="3" max="9"' in page
            assert "写入数据 3/9" in page
            assert f'hx-get="{address}"' in page
        part = as_manager.get(address, headers={"HX-Request": "true"}).text
        assert part.lstrip().startswith('<section id="work"')
        assert "写入数据 3/9" in as_manager.get("/work").text
        assert as_outsider.get(address).status_code == 404
        assert str(work_id) not in as_outsider.get("/work").text


def test_cancelled_and_begun_again_on_the_page(
    app: Flask, urls: DatabaseUrls, as_manager: FlaskClient, tenant: Tenant
) -> None:
    with doing(app, lambda _order: Result("做好了")):
        work_id = ask(app, tenant)
        address = f"/work/{work_id}"
        assert as_manager.post(f"{address}/cancellation").status_code == 303
        assert "已取消" in as_manager.get(address).text
        assert as_manager.post(f"{address}/cancellation").status_code == 409
        assert "已取消" in as_manager.get("/work?state=cancelled").text
        assert "没有这种状态的任务" in as_manager.get("/work?state=done").text
        assert as_manager.post(f"{address}/restart").status_code == 303
        work(app, urls)
        assert "做好了" in as_manager.get(address).text
        assert as_manager.post(f"{address}/restart").status_code == 409


def test_begun_again_by_another_it_is_done_as_its_asker(
    app: Flask, urls: DatabaseUrls, as_manager: FlaskClient, tenant: Tenant
) -> None:
    """Its file is for who asked: it shall hold what that person may see, not what the other may."""
    seen: list[UUID | None] = []

    def run(_order: Order) -> Result:
        seen.append(current_person())
        seen.append(db.session.scalar(text("select scope_person()")))
        return Result("做好了")

    email = factories.account(app, tenant.scope, Role.CLERK)
    with app.app_context(), as_platform():
        person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
        clerk = members_of(person_id)[0]
    with doing(app, run):
        with app.app_context(), as_scope(tenant.scope), as_person(person_id):
            work_id, _is_new = actions.ask("made_up", by=clerk, subject="s")
            db.session.commit()
        assert as_manager.post(f"/work/{work_id}/cancellation").status_code == 303
        assert as_manager.post(f"/work/{work_id}/restart").status_code == 303
        work(app, urls)
    assert found(app, work_id).state is WorkState.DONE
    assert seen == [person_id, person_id]


def test_a_clerk_sees_their_own_only(app: Flask, tenant: Tenant) -> None:
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    with doing(app, lambda _order: Result()):
        work_id = ask(app, tenant)
        assert clerk.get(f"/work/{work_id}").status_code == 404
        assert "还没有后台任务" in clerk.get("/work").text
