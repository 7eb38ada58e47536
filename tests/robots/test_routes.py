"""Pages of robots: added, tried, changed, switched off, removed; secrets are shown to nobody."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select, text

from counselhub.core import sealing
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform
from counselhub.robots import actions, seals
from counselhub.robots.models import Robot
from tests import factories
from tests.factories import Tenant, Town
from tests.robots import server
from tests.robots.server import Group

ELSEWHERE = "https://a.example/robot/send?access_token=abcdefgh"


def form(group: Group, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "vendor": "dingtalk",
        "name": "值班群",
        "address": f"{group.address}/robot/send?access_token={server.TOKEN}",
        "secret": server.SECRET,
        "style": "markdown",
        "topics": ["contract_ending"],
        "pace": "now",
        "digest_at": "8",
        "quiet_from": "22",
        "quiet_until": "8",
    }
    return given | changes


@pytest.fixture
def page(as_manager: FlaskClient, group: Group) -> str:
    """The page of a robot that was added there."""
    done = as_manager.post("/robots", data=form(group))
    assert done.status_code == 303
    return str(done.location)


def _robot(app: Flask, page: str) -> Robot:
    with app.app_context(), as_platform():
        return db.session.scalars(select(Robot).where(Robot.id == UUID(page[-36:]))).one()


def test_it_is_added_and_its_webhook_is_never_shown(
    app: Flask, as_manager: FlaskClient, page: str
) -> None:
    shown = [as_manager.get(address).text for address in ("/robots?q=值班", page, f"{page}/edit")]
    assert all("值班群" in one for one in shown)
    with app.app_context(), as_platform():
        kept = db.session.execute(text("select r::text from robot r")).scalars().all()
        acts = db.session.execute(text("select e::text from account_event e")).scalars().all()
    for secret in (server.TOKEN, server.SECRET):
        assert not [row for row in (*shown, *kept, *acts) if secret in row]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"address": ""}, "请填写 Webhook 地址", id="no address"),
        pytest.param({"address": ELSEWHERE}, "地址应当以", id="elsewhere"),
        pytest.param({"vendor": "wecom", "secret": ""}, "这是钉钉的地址", id="the other's"),
        pytest.param({"vendor": "wecom"}, "没有加签密钥", id="WeCom signs nothing"),
        pytest.param({"secret": "秘密秘密秘密秘密"}, "SEC 开头", id="no secret"),
        pytest.param({"topics": []}, "请至少选择一种提醒", id="nothing to tell"),
        pytest.param({"topics": ["hours_short"]}, "topics", id="what names people"),
        pytest.param({"topics": ["answer_waiting"]}, "topics", id="what offices are told"),
        pytest.param({"name": " "}, "请填写", id="no name"),
        pytest.param({"pace": "never"}, "pace", id="no such pace"),
        pytest.param({"quiet_from": "24"}, "quiet_from", id="no such hour"),
    ],
)  # fmt: skip
def test_bad_input_is_told_at_its_field(
    as_manager: FlaskClient, group: Group, change: dict[str, Any], words: str
) -> None:
    refused = as_manager.post("/robots", data=form(group, **change))
    assert refused.status_code == 422
    assert words in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_a_refused_form_gives_back_what_was_typed(as_manager: FlaskClient, group: Group) -> None:
    sent = form(group, topics=[])
    answer = as_manager.post("/robots", data=sent)
    assert answer.status_code == 422
    assert 'value="' + str(escape(sent["address"])) in answer.text
    assert f'value="{sent["secret"]}"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_trial_reaches_the_group(as_manager: FlaskClient, group: Group, page: str) -> None:
    assert as_manager.post(f"{page}/trial").status_code == 303
    assert "测试消息已发出" in as_manager.get(page).text
    (read,) = group.texts
    assert read.startswith("CounselHub：测试消息")


def test_a_trial_that_fails_says_why(as_manager: FlaskClient, group: Group, page: str) -> None:
    group.say({"errcode": 310000, "errmsg": "sign not match"})
    assert as_manager.post(f"{page}/trial").status_code == 303
    told = as_manager.get(page).text
    assert "安全设置没有通过" in told
    assert "请核对加签密钥" in told
    assert "310000 sign not match" in told
    assert "需要处理" in as_manager.get("/robots?state=stopped").text
    assert as_manager.post(f"{page}/trial").status_code == 303
    assert "安全设置没有通过" not in as_manager.get(page).text


def test_trials_keep_to_the_limit_too(as_manager: FlaskClient, group: Group, page: str) -> None:
    for _count in range(20):
        assert as_manager.post(f"{page}/trial").status_code == 303
    refused = as_manager.post(f"{page}/trial")
    assert refused.status_code == 422
    assert re.search("请在 [0-9]+ 秒后再试", refused.text)
    assert group.requests == 20


def test_a_change_without_an_address_keeps_it(
    app: Flask, as_manager: FlaskClient, group: Group, page: str
) -> None:
    change = form(group, address="", secret="", name="内勤群", revision="1", pace="daily")
    assert as_manager.post(page, data=change).status_code == 303
    assert "每天 8 点汇总" in as_manager.get(page).text
    assert as_manager.post(f"{page}/trial").status_code == 303
    assert len(group.texts) == 1


def test_a_new_secret_replaces_the_old_one(
    app: Flask, as_manager: FlaskClient, group: Group, page: str
) -> None:
    wrong = form(group, address="", secret="SECanother-one", revision="1")
    assert as_manager.post(page, data=wrong).status_code == 303
    as_manager.post(f"{page}/trial")
    assert "安全设置没有通过" in as_manager.get(page).text
    right = form(group, address="", revision="2")
    assert as_manager.post(page, data=right).status_code == 303
    assert "安全设置没有通过" not in as_manager.get(page).text


def test_another_vendor_needs_another_address(
    as_manager: FlaskClient, group: Group, page: str
) -> None:
    change = form(group, address="", secret="", vendor="wecom", revision="1")
    refused = as_manager.post(page, data=change)
    assert refused.status_code == 422
    assert "换了平台" in refused.text


def test_two_people_at_once(as_manager: FlaskClient, group: Group, page: str) -> None:
    first = form(group, address="", secret="", name="内勤群", revision="1")
    assert as_manager.post(page, data=first).status_code == 303
    refused = as_manager.post(page, data=first | {"name": "另一个群"})
    assert refused.status_code == 409
    assert "内勤群" in refused.text
    assert "别人已经改动" in refused.text


def test_it_is_switched_off_and_on_and_removed(as_manager: FlaskClient, page: str) -> None:
    assert as_manager.post(f"{page}/rest").status_code == 303
    assert as_manager.post(f"{page}/rest").status_code == 409
    assert as_manager.post(f"{page}/trial").status_code == 409
    assert "已停用" in as_manager.get("/robots?state=off").text
    assert as_manager.post(f"{page}/return").status_code == 303
    assert as_manager.post(f"{page}/return").status_code == 409
    assert as_manager.post(f"{page}/removal").status_code == 303
    assert as_manager.get(page).status_code == 404


@pytest.mark.parametrize("act", ["", "/edit", "/trial", "/rest", "/return", "/removal"])
def test_another_place_finds_nothing(
    as_outsider: FlaskClient, as_approver: FlaskClient, page: str, act: str
) -> None:
    for stranger in (as_outsider, as_approver):
        sent = stranger.get if act in ("", "/edit") else stranger.post
        assert sent(f"{page}{act}").status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.FINANCE, Role.ADVISER, Role.TEAM_LEADER])
def test_only_the_manager_keeps_them(app: Flask, tenant: Tenant, role: Role) -> None:
    client = factories.signed_in(app, tenant.scope, role, adviser_id=tenant.adviser_id)
    assert client.get("/robots").status_code == 403


def test_an_office_has_its_own(
    as_approver: FlaskClient, as_checker: FlaskClient, group: Group
) -> None:
    done = as_approver.post("/robots", data=form(group, topics=["answer_waiting"]))
    assert done.status_code == 303
    assert "答复待审核" in as_approver.get(done.location).text
    assert as_checker.get("/robots").status_code == 403


def test_there_is_a_largest_number(
    as_manager: FlaskClient, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_ROBOTS", 1)
    assert as_manager.post("/robots", data=form(group)).status_code == 303
    refused = as_manager.post("/robots", data=form(group))
    assert refused.status_code == 422
    assert "最多 1 个" in refused.text


def test_a_change_of_keys_seals_it_anew(
    app: Flask, town: Town, as_manager: FlaskClient, page: str
) -> None:
    old = app.extensions["data_keys"]
    key_id, _, body = sealing.new_key("next").partition(":")
    app.extensions["data_keys"] = sealing.KeyRing(sealing.parse(f"{key_id}:{body}").keys | old.keys)
    try:
        with app.app_context():
            count, _needed = seals.reseal(app.extensions["data_keys"])
            assert count >= 1
            found = _robot(app, page)
            assert sealing.key_of(found.sealed) == "next"
            assert seals.webhook_of(found).token == server.TOKEN
        assert as_manager.post(f"{page}/trial").status_code == 303
    finally:
        with app.app_context():
            app.extensions["data_keys"] = sealing.KeyRing(
                old.keys | app.extensions["data_keys"].keys
            )
            seals.reseal(app.extensions["data_keys"])
        app.extensions["data_keys"] = old


def test_a_webhook_that_does_not_open_asks_for_a_new_one(
    app: Flask, as_manager: FlaskClient, group: Group, page: str
) -> None:
    with app.app_context(), as_platform():
        db.session.execute(
            text("update robot set sealed = 'v1.gone.x' where id = :id"), {"id": page[-36:]}
        )
        db.session.commit()
    assert as_manager.post(f"{page}/trial").status_code == 303
    assert "保存的地址无法打开" in as_manager.get(page).text
    only_secret = form(group, address="", revision="1")
    assert as_manager.post(page, data=only_secret).status_code == 422
    assert as_manager.post(page, data=form(group, revision="1")).status_code == 303
    assert "保存的地址无法打开" not in as_manager.get(page).text
