"""The queue on the real database: done, done again, left by a killed worker, shown."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import create_engine, select, text

from counselhub.attendance import fetching
from counselhub.core import jobs
from counselhub.core.db import db
from counselhub.core.job_faults import JobFault
from counselhub.core.jobs import Job, Standing
from counselhub.core.members import command_member
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.rounds import Round
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.timetable import TIMETABLE, timetable
from tests.factories import Tenant
from tests.isolation import world as worlds

NEVER = "0 0 29 2 *"
"""The last of February in leap years: only what is overdue at the start runs."""


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


def work(app: Flask, urls: DatabaseUrls, *table: Job, also: str = "") -> None:
    """Let a worker do all that is due, and end."""
    queue = jobs.queue(app, urls.app, table)
    names = [also] if also else [job.name for job in table]
    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may hold this thread's loop
        apart.submit(lambda: asyncio.run(jobs.work(queue, names, wait=False))).result()


def standing(app: Flask, *table: Job) -> list[Standing]:
    with app.app_context():
        return jobs.standings(table)


def test_what_is_overdue_is_done_at_the_start(
    app: Flask, urls: DatabaseUrls, owner: Callable[[str], None]
) -> None:
    done: list[str] = []
    job = Job("count", NEVER, lambda: done.append("once"))
    assert standing(app, job) == [Standing("count", None, None, 0)]
    work(app, urls, job)
    assert done == ["once"]
    (found,) = standing(app, job)
    assert (found.status, found.attempts) == ("succeeded", 1)


def test_histories_tell_the_service_from_a_command(
    app: Flask, urls: DatabaseUrls, owner: Callable[[str], None]
) -> None:
    hands: list[str] = []
    work(app, urls, Job("sign", NEVER, lambda: hands.append(command_member(PLATFORM).name)))
    assert [*hands, command_member(PLATFORM).name] == ["系统", "命令行"]


def test_a_job_that_fails_is_tried_again_later(
    app: Flask, urls: DatabaseUrls, owner: Callable[[str], None]
) -> None:
    tried: list[int] = []

    def fail() -> None:
        tried.append(1)
        raise ValueError("made up")

    job = Job("fail", NEVER, fail)
    for _attempt in range(5):
        work(app, urls, job)
        owner("update jobs.procrastinate_jobs set scheduled_at = now() where status = 'todo'")
    # Once and three times more, for the first one; a new start then begins anew.
    assert len(tried) == 5
    (found,) = standing(app, job)
    assert found.status == "todo"


def test_a_job_of_many_is_tried_again_for_the_one_that_failed(
    app: Flask, urls: DatabaseUrls, owner: Callable[[str], None]
) -> None:
    done: list[str] = []

    def go() -> None:
        with Round() as each:
            for one in ("a", "b"):
                with each.step(one):
                    if one == "a" and not done:
                        raise ValueError("made up")
                    done.append(one)

    job = Job("many", NEVER, go)
    work(app, urls, job)
    (found,) = standing(app, job)
    assert (done, found.status) == (["b"], "todo")
    with app.app_context(), as_platform():
        query = select(JobFault.error, JobFault.place).order_by(JobFault.at.desc()).limit(1)
        error, place = db.session.execute(query).one()
    assert error == "ValueError"
    assert place.endswith(" · 1: a")
    owner("update jobs.procrastinate_jobs set scheduled_at = now() where status = 'todo'")
    work(app, urls, job)
    (found,) = standing(app, job)
    assert (done, found.status) == (["b", "a", "b"], "succeeded")


LEFT = """
import asyncio, sys, time
from counselhub import create_app
from counselhub.core import jobs
from counselhub.core.postgres import DatabaseUrls
urls = DatabaseUrls(sys.argv[1], sys.argv[1])
def wait():
    print("begun", flush=True)
    time.sleep(60)
job = jobs.Job("left", "0 0 29 2 *", wait)
asyncio.run(jobs.work(jobs.queue(create_app(urls), urls.app, [job]), ["left"]))
"""


def test_what_a_killed_worker_left_is_begun_again(
    app: Flask, urls: DatabaseUrls, owner: Callable[[str], None]
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LEFT, urls.app], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"begun\n"
        worker.kill()
    owner("update jobs.procrastinate_workers set last_heartbeat = now() - interval '1 minute'")
    done: list[str] = []
    job = Job("left", NEVER, lambda: done.append("after all"))
    deadline = time.monotonic() + 20
    while not done and time.monotonic() < deadline:
        work(app, urls, job, also="begin_again")
    assert done == ["after all"]


@pytest.mark.sweeping
def test_the_service_does_its_whole_timetable(
    app: Flask,
    urls: DatabaseUrls,
    owner: Callable[[str], None],
    tenant: Tenant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a firm with a row of every kind; what asks DingTalk is not waited for: nobody is there."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    worlds.furnish(app, tenant)
    monkeypatch.setitem(app.config, "DINGTALK", "http://127.0.0.1:9")
    monkeypatch.setattr(fetching.fetch_all, "__kwdefaults__", {"waits": ()})
    work(app, urls, *TIMETABLE)
    assert {one.status for one in standing(app, *TIMETABLE)} == {"succeeded"}
    with app.app_context():
        said = CliRunner().invoke(
            timetable, ["--json"], obj=lambda: app.app_context(), catch_exceptions=False
        )
    found = json.loads(said.output)["jobs"]
    assert [one["job"] for one in found] == [job.name for job in TIMETABLE]
    assert {one["status"] for one in found} == {"succeeded"}
    assert all(asdict(one)["at"] for one in standing(app, *TIMETABLE))
