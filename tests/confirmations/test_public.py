"""What the community sees and does behind its link."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.confirmations import actions, seals
from counselhub.confirmations.models import ConfirmationRequest, SessionAnswer
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests.confirmations.conftest import Visit, said
from tests.duty.conftest import NOON, STATEMENT, load
from tests.factories import Tenant

pytestmark = pytest.mark.usefixtures("noon")
Ask = Callable[..., Visit]


def mark(app: Flask, tenant: Tenant, visit: Visit) -> bool | None:
    with app.app_context(), as_scope(tenant.scope):
        return load(UUID(visit.session_id)).community_confirmed


def test_the_page_says_who_was_there_and_when(stranger: FlaskClient, ask: Ask) -> None:
    page = stranger.get(f"/witness/{ask().token}")
    assert page.status_code == 200
    for words in ("甲社区居委会", "张三丰", "09:00–11:00", "属实", "与实际不符"):
        assert words in page.text


def test_a_confirmation_is_kept_once(
    app: Flask, tenant: Tenant, stranger: FlaskClient, ask: Ask
) -> None:
    visit = ask()
    address = f"/witness/{visit.token}"
    assert stranger.post(address, data=said(visit)).status_code == 303
    assert "已收到答复" in stranger.get(address).text
    again = stranger.post(
        address, data=said(visit, "disputed", **{f"words-{visit.session_id}": "没来"})
    )
    assert again.status_code == 409
    assert "已经答复过" in again.text
    assert mark(app, tenant, visit) is True
    with app.test_request_context(), as_scope(tenant.scope):
        [answer] = db.session.scalars(select(SessionAnswer))
        request = db.session.scalars(select(ConfirmationRequest)).one()
        assert (answer.answer, request.office, request.status) == ("confirmed", "staff", "answered")
        assert request.name_sealed
        assert "王小明" not in request.name_sealed
        assert seals.masked(request) == "王**"
        acts = [event.act for event in history.of(load(UUID(visit.session_id)))]
        assert "community_confirm" in acts
        assert not any("王小明" in str(event.detail) for event in history.of(request))


def test_a_dispute_needs_words_and_reaches_the_manager(
    app: Flask, tenant: Tenant, stranger: FlaskClient, as_manager: FlaskClient, ask: Ask
) -> None:
    visit = ask()
    wordless = stranger.post(f"/witness/{visit.token}", data=said(visit, "disputed"))
    assert wordless.status_code == 422
    assert "请写明哪里不符" in wordless.text
    assert "王小明" in wordless.text  # what was typed stays
    words = {f"words-{visit.session_id}": "十点就走了"}
    done = stranger.post(f"/witness/{visit.token}", data=said(visit, "disputed", **words))
    assert done.status_code == 303
    assert mark(app, tenant, visit) is False
    listed = as_manager.get("/duty/confirmations?month=2026-10&state=disputed").text
    assert "十点就走了" in listed
    assert "王**" in listed


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        pytest.param({"name": ""}, "请填写", id="nobody's name"),
        pytest.param({"office": "mayor"}, "与实际不符", id="an office that is none"),
        pytest.param({"name": "王😀"}, "姓名只能包含", id="no name"),
    ],
)
def test_a_bad_answer_is_no_answer(
    app: Flask, tenant: Tenant, stranger: FlaskClient, ask: Ask, sent: dict[str, str], words: str
) -> None:
    visit = ask()
    refused = stranger.post(f"/witness/{visit.token}", data=said(visit, **sent))
    assert refused.status_code == 422
    assert words in refused.text
    assert mark(app, tenant, visit) is None


def test_nothing_said_is_refused(stranger: FlaskClient, ask: Ask) -> None:
    refused = stranger.post(f"/witness/{ask().token}", data={"office": "staff", "name": "王小明"})
    assert refused.status_code == 422
    assert "请至少对一次值班" in refused.text


def test_what_changed_while_it_was_shown_is_shown_again(stranger: FlaskClient, ask: Ask) -> None:
    visit = ask()
    stale = said(visit) | {f"revision-{visit.session_id}": "7"}
    refused = stranger.post(f"/witness/{visit.token}", data=stale)
    assert refused.status_code == 409
    assert "刚刚被改动" in refused.text


def test_a_link_that_opens_nothing_tells_nothing(stranger: FlaskClient) -> None:
    for method in (stranger.get, stranger.post):
        answer = method("/witness/nobody-gave-this")
        assert answer.status_code == 404
        assert "无效" in answer.text


def test_a_link_runs_out(stranger: FlaskClient, ask: Ask) -> None:
    visit = ask()
    with clock.frozen(NOON + timedelta(hours=73)):
        assert "过期" in stranger.get(f"/witness/{visit.token}").text
        assert stranger.post(f"/witness/{visit.token}", data=said(visit)).status_code == 409


def test_a_link_taken_back_says_so(
    stranger: FlaskClient, as_manager: FlaskClient, ask: Ask
) -> None:
    visit = ask()
    taken = as_manager.post(f"/duty/confirmations/{visit.request_id}/revocation")
    assert taken.status_code == 303
    assert "撤回" in stranger.get(f"/witness/{visit.token}").text
    assert as_manager.post(f"/duty/confirmations/{visit.request_id}/revocation").status_code == 409


def test_the_firm_cannot_answer_for_the_community(as_adviser: FlaskClient, ask: Ask) -> None:
    visit = ask()
    refused = as_adviser.post(f"/witness/{visit.token}", data=said(visit))
    assert refused.status_code == 403
    assert "自己的手机" in refused.text


def test_a_closed_month_takes_no_answer(
    stranger: FlaskClient, ask: Ask, close_october: Callable[[], None]
) -> None:
    visit = ask()
    close_october()
    refused = stranger.post(f"/witness/{visit.token}", data=said(visit))
    assert refused.status_code == 409
    assert STATEMENT in refused.text


def test_one_link_for_a_month(
    app: Flask, tenant: Tenant, stranger: FlaskClient, make_session: Callable[..., UUID]
) -> None:
    first, second = make_session(), make_session(day=NOON.date() - timedelta(days=1))
    with app.test_request_context(), as_scope(tenant.scope):
        by = tenant.member(Role.MANAGER)
        month = NOON.date().replace(day=1)
        token = actions.ask_month(tenant.town.communities[0], month, by=by).token
        db.session.commit()
    page = stranger.get(f"/witness/{token}").text
    assert page.count('<fieldset class="visit"') == 2
    sent = {
        f"answer-{first}": "confirmed",
        f"revision-{first}": "1",
        "office": "head",
        "name": "王小明",
    }
    assert stranger.post(f"/witness/{token}", data=sent).status_code == 303
    with app.app_context(), as_scope(tenant.scope):
        marks = [load(one).community_confirmed for one in (first, second)]
    assert marks == [True, None]  # what was left blank is not confirmed
