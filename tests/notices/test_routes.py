"""The inbox, how one wants to be told, and the operator's page of what goes out."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.notices.kinds import Kind
from counselhub.notices.models import Notice, NoticeChoice
from tests import counting, factories
from tests.factories import Tenant
from tests.notices.conftest import Reader, join
from tests.notices.server import Post

WISH = {"quiet_from": "21", "quiet_until": "9", "digest_at": "17", "language": "en"}


def ids(reader: Reader) -> list[str]:
    with reader.app.app_context(), as_platform():
        query = select(Notice.id).where(Notice.membership_id == reader.membership_id)
        return [str(one) for one in db.session.scalars(query.order_by(Notice.id))]


def test_an_empty_inbox_teaches(reader: Reader) -> None:
    page = reader.client().get("/notices")
    assert page.status_code == 200
    assert "还没有通知" in page.text
    assert "全部标为已读" not in page.text


def test_what_is_unread_comes_first_and_is_counted(reader: Reader) -> None:
    for count in (1, 2, 3):
        reader.told(count)
    client = reader.client()
    first = ids(reader)[0]
    gone = client.get(f"/notices/{first}")
    assert (gone.status_code, gone.location) == (303, "/statements")
    page = client.get("/notices").text
    assert "通知，2 条未读" in page
    assert page.index("有 3 项疑问") < page.index("有 2 项疑问") < page.index("有 1 项疑问")
    unread = client.get("/notices?state=unread").text
    assert "有 1 项疑问" not in unread
    assert "有 2 项疑问" in unread


def test_one_or_all_are_marked_as_read(reader: Reader) -> None:
    for count in (1, 2, 3):
        reader.told(count)
    client = reader.client()
    client.post("/notices/reading", data={"notice": ids(reader)[0]})
    assert "通知，2 条未读" in client.get("/notices").text
    client.post("/notices/reading", data={"notice": "nonsense"})
    assert "通知，2 条未读" in client.get("/notices").text
    client.post("/notices/reading", data={"all": "1"})
    assert "条未读" not in client.get("/notices").text
    assert "没有未读的通知" in client.get("/notices?state=unread").text


def test_nobody_else_opens_or_reads_them(
    app: Flask, tenant: Tenant, reader: Reader, as_outsider: FlaskClient
) -> None:
    reader.told()
    (notice,) = ids(reader)
    colleague = join(app, tenant).client()
    for other in (as_outsider, colleague):
        assert other.get(f"/notices/{notice}").status_code == 404
        other.post("/notices/reading", data={"notice": notice})
    assert "通知，1 条未读" in reader.client().get("/notices").text


def test_a_filter_shows_one_kind(reader: Reader) -> None:
    reader.told()
    client = reader.client()
    assert "项疑问要说明" in client.get("/notices?kind=statement_returned").text
    assert "没有这一种通知" in client.get("/notices?kind=leave_asked").text
    assert client.get("/notices?kind=nonsense&page=99").status_code == 200


def test_a_long_inbox_asks_no_more(reader: Reader) -> None:
    client = reader.client()
    reader.told(1)
    with counting.statements() as few:
        client.get("/notices")
    for count in range(2, 12):
        reader.told(count)
    with counting.statements() as many:
        client.get("/notices")
    assert len(many) == len(few) <= 8


def test_choices_are_kept_and_shown(app: Flask, reader: Reader) -> None:
    client = reader.client()
    modes = {kind.value: "inbox" for kind in Kind} | {"contract_ending": "off"}
    assert client.post("/account/notices", data=modes | WISH).status_code == 303
    setting = reader.setting()
    assert (setting.quiet_from, setting.quiet_until, setting.digest_at) == (21, 9, 17)
    assert setting.rests is False
    with app.app_context(), as_platform():
        query = select(NoticeChoice.kind, NoticeChoice.mode).where(
            NoticeChoice.person_id == reader.person_id
        )
        kept = {row.kind: row.mode for row in db.session.execute(query)}
    assert kept["contract_ending"] == "off"
    assert "statement_signed" not in kept, "what is usual anyway is no choice"
    assert "leave_asked" not in kept, "a clerk decides on no leave"
    page = client.get("/account/notices").text
    assert '<option selected value="off">' in page


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"quiet_from": "24"}, id="no such hour"),
        pytest.param({"language": "fr"}, id="no such language"),
        pytest.param({"statement_returned": "off"}, id="what may not be off"),
        pytest.param({"contract_ending": "pigeon"}, id="no such way"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(reader: Reader, wrong: dict[str, str]) -> None:
    modes = {kind.value: "inbox" for kind in Kind}
    answer = reader.client().post("/account/notices", data=modes | WISH | wrong)
    assert answer.status_code == 422
    assert reader.setting().digest_at == 8


def test_the_operator_sees_counts_and_codes_but_no_words(
    app: Flask, reader: Reader, post: Post, send: Callable[[], int]
) -> None:
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    assert "还没有消息要发到站外" in operator.get("/console/deliveries").text
    post.data = "554 unwanted"
    reader.told()
    send()
    page = operator.get("/console/deliveries").text
    assert "smtp_554" in page
    assert "有未送达" in page
    assert reader.email not in page
    assert "南湾街道" not in page
    post.data = "250 OK"
    assert operator.post("/console/deliveries/retries", data={"channel": "mail"}).status_code == 303
    assert send() == 1
    assert len(post.letters) == 1
    again = operator.post(
        "/console/deliveries/retries", data={"channel": "mail"}, follow_redirects=True
    )
    assert "没有未送达的消息了" in again.text


def test_without_a_server_pages_say_how_to_set_it(app: Flask, reader: Reader) -> None:
    assert "SMTP_URL" in reader.client().get("/account/notices").text
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    assert "SMTP_URL" in operator.get("/console/deliveries").text
