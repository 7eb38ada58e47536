"""Workers that send mail side by side, or die over it: each letter once."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask import Flask

from counselhub.core import clock
from counselhub.core.postgres import DatabaseUrls
from counselhub.notices import outbox
from counselhub.notices.channels import deliver
from counselhub.notices.kinds import DeliveryState
from counselhub.notices.queries import MAIL
from tests.factories import Tenant
from tests.notices.conftest import Reader, join, states
from tests.notices.server import Post

S = DeliveryState
DELIVERING = """
import sys
from counselhub import create_app
from counselhub.core.postgres import DatabaseUrls
from counselhub.notices.channels import deliver
with create_app(DatabaseUrls(sys.argv[1], sys.argv[1])).app_context():
    deliver("mail")
"""


def test_two_workers_send_each_letter_once(
    app: Flask, tenant: Tenant, reader: Reader, post: Post
) -> None:
    readers = [reader, *(join(app, tenant) for _ in range(5))]
    for _ in range(3):
        reader.told()

    def work() -> int:
        with app.app_context():
            return deliver(MAIL)

    with ThreadPoolExecutor(3) as workers:
        counts = [one.result() for one in [workers.submit(work) for _ in range(3)]]
    assert sum(counts) == len(post.letters) == len(readers)
    assert sorted(one["To"] for one in post.letters) == sorted(one.email for one in readers)
    assert len(set(post.numbers())) == len(readers)


def test_a_worker_killed_after_the_server_took_it(
    app: Flask, urls: DatabaseUrls, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    """The letter comes twice under one number: what arrives is never lost, and can be told."""
    post.hangs = True
    reader.told()
    env = os.environ | {"SMTP_URL": app.config["SMTP_URL"], "MAIL_FROM": "post@service.example"}
    with subprocess.Popen([sys.executable, "-c", DELIVERING, urls.app], env=env) as worker:
        assert post.arrived.wait(60)
        worker.kill()
    assert [state for state, *_ in states(reader)] == [S.SENDING]
    post.hangs = False
    assert send() == 0, "a claim is respected while its worker may live"
    with clock.frozen(clock.now() + outbox.ABANDONED_AFTER):
        assert send() == 1
    assert len(post.letters) == 2
    assert len(set(post.numbers())) == 1
    assert states(reader) == [(S.SENT, 1, "")]


def test_a_message_that_kills_every_worker_is_given_up(app: Flask, reader: Reader) -> None:
    reader.told()
    now = clock.now()
    with app.app_context():
        for step in range(12):
            with clock.frozen(now + step * outbox.ABANDONED_AFTER):
                assert outbox.claim(MAIL, 50) is not None
        with clock.frozen(now + timedelta(hours=3)):
            assert outbox.claim(MAIL, 50) is None
    assert states(reader) == [(S.FAILED, 11, outbox.WORKER_LOST)]


def test_who_was_taken_for_dead_ends_nothing(app: Flask, reader: Reader) -> None:
    reader.told()
    now = clock.now()
    with app.app_context():
        first = outbox.claim(MAIL, 50)
        with clock.frozen(now + timedelta(hours=1)):
            second = outbox.claim(MAIL, 50)
        assert first is not None
        assert second is not None
        assert second.id == first.id
        assert (outbox.give_up(first, "x"), outbox.sent(second)) == (False, True)
    assert states(reader) == [(S.SENT, 1, "")]
