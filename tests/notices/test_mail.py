"""Mail through a real server: taken, refused, lost, hung up; each letter once."""

import ipaddress
import os
import ssl
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.clock import SHANGHAI
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_platform
from counselhub.notices import choosing, outbox
from counselhub.notices.channels import deliver
from counselhub.notices.kinds import DeliveryState, Kind, Language, Mode
from counselhub.notices.models import Notice, NoticeSetting
from counselhub.notices.queries import MAIL
from counselhub.people.models import Membership
from tests.factories import Tenant
from tests.notices.conftest import Reader, join
from tests.notices.server import Post, free_port, running

S = DeliveryState
NIGHT = datetime(2026, 11, 23, 23, tzinfo=SHANGHAI)
DELIVERING = """
import sys
from counselhub import create_app
from counselhub.core.postgres import DatabaseUrls
from counselhub.notices.channels import deliver
with create_app(DatabaseUrls(sys.argv[1], sys.argv[1])).app_context():
    deliver("mail")
"""


def states(reader: Reader) -> list[tuple[str, int, str]]:
    return [(one.state, one.tries, one.problem) for one in reader.deliveries()]


def later(send: Callable[[], int], reader: Reader) -> int:
    """Send when the reader's next message is due again."""
    with clock.frozen(max(one.due_at for one in reader.deliveries())):
        return send()


def test_a_letter_says_what_happened_and_where(
    reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    reader.told()
    assert send() == 1
    (letter,) = post.letters
    words = "南湾街道退回了 2026年10月 的结算单，有 2 项疑问要说明"
    assert (letter["To"], letter["Subject"]) == (reader.email, words)
    assert letter["From"] == "CounselHub <post@service.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "甲示例，您好：" in text.get_content()
    for body in (text.get_content(), html.get_content()):
        assert words in body
        assert "/notices/" in body
        assert "/account/notices" in body
    assert states(reader) == [(S.SENT, 0, "")]
    assert send() == 0


def test_what_is_due_together_goes_in_one_letter(
    reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    for count in (1, 2, 3):
        reader.told(count)
    assert send() == 1
    (letter,) = post.letters
    assert letter["Subject"].startswith("3 条通知：")
    text = letter.get_body(("plain",))
    assert text is not None
    assert text.get_content().count("项疑问要说明") == 3
    assert [state for state, *_ in states(reader)] == [S.SENT] * 3


def test_a_letter_is_in_the_language_of_its_reader(
    app: Flask, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    with app.app_context(), as_platform():
        db.session.get_one(NoticeSetting, reader.person_id).language = Language.ENGLISH
        db.session.commit()
    reader.told()
    send()
    assert "2026-10" in post.letters[0]["Subject"]
    assert "结算单" not in post.letters[0]["Subject"]


def test_what_was_read_meanwhile_is_not_sent(
    app: Flask, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    reader.told()
    with app.app_context():
        choosing.read(reader.membership_id)
        db.session.commit()
    assert (send(), post.letters) == (0, [])
    assert states(reader) == [(S.NEEDLESS, 0, "")]


def test_who_left_gets_nothing_any_more(
    app: Flask, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    reader.told()
    with app.app_context(), as_platform():
        db.session.get_one(Membership, reader.membership_id).ended_at = clock.now()
        db.session.commit()
    assert (send(), post.letters) == (0, [])
    assert states(reader) == [(S.NEEDLESS, 0, "")]


def test_at_night_mail_waits_for_the_morning(
    app: Flask, tenant: Tenant, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    sleeper = join(app, tenant, is_awake=False)
    with clock.frozen(NIGHT):
        reader.told()
        assert send() == 1
    with clock.frozen(NIGHT + timedelta(hours=8, minutes=59)):
        assert send() == 0
    with clock.frozen(NIGHT + timedelta(hours=9)):
        assert send() == 1
    assert [one["To"] for one in post.letters] == [reader.email, sleeper.email]


def test_without_a_server_everything_waits(
    app: Flask, reader: Reader, send: Callable[[], int]
) -> None:
    reader.told()
    assert send() == 0
    assert states(reader) == [(S.WAITING, 0, "")]


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


def test_a_choice_may_end_mail_for_a_kind(
    app: Flask, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    page = reader.client()
    form = {kind.value: Mode.INBOX.value for kind in Kind}
    hours = {"quiet_from": "0", "quiet_until": "0", "digest_at": "8", "language": "zh_CN"}
    assert page.post("/account/notices", data=form | hours).status_code == 303
    reader.told()
    assert (send(), reader.deliveries()) == (0, [])
    with app.app_context(), as_platform():
        query = select(Notice).where(Notice.membership_id == reader.membership_id)
        assert len(db.session.scalars(query).all()) == 1


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS for 127.0.0.1, and the file of who vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    own = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(own, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return context, public


@pytest.mark.parametrize(
    ("login", "is_known", "outcome"),
    [
        pytest.param("sender:p%3Aw%2Fd%20%401", True, (S.SENT, ""), id="signed in over TLS"),
        pytest.param("sender:wrong", True, (S.WAITING, "smtp_535"), id="a wrong password"),
        pytest.param("sender:p%3Aw%2Fd%20%401", False, (S.WAITING, "tls"), id="an unknown server"),
    ],
)
def test_passwords_go_over_tls_to_a_known_server_only(
    app: Flask,
    reader: Reader,
    post: Post,
    send: Callable[[], int],
    certificate: tuple[ssl.SSLContext, Path],
    monkeypatch: pytest.MonkeyPatch,
    login: str,
    is_known: bool,
    outcome: tuple[DeliveryState, str],
) -> None:
    context, public = certificate
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
    with running(post, context) as port:
        app.config["SMTP_URL"] = f"smtp://{login}@127.0.0.1:{port}"
        reader.told()
        send()
    ((state, _tries, problem),) = states(reader)
    assert (state, problem) == outcome
    assert all(post.secure)
