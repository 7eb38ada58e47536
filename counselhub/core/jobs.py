"""The queue: what the timetable brings and nobody waits for, in the same PostgreSQL.

A job is begun again after a worker was killed in the middle of it, so each one commits what it has
done and goes on where it ended. Arguments stand in the log: ids alone, never personal data.
"""

import asyncio
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import procrastinate
from flask import Flask
from sqlalchemy import text

from counselhub.core import job_faults
from counselhub.core.db import db
from counselhub.core.members import by_itself
from counselhub.core.queueing import CARRIED, HOOKS, LONG, SHORT, Task, carried, restored

SILENT_SECONDS = 30
"""A worker that has not been heard of for so long is taken for dead, and its job begun again."""
KEPT_HOURS = 24 * 30
AT_ONCE = {"default": 1, SHORT: 2, LONG: 2, HOOKS: 1}
"""How many jobs of each queue one worker does at a time: the timetable's one after another; long
work of two tenants holds up neither the timetable nor what is soon done."""
CONNECTIONS = 10
RETRY = procrastinate.RetryStrategy(max_attempts=3, exponential_wait=8)
"""Seconds after the first, second and third failure: 8, 64, 512."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work of the timetable. cron: minute, hour, day, month and weekday by UTC."""

    name: str
    cron: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job did when it last ran: `status` and the times are None before the first run."""

    name: str
    status: str | None
    at: datetime | None
    attempts: int


def queue(
    app: Flask, address: str, timetable: Iterable[Job], tasks: Iterable[Task] = ()
) -> procrastinate.App:
    """Return the queue in the database at `address`, which knows the timetable and the tasks."""
    made = procrastinate.App(
        connector=procrastinate.PsycopgConnector(
            conninfo=address.replace("+psycopg", "", 1),
            kwargs={"options": "-c search_path=jobs"},
            max_size=CONNECTIONS,
        )
    )
    for job in timetable:
        _register(made, app, job)
    for task in tasks:
        _register_task(made, app, task)
    _look_after(made)
    return made


def _register(made: procrastinate.App, app: Flask, job: Job) -> None:
    @made.periodic(cron=job.cron)
    @made.task(name=job.name, queueing_lock=job.name, lock=job.name, retry=RETRY, pass_context=True)
    def run(context: procrastinate.JobContext, timestamp: int) -> None:
        with app.app_context(), by_itself(), _noting_faults(context):
            job.run()


def _register_task(made: procrastinate.App, app: Flask, task: Task) -> None:
    """Let the worker do a task in the scope that it was asked for in, and commit what it did."""

    @made.task(
        name=task.name,
        queue=LONG if task.is_long else task.queue,
        retry=False if task.is_long else RETRY,  # whoever asked for long work begins it again
        pass_context=True,
    )
    def run(context: procrastinate.JobContext, /, **told: Any) -> None:
        asked = [told.pop(key) for key in CARRIED]
        with app.app_context(), by_itself(), _noting_faults(context), carried(*asked):
            task.run(**{key: restored(value) for key, value in told.items()})
            db.session.commit()


@contextmanager
def _noting_faults(context: procrastinate.JobContext) -> Iterator[None]:
    """Keep kind and place of an error, and tell the queue, which writes it to its log, no more."""
    try:
        yield
    except Exception as error:
        db.session.rollback()
        raise job_faults.keep(context.job.id or 0, error) from None


def _look_after(made: procrastinate.App) -> None:
    """Begin again what a dead worker left; forget what ended long ago, but for dead letters."""

    @made.periodic(cron="* * * * *")
    @made.task(name="begin_again", queue=SHORT, queueing_lock="begin_again")
    async def begin_again(timestamp: int) -> None:
        manager = made.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
            await manager.retry_job(job)

    @made.periodic(cron="40 18 * * *")
    @made.task(name="forget_jobs", queueing_lock="forget_jobs")
    async def forget_jobs(timestamp: int) -> None:
        await made.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_cancelled=True)


async def work(made: procrastinate.App, names: Iterable[str], **options: Any) -> None:
    """Do what is overdue since the service stood still, then what the timetable brings.

    options: as of the library's worker, `wait=False` to end when nothing is left to do. A signal
    to end lets every queue finish what it has begun.
    """
    async with made.open_async():
        for name in names:
            try:
                await made.configure_task(name, queueing_lock=name, lock=name).defer_async(
                    timestamp=0
                )
            except procrastinate.exceptions.AlreadyEnqueued:
                continue
        workers = asyncio.gather(
            *(
                made.run_worker_async(
                    queues=[one], concurrency=most, install_signal_handlers=False, **options
                )
                for one, most in AT_ONCE.items()
            )
        )
        _end_on_signal(workers)
        with suppress(asyncio.CancelledError):
            await workers


def _end_on_signal(workers: asyncio.Future[Any]) -> None:
    """Cancel the workers, which end in good order; outside the main thread no signal arrives."""
    loop = asyncio.get_running_loop()
    with suppress(ValueError, RuntimeError):
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, workers.cancel)


WELL_SECONDS = 60
"""A worker tells every ten seconds that it lives."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker of one queue; a row that nobody removed is of one that was killed."""

    number: int
    heartbeat_at: datetime
    silent_seconds: int

    @property
    def lives(self) -> bool:
        """Whether it was heard of lately."""
        return self.silent_seconds <= WELL_SECONDS


def workers() -> list[Worker]:
    """Return every worker that has not ended in good order, the one last heard of first."""
    query = text(
        "SELECT id, last_heartbeat, extract(epoch FROM now() - last_heartbeat)::bigint"
        " FROM jobs.procrastinate_workers ORDER BY last_heartbeat DESC, id"
    )
    return [Worker(*row) for row in db.session.execute(query)]


def standings(timetable: Iterable[Job]) -> list[Standing]:
    """Return how each job of the timetable did when it was last begun, in its order."""
    query = text(
        "SELECT DISTINCT ON (j.task_name) j.task_name, j.status::text, e.at, j.attempts"
        " FROM jobs.procrastinate_jobs j JOIN jobs.procrastinate_events e"
        " ON e.job_id = j.id WHERE j.task_name = ANY(:names) ORDER BY j.task_name, e.id DESC"
    )
    jobs = list(timetable)
    found = {
        row.task_name: row
        for row in db.session.execute(query, {"names": [job.name for job in jobs]})
    }
    return [
        Standing(job.name, row.status, row.at, row.attempts)
        if (row := found.get(job.name))
        else Standing(job.name, None, None, 0)
        for job in jobs
    ]
