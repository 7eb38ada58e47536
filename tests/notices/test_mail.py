"""Letters through a real server: what they say, when they go, and to whom they do not."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.clock import SHANGHAI
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.notices import choosing
from counselhub.notices.kinds import DeliveryState, Kind, Language, Mode
from counselhub.notices.models import Notice, NoticeSetting
from counselhub.people.models import Membership
from tests.factories import Tenant
from tests.notices.conftest import Reader, join, states
from tests.notices.server import Post

S = DeliveryState
NIGHT = datetime(2026, 11, 23, 23, tzinfo=SHANGHAI)


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
