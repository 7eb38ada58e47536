"""Dead letters: listed without what they hold, begun again, given up; and the service's health."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text

from counselhub.cli import cli
from counselhub.core import job_faults, jobs, queueing
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.job_faults import Fault, JobFault, SomeFailedError
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.queueing import Task, enqueue
from counselhub.core.tenancy import PLATFORM, as_platform, as_scope
from counselhub.tasks import TASKS
from counselhub.timetable import TIMETABLE
from counselhub.upkeep.kinds import JOB_WORDS
from tests import counting, factories
from tests.factories import Tenant

PRIVATE = "某某甲 13800000000"


@pytest.fixture
def owner(urls: DatabaseUrls) -> Iterator[Callable[[str], None]]:
    """A way to meddle with the queue; what tests left in it is gone afterwards."""
    engine = create_engine(urls.owner)

    def do(statement: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement))

    yield do
    do("truncate jobs.procrastinate_jobs, jobs.procrastinate_workers cascade")
    engine.dispose()


def fail() -> None:
    raise ValueError(PRIVATE)


FAILING = Task("made_up", fail)


@pytest.fixture
def dead(
    app: Flask, urls: DatabaseUrls, owner: Callable[[str], None], tenant: Tenant
) -> Iterator[int]:
    """A job of the firm whose tries are used up."""
    queueing.init_app(app, (FAILING,))
    with app.app_context(), as_scope(tenant.scope):
        job_id = enqueue("made_up")
        db.session.commit()
    assert job_id is not None
    for _attempt in range(4):
        work(app, urls)
        owner("update jobs.procrastinate_jobs set scheduled_at = now() where status = 'todo'")
    yield job_id
    queueing.init_app(app, TASKS)


def work(app: Flask, urls: DatabaseUrls) -> None:
    queue = jobs.queue(app, urls.app, (), (FAILING,))
    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may hold this thread's loop
        apart.submit(lambda: asyncio.run(jobs.work(queue, (), wait=False))).result()


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    """The platform's operator, signed in."""
    return factories.signed_in(app, PLATFORM, Role.OPERATOR)


def status_of(app: Flask, job_id: int) -> tuple[str, int]:
    with app.app_context():
        query = "select status::text, attempts from jobs.procrastinate_jobs where id = :id"
        row = db.session.execute(text(query), {"id": job_id}).one()
        return row[0], row[1]


def acts(app: Flask) -> list[str]:
    with app.app_context(), as_platform():
        query = select(AccountEvent.act).where(AccountEvent.kind == "platform")
        return [act for act in db.session.scalars(query) if act.startswith("jobs_")]


def test_a_dead_letter_is_shown_without_what_it_holds(
    app: Flask, operator: FlaskClient, dead: int, tenant: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    assert status_of(app, dead) == ("failed", 4)
    with counting.statements() as asked:
        page = operator.get("/console/jobs").text
    assert len(asked) <= 8
    assert f"made_up #{dead}" in page
    assert tenant.code in page
    assert "ValueError" in page
    assert "core/jobs.py:" in page
    assert "rehearse_packs" in page  # the timetable stands there too
    assert PRIVATE not in page
    assert PRIVATE not in caplog.text
    assert f"made_up #{dead}" not in operator.get("/console/jobs?state=todo").text
    assert f"made_up #{dead}" in operator.get("/console/jobs?q=made").text
    assert "没有符合条件的作业" in operator.get("/console/jobs?q=nothing").text


def test_of_a_job_that_went_through_many_it_is_told_which_failed(
    app: Flask, operator: FlaskClient, dead: int, tenant: Tenant
) -> None:
    whose = [f"firm:{tenant.firm_id} client", "office:310101001"]
    faults = [Fault(one, "DataError", "retention/sweeping.py:107 _end") for one in whose]
    with app.app_context():
        job_faults.keep(dead, SomeFailedError(faults))
    with counting.statements() as asked:
        page = operator.get("/console/jobs").text
    assert len(asked) <= 8
    assert "retention/sweeping.py:107 _end</span>" in page
    assert f"2 个没有做完：{tenant.code} client、310101001；其余都已做完" in page
    assert str(tenant.firm_id) not in page


def test_begun_again_with_all_its_tries(app: Flask, operator: FlaskClient, dead: int) -> None:
    assert operator.post("/console/jobs/retries", data={"job": [dead]}).status_code == 303
    assert status_of(app, dead) == ("todo", 0)
    assert acts(app)[-1] == "jobs_retried"
    assert operator.post("/console/jobs/retries", data={"job": [dead]}).status_code == 409
    assert operator.post("/console/jobs/retries").status_code == 422


def test_given_up_with_a_reason(app: Flask, operator: FlaskClient, dead: int) -> None:
    refused = operator.post("/console/jobs/given-up", data={"job": [dead], "reason": " "})
    assert refused.status_code == 422
    assert "请写明放弃的原因" in refused.text
    given = {"job": [dead], "reason": "对方已停用"}
    assert operator.post("/console/jobs/given-up", data=given).status_code == 303
    assert status_of(app, dead)[0] == "cancelled"
    with app.app_context(), as_platform():
        fault = db.session.get_one(JobFault, dead)
        assert (fault.reason, fault.given_up_by) == ("对方已停用", "某operator")
    assert "对方已停用" in operator.get("/console/jobs?state=cancelled").text
    assert operator.post("/console/jobs/given-up", data=given).status_code == 409


def test_the_commands_do_the_same(app: Flask, dead: int, tenant: Tenant) -> None:
    said = CliRunner().invoke(cli, ["jobs", "list", "--json"], obj=app.app_context)
    (told,) = json.loads(said.stdout)["jobs"]
    assert (told["id"], told["tenant"], told["error"]) == (dead, tenant.code, "ValueError")
    again = CliRunner().invoke(cli, ["jobs", "retry", str(dead)], obj=app.app_context)
    assert (again.exit_code, status_of(app, dead)) == (0, ("todo", 0))
    assert CliRunner().invoke(cli, ["jobs", "retry", str(dead)], obj=app.app_context).exit_code == 1


def test_nobody_else_finds_them(
    app: Flask, as_manager: FlaskClient, as_approver: FlaskClient
) -> None:
    for client in (as_manager, as_approver):
        assert client.get("/console/jobs").status_code == 403
        assert client.post("/console/jobs/retries", data={"job": ["1"]}).status_code == 403


def test_health(app: Flask, owner: Callable[[str], None]) -> None:
    client = app.test_client()
    owner("truncate jobs.procrastinate_jobs, jobs.procrastinate_workers cascade")
    answer = client.get("/health")
    assert answer.status_code == 503
    assert '"worker":false' in answer.text.replace(" ", "")
    owner("insert into jobs.procrastinate_workers default values")
    with counting.statements() as asked:
        answer = client.get("/health")
    told = answer.json
    assert answer.status_code == 200
    assert told is not None
    assert told["heartbeat_seconds"] < 30
    assert (told["database"], told["worker"], told["dead_letters"]) == (True, True, 0)
    assert told["silent_workers"] == 0
    assert len(asked) <= 2
    owner("update jobs.procrastinate_workers set last_heartbeat = now() - interval '2 minutes'")
    assert client.get("/health").status_code == 503


def test_a_living_worker_hides_no_dead_one(
    app: Flask, operator: FlaskClient, owner: Callable[[str], None]
) -> None:
    owner("truncate jobs.procrastinate_jobs, jobs.procrastinate_workers cascade")
    assert "没有后台程序在运行" in operator.get("/console/health").text
    owner("insert into jobs.procrastinate_workers default values")
    owner("update jobs.procrastinate_workers set last_heartbeat = now() - interval '2 minutes'")
    owner("insert into jobs.procrastinate_workers default values")
    page = operator.get("/console/health").text
    assert (page.count("没有响应</span>"), page.count("正常</span>")) == (1, 1)
    told = app.test_client().get("/health")
    assert told.status_code == 200
    assert told.json is not None
    assert told.json["silent_workers"] == 1
    assert "没有响应的后台程序" in operator.get("/console/jobs").text


def test_every_job_has_its_word() -> None:
    looked_after = {"begin_again", "forget_jobs"}
    names = {job.name for job in TIMETABLE} | {task.name for task in TASKS} | looked_after
    assert names == set(JOB_WORDS)


def test_a_job_is_found_by_its_word(
    app: Flask, operator: FlaskClient, owner: Callable[[str], None], tenant: Tenant
) -> None:
    owner("truncate jobs.procrastinate_jobs cascade")
    with app.app_context(), as_scope(tenant.scope):
        enqueue("stripe_event", once=str(tenant.firm_id))
        db.session.commit()
    found = operator.get("/console/jobs?state=all&q=一条Stripe").text
    assert "stripe_event #" in found
    assert "stripe_event #" not in operator.get("/console/jobs?state=all&q=年卷").text
