"""What the timetable and an act ask of the worker."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import text

from counselhub.core import jobs
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.postgres import DatabaseUrls
from counselhub.hooks import sending
from counselhub.tasks import TASKS
from tests.factories import Tenant
from tests.hooks.conftest import Made, act, deliveries
from tests.hooks.receiver import Receiver


def test_the_timetable_asks_once_for_what_is_due(
    app: Flask, tenant: Tenant, manager: Member, hook: Made
) -> None:
    query = text(
        "select count(*) from jobs.procrastinate_jobs where queueing_lock = 'send_hooks:due'"
    )
    with app.app_context():
        sending.ask()
        assert db.session.scalar(query) == 0
    act(app, tenant, manager)
    with app.app_context():
        for _twice in range(2):
            sending.ask()
        assert db.session.scalar(query) == 1


def test_the_worker_does_what_the_act_asked_for(
    app: Flask,
    urls: DatabaseUrls,
    tenant: Tenant,
    manager: Member,
    hook: Made,
    receiver: Receiver,
) -> None:
    act(app, tenant, manager, many=3)
    queue = jobs.queue(app, urls.app, (), TASKS)
    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may hold this thread's loop
        apart.submit(lambda: asyncio.run(jobs.work(queue, (), wait=False))).result()
    assert len(receiver.ids) == 3
    assert {one.state for one in deliveries(app, hook)} == {"sent"}
