"""Mail that a server refuses, puts off or drops: what is tried again and what is given up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.job_faults import SomeFailedError
from counselhub.notices import channels, outbox
from counselhub.notices.channels import Channel
from counselhub.notices.kinds import DeliveryState
from counselhub.notices.outbox import Batch
from counselhub.notices.queries import MAIL
from tests.factories import Tenant
from tests.notices.conftest import Reader, join, states
from tests.notices.server import Post, free_port

S = DeliveryState


def later(send: Callable[[], int], reader: Reader) -> int:
    """Send when the reader's next message is due again."""
    with clock.frozen(max(one.due_at for one in reader.deliveries())):
        return send()


def test_an_address_that_takes_nothing_is_left_in_peace(
    app: Flask, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    post.recipient = "550 5.1.1 no such user reader@firm.example"
    reader.told()
    assert send() == 0
    assert states(reader) == [(S.FAILED, 0, "smtp_550")]
    assert (reader.setting().bounced_email, reader.setting().bounced_why) == (
        reader.email,
        "smtp_550",
    )
    assert reader.setting().quiet_from == 0, "the reader's own choice stays"
    post.recipient = "250 OK"
    reader.told()
    assert (send(), post.letters) == (0, [])
    client = reader.client()
    assert "邮件无法送到" in client.get("/account/notices").text
    client.post("/account/notices/address")
    reader.told()
    assert send() == 1


@pytest.mark.parametrize(
    ("step", "answer", "state", "problem"),
    [
        pytest.param("recipient", "451 later", S.WAITING, "smtp_451", id="a full mailbox"),
        pytest.param("data", "452 no room", S.WAITING, "smtp_452", id="a full server"),
        pytest.param("data", "554 spam", S.FAILED, "smtp_554", id="an unwanted letter"),
    ],
)
def test_refusals(
    reader: Reader,
    post: Post,
    send: Callable[[], int],
    step: str,
    answer: str,
    state: DeliveryState,
    problem: str,
) -> None:
    setattr(post, step, answer)
    reader.told()
    assert send() == 0
    ((found, _tries, code),) = states(reader)
    assert (found, code) == (state, problem)
    assert reader.setting().bounced_email is None


def test_what_failed_for_now_goes_later_under_the_same_number(
    reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    post.data = "451 later"
    reader.told(1)
    start = clock.now()
    assert send() == 0
    (waiting,) = reader.deliveries()
    assert timedelta(seconds=59) < waiting.due_at - start < timedelta(seconds=90)
    post.data = "250 OK"
    reader.told(2)
    assert send() == 1, "what is new does not wait for it"
    assert later(send, reader) == 1
    assert str(waiting.batch_id) in post.numbers()[1]
    assert [state for state, *_ in states(reader)] == [S.SENT, S.SENT]


def test_a_server_that_is_away_ends_the_run(
    app: Flask, tenant: Tenant, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    other = join(app, tenant)
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{free_port()}"
    reader.told()
    assert send() == 0
    found = sorted(states(reader) + states(other))
    assert found == [(S.WAITING, 0, ""), (S.WAITING, 1, "connection")], "one failure, not one each"


def test_a_letter_that_meets_a_fault_holds_up_no_other(
    app: Flask,
    tenant: Tenant,
    reader: Reader,
    post: Post,
    send: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is taken up again when its claim has lapsed; nobody gets a second one."""
    other = join(app, tenant)
    reader.told()
    once = channels._try

    def meet_a_fault(channel: Channel, batch: Batch) -> bool:
        if batch.target_id == reader.membership_id:
            raise LookupError
        return once(channel, batch)

    monkeypatch.setattr(channels, "_try", meet_a_fault)
    with pytest.raises(SomeFailedError) as failed:
        send()
    assert [one.error for one in failed.value.faults] == ["LookupError"]
    assert [one.state for one in reader.deliveries()] == [S.SENDING]
    assert [one.state for one in other.deliveries()] == [S.SENT]
    monkeypatch.undo()
    assert send() == 0, "its claim lasts for a while"
    with clock.frozen(clock.now() + outbox.ABANDONED_AFTER + timedelta(seconds=1)):
        assert send() == 1
    assert len(post.letters) == 2


def test_a_lost_connection_is_tried_again(
    reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    post.drops = True
    reader.told()
    assert send() == 0
    assert states(reader) == [(S.WAITING, 1, "connection")]
    post.drops = False
    assert later(send, reader) == 1
    assert len(post.letters) == 1


def test_it_is_given_up_in_the_end_and_begun_again_by_hand(
    app: Flask, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    post.data = "451 later"
    reader.told()
    tried = 0
    while reader.deliveries()[0].state == S.WAITING:
        later(send, reader)
        tried += 1
    assert tried == 12
    assert states(reader) == [(S.FAILED, 11, "smtp_451")]
    post.data = "250 OK"
    with app.app_context():
        assert (outbox.begin_again("elsewhere"), outbox.begin_again(MAIL)) == (0, 1)
        db.session.commit()
    assert (send(), len(post.letters)) == (1, 1)


def test_what_waits_too_long_is_no_news(
    reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    reader.told()
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert send() == 0
    assert [state for state, *_ in states(reader)] == [S.LAPSED]
    assert "邮件：过期未发" in reader.client().get("/notices").text
