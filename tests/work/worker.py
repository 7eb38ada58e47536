"""Workers of the tests: one that does what waits and ends, and one that is killed in the middle."""

import asyncio
import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import create_engine, text

from counselhub.core import jobs
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.sealing import KeyRing
from counselhub.tasks import TASKS

STOPPING = """
import asyncio, sys, time
from counselhub import create_app
from counselhub.core import jobs
from counselhub.core.postgres import DatabaseUrls
from counselhub.tasks import TASKS
from counselhub.work.running import Order
tell, stop = Order.tell, int(sys.argv[2])
def told(self, done, parts, doing=""):
    tell(self, done, parts, doing)
    if done == stop:
        print("here", flush=True)
        time.sleep(120)
Order.tell = told
urls = DatabaseUrls(sys.argv[1], sys.argv[1])
asyncio.run(jobs.work(jobs.queue(create_app(urls), urls.app, (), TASKS), ()))
"""
"""A worker that stands still where its work has told that `stop` parts are done."""


def work(app: Flask, urls: DatabaseUrls, *names: str) -> None:
    """Let a worker do these and all that waits, and end."""
    queue = jobs.queue(app, urls.app, (), TASKS)
    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may hold this thread's loop
        apart.submit(lambda: asyncio.run(jobs.work(queue, names, wait=False))).result()


def environment(app: Flask) -> dict[str, str]:
    """Return what a process of its own is told: the keys of `app`, for other tests have sealed."""
    ring: KeyRing = app.extensions["data_keys"]
    keys = (f"{name}:{base64.urlsafe_b64encode(key).decode()}" for name, key in ring.keys.items())
    return os.environ | {"COUNSELHUB_DATA_KEYS": ",".join(keys)}


def kill_in_the_middle(app: Flask, urls: DatabaseUrls, stop: int) -> None:
    """Let a worker of its own process begin what waits, and kill -9 it after so many parts."""
    with subprocess.Popen(
        [sys.executable, "-c", STOPPING, urls.app, str(stop)],
        env=environment(app),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"here\n"
        worker.kill()


def work_after_all(app: Flask, urls: DatabaseUrls, is_over: Callable[[], bool]) -> None:
    """Let half a minute of silence pass, then let another worker do what was left."""
    owner = create_engine(urls.owner)
    with owner.begin() as connection:
        silent = (
            "update jobs.procrastinate_workers set last_heartbeat = now() - interval '1 minute'"
        )
        connection.execute(text(silent))
    owner.dispose()
    deadline = time.monotonic() + 60
    while not is_over() and time.monotonic() < deadline:
        work(app, urls, "begin_again")
    assert is_over()


def empty_queue(urls: DatabaseUrls) -> None:
    """Leave nothing in the queue."""
    owner = create_engine(urls.owner)
    with owner.begin() as connection:
        connection.execute(
            text("truncate jobs.procrastinate_jobs, jobs.procrastinate_workers cascade")
        )
    owner.dispose()
