"""What a community sees of who comes, and how the firm learns that it knows."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import TooManyError
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.cover import page_actions, rules
from counselhub.cover.kinds import Telling
from counselhub.cover.models import ChangePage, CoverRequest
from counselhub.rota.models import DutyPhone
from tests.counting import statements
from tests.cover.conftest import NOON, MakeSlot, request_of
from tests.factories import Tenant

AT = datetime(2026, 10, 8, 12, tzinfo=clock.SHANGHAI)
Agree = Callable[..., CoverRequest]


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Somebody of a community, without an account."""
    return app.test_client()


@pytest.fixture
def agree(
    app: Flask, as_manager: FlaskClient, tenant: Tenant, make_slot: MakeSlot,
    ask: Callable[[UUID], UUID],
) -> Agree:  # fmt: skip
    """Let the desk name the second adviser for a slot of the first."""

    def do(slot_id: UUID | None = None) -> CoverRequest:
        slot_id = slot_id or make_slot()
        cover_id = ask(slot_id)
        row = request_of(app, tenant, slot_id)
        given = {"revision": row.revision, "adviser_id": str(tenant.backup_id)}
        named = as_manager.post(f"/cover/{cover_id}/appointment", data=given)
        assert named.status_code == 303, named.text
        return request_of(app, tenant, slot_id)

    return do


@pytest.fixture
def link(as_manager: FlaskClient, tenant: Tenant) -> str:
    """The address of the first community's page."""
    return made(as_manager.post(f"/cover/pages/{tenant.town.communities[0]}"))


def made(answer: TestResponse) -> str:
    found = re.search(r"/changes/[\w-]{43}", answer.text)
    assert found, answer.text
    return found[0]


def word(row: CoverRequest, revision: int | None = None) -> dict[str, str]:
    return {"cover_id": str(row.id), "revision": str(revision or row.revision)}


@pytest.mark.parametrize(
    ("times", "known"),
    [
        pytest.param((None, None, None), None, id="COVER-7 nothing is agreed"),
        pytest.param((AT, None, None), Telling.UNTOLD, id="COVER-7 agreed, nobody told"),
        pytest.param((AT, AT, None), Telling.TOLD, id="COVER-7 told by the desk"),
        pytest.param((AT, AT, AT), Telling.KNOWN, id="COVER-7 it says that it knows"),
    ],
)
def test_telling(
    times: tuple[datetime | None, datetime | None, datetime | None], known: Telling | None
) -> None:
    assert rules.telling(*times) is known


def test_the_community_sees_who_comes_and_says_that_it_knows(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, stranger: FlaskClient, agree: Agree,
    link: str,
) -> None:  # fmt: skip
    assert "近期没有换人" in stranger.get(link).text
    row = agree()
    page = stranger.get(link).text
    for words in ("甲社区居委会", "由李四光律师来，替张三丰律师", f"{tenant.code}-李四光"):
        assert words in page
    assert "出庭" not in page, "why somebody cannot come stays in the firm"
    assert "未告知社区" in as_manager.get("/cover?status=unknown").text
    assert stranger.post(link, data=word(row)).status_code == 303
    assert "已点“知道了”" in stranger.get(link).text
    assert stranger.post(link, data=word(row)).status_code == 303, "the same tap again"
    shown = as_manager.get(f"/cover/{row.id}").text
    assert "社区 10-08 12:00 点了“知道了”" in shown
    assert "甲社区（变更页）" in shown
    assert "社区已知道" in as_manager.get("/cover?status=approved").text
    with app.app_context(), as_scope(tenant.scope):
        after = db.session.get_one(CoverRequest, (tenant.firm_id, row.id))
        assert (after.known_at, after.told_at) == (NOON, NOON)
        acts = [act for act in history.of(after) if act.act == "know"]
        assert [(act.actor_side, act.actor_id) for act in acts] == [("public", None)]


def test_a_tap_too_many_is_told_when_to_come_again(
    app: Flask, stranger: FlaskClient, agree: Agree, link: str
) -> None:
    row = agree()

    def too_many(_app: Flask, **_more: object) -> None:
        g.unheeded = TooManyError("请在 5 秒后重试")

    with request_started.connected_to(too_many, app):
        answer = stranger.post(link, data=word(row))
    assert (answer.status_code, "请在 5 秒后重试" in answer.text) == (429, True)
    assert str(row.id) in answer.text, "it is sent again from that page"


def test_what_was_taken_back_is_told_again(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, stranger: FlaskClient, agree: Agree,
    make_slot: MakeSlot, link: str,
) -> None:  # fmt: skip
    slot_id = make_slot()
    row = agree(slot_id)
    stranger.post(link, data=word(row))
    given = {"revision": request_of(app, tenant, slot_id).revision}
    as_manager.post(f"/cover/{row.id}/withdrawal", data=given)
    page = stranger.get(link).text
    assert "替班取消" in page
    assert "仍由张三丰律师按原时间来" in page
    assert "的替班取消" in as_manager.get(f"/cover/{row.id}").text
    taken_back = request_of(app, tenant, slot_id)
    assert stranger.post(link, data=word(taken_back)).status_code == 303
    assert "已点“知道了”" in stranger.get(link).text
    agree(slot_id)
    assert "替班取消" not in stranger.get(link).text, "somebody comes again"


def test_what_nobody_was_told_of_goes_without_a_word(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, stranger: FlaskClient, agree: Agree,
    link: str,
) -> None:  # fmt: skip
    row = agree()
    as_manager.post(f"/cover/{row.id}/withdrawal", data={"revision": row.revision})
    assert "近期没有换人" in stranger.get(link).text
    gone = stranger.post(link, data=word(request_of(app, tenant, row.slot_id)))
    assert gone.status_code == 409
    assert "有了新的安排" in gone.text


def test_a_stale_page_and_a_strange_id(
    stranger: FlaskClient, as_manager: FlaskClient, tenant: Tenant, agree: Agree, link: str
) -> None:
    row = agree()
    elsewhere = made(as_manager.post(f"/cover/pages/{tenant.town.communities[1]}"))
    assert stranger.post(link, data=word(row, 99)).status_code == 409
    assert stranger.post(elsewhere, data=word(row)).status_code == 404
    assert stranger.post(link, data={"cover_id": "1"}).status_code == 404
    own = as_manager.post(link, data=word(row))
    assert (own.status_code, "不能代点" in own.text) == (403, True)


def test_a_number_is_shown_only_where_its_lawyer_agreed(
    app: Flask, tenant: Tenant, stranger: FlaskClient, agree: Agree, link: str
) -> None:
    agree()
    with app.app_context(), as_scope(tenant.scope):
        phone = DutyPhone(adviser_id=tenant.backup_id, phone="13800000002", is_public=False)
        db.session.add(phone)
        db.session.commit()
    assert "13800000002" not in stranger.get(link).text
    with app.app_context(), as_scope(tenant.scope):
        db.session.get_one(DutyPhone, (tenant.firm_id, tenant.backup_id)).is_public = True
        db.session.commit()
    assert 'href="tel:13800000002"' in stranger.get(link).text


def test_links_end(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, stranger: FlaskClient, link: str
) -> None:
    code = tenant.town.communities[0]
    with app.app_context(), as_platform():
        (page,) = db.session.scalars(
            db.select(ChangePage).where(ChangePage.firm_id == tenant.firm_id)
        )
        assert link.rpartition("/")[2] not in page.digest
    with clock.frozen(NOON + page_actions.LASTS - timedelta(minutes=1)):
        assert stranger.get(link).status_code == 200
    with clock.frozen(NOON + page_actions.LASTS):
        over = stranger.get(link)
        assert (over.status_code, "停用或过期" in over.text) == (404, True)
    newer = made(as_manager.post(f"/cover/pages/{code}"))
    assert [stranger.get(one).status_code for one in (link, newer)] == [404, 200]
    assert as_manager.post(f"/cover/pages/{code}/removal").status_code == 303
    assert stranger.get(newer).status_code == 404
    assert stranger.post(newer, data={}).status_code == 404


def test_the_link_goes_with_the_words_of_the_cover(
    as_manager: FlaskClient, tenant: Tenant, agree: Agree
) -> None:
    row, code = agree(), tenant.town.communities[0]
    assert "生成链接和二维码" in as_manager.get(f"/cover/{row.id}").text
    answer = as_manager.post(f"/cover/pages/{code}", data={"cover": str(row.id)})
    assert "由李四光律师" in answer.text
    assert "data:image/svg+xml" in answer.text
    assert "社区有自己的变更页" in as_manager.get(f"/cover/{row.id}").text
    assert "使用中" in as_manager.get("/cover/pages").text


def test_who_may_not(
    as_adviser: FlaskClient, as_manager: FlaskClient, as_outsider: FlaskClient,
    stranger: FlaskClient, tenant: Tenant, agree: Agree, link: str,
) -> None:  # fmt: skip
    code = tenant.town.communities[0]
    for address in ("/cover/pages", f"/cover/pages/{code}"):
        assert as_adviser.get(address).status_code == 403
    assert as_adviser.post(f"/cover/pages/{code}").status_code == 403
    for unserved in (tenant.town.communities[3], "999999999999"):
        assert as_manager.get(f"/cover/pages/{unserved}").status_code == 404
        assert as_manager.post(f"/cover/pages/{unserved}").status_code == 404
    row = agree()
    others = made(as_outsider.post(f"/cover/pages/{code}"))  # who serves the place as well
    assert "近期没有换人" in stranger.get(others).text
    assert stranger.post(others, data=word(row)).status_code == 404
    as_outsider.post(f"/cover/pages/{code}/removal")
    assert stranger.get(link).status_code == 200


def test_the_pages_ask_few_statements(
    stranger: FlaskClient, as_manager: FlaskClient, agree: Agree, make_slot: MakeSlot, link: str
) -> None:
    agree()
    for client, address in ((stranger, link), (as_manager, "/cover/pages")):
        client.get(address)
        with statements() as sent:
            assert client.get(address).status_code == 200
        assert len(sent) <= 1 + 8, sent
