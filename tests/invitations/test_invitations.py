"""Invitations: sent, expired, withdrawn, sent again, confirmed, accepted once."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.invitations.forms import LINE
from counselhub.invitations.models import Invitation
from tests import counting, factories
from tests.factories import Tenant, Town
from tests.invitations.sent import CHOSEN, address, guest, invited, links


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    return factories.signed_in(app, PLATFORM, Role.OPERATOR)


@pytest.fixture
def empty_street(app: Flask, as_manager: FlaskClient) -> Town:
    """A street without accounts that the firm has chosen."""
    town = factories.town(app)
    assert as_manager.post(
        f"/start/streets?q={town.street_code}", data={"streets": town.street_code}
    ).status_code in (303, 302)
    return town


def test_many_at_once_and_each_comes_in_once(app: Flask, as_manager: FlaskClient) -> None:
    sent = guest(count=3)
    shown = links(as_manager.post("/invitations", data=sent).text)
    assert len(set(shown)) == 3
    for link in shown:
        client = app.test_client()
        assert "主任" not in client.get(link).text.partition("角色是")[2][:6]
        assert client.post(link, data=CHOSEN).status_code == 303
        assert client.get("/contracts").status_code == 200
        assert app.test_client().post(link, data=CHOSEN).status_code == 410
    page = as_manager.get("/invitations").text
    assert page.count("已接受") == 3
    again = as_manager.post("/invitations", data=sent)
    assert again.status_code == 422
    assert "已经在该单位" in again.text


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        pytest.param({"guests": "王五", "role": "clerk"}, "第1行看不懂", id="no address"),
        pytest.param({"guests": "王 a@x.cn\n李 a@x.cn", "role": "clerk"}, "重复的邮箱", id="twice"),
        pytest.param(guest(count=31), "最多邀请30人", id="too many"),
        pytest.param(guest("checker"), "", id="a role of elsewhere"),
        pytest.param(guest("operator"), "", id="the operator's role"),
        pytest.param(guest("adviser", name="查无此人"), "律师名册", id="not on the roll"),
    ],
)
def test_what_is_refused(as_manager: FlaskClient, sent: dict[str, str], says: str) -> None:
    answer = as_manager.post("/invitations", data=sent)
    assert answer.status_code == 422
    assert says in answer.text
    assert links(answer.text) == []


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("张三 Zhang@example.com", "张三", "zhang@example.com"),
        ("张三，zhang@example.com", "张三", "zhang@example.com"),
        ("张三 <zhang@mail.example.com>", "张三", "zhang@mail.example.com"),
        ("张三（zhang@example.com）", "张三", "zhang@example.com"),
        ("Wang, Mei; wang.mei+a@example.com", "Wang, Mei", "wang.mei+a@example.com"),
    ],
)
def test_how_a_line_is_read(line: str, name: str, email: str) -> None:
    found = LINE.fullmatch(line)
    assert found
    assert (found["name"].strip(), found["email"].lower()) == (name, email)


@pytest.mark.parametrize("unit", [",", " ,", "(", "a@", ".", "a@b.", "，<", "张 "])
def test_no_hostile_line_holds_a_worker(as_manager: FlaskClient, unit: str) -> None:
    """Each line used to be tried in every way of parting it: minutes for the whole."""
    sent = {"guests": "\n".join(["王五" + unit * (190 // len(unit))] * 30), "role": "clerk"}
    assert "第1行看不懂" in as_manager.post("/invitations", data=sent).text
    sent["guests"] = "王五" + unit * (5990 // len(unit))
    assert "第1行看不懂" in as_manager.post("/invitations", data=sent).text


def test_withdrawn_expired_and_sent_again(app: Flask, as_manager: FlaskClient) -> None:
    first = invited(as_manager, guest())
    again = as_manager.post(address(as_manager.get("/invitations").text, "resending"))
    second = links(again.text)[0]
    assert app.test_client().get(first).status_code == 410
    assert app.test_client().get(second).status_code == 200
    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        assert app.test_client().post(second, data=CHOSEN).status_code == 410
    withdrawal = address(as_manager.get("/invitations").text, "withdrawal")
    assert as_manager.post(withdrawal).status_code == 303
    assert app.test_client().get(second).status_code == 410
    assert as_manager.post(withdrawal).status_code == 409
    assert as_manager.post(withdrawal.replace("withdrawal", "resending")).status_code == 409


def test_an_adviser_is_matched_with_the_roll(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    from counselhub.advisers.models import Adviser
    from counselhub.core.tenancy import as_firm

    with app.app_context(), as_firm(tenant.firm_id):
        adviser = db.session.get_one(Adviser, (tenant.firm_id, tenant.adviser_id))
        name = adviser.name
    link = invited(as_manager, guest("adviser", name=name))
    client = app.test_client()
    assert client.post(link, data=CHOSEN).status_code == 303
    assert client.get("/duty").status_code == 200


def test_a_street_is_invited_by_a_firm_and_confirmed(
    app: Flask, as_manager: FlaskClient, operator: FlaskClient, empty_street: Town
) -> None:
    sent = {
        "place": f"office:{empty_street.street_code}",
        "name": "黄经办",
        "email": f"office-{factories.number()}@example.test",
        "role": "approver",
    }
    assert as_manager.post("/invitations/places", data=sent).status_code == 303
    row = operator.get("/console/invitations?state=proposed").text.partition(sent["email"])[2]
    confirmation = address(row, "confirmation")
    assert operator.post(confirmation).status_code in (302, 303)
    assert operator.post(confirmation).status_code == 409
    waiting = operator.get("/console/links").text
    shown = operator.post(re.findall(r"/console/links/[0-9a-f-]+/showing", waiting)[0]).text
    assert sent["email"] in shown
    client = app.test_client()
    assert client.post(links(shown)[0], data=CHOSEN).status_code == 303
    assert client.get("/people").status_code == 200
    later = as_manager.post("/invitations/places", data={**sent, "email": "x@example.test"})
    assert later.status_code == 422
    assert "已有账号" in later.text


def test_the_operator_refuses_with_a_reason(
    as_manager: FlaskClient, operator: FlaskClient, empty_street: Town
) -> None:
    email = f"office-{factories.number()}@example.test"
    sent = {"place": f"office:{empty_street.street_code}", "name": "某人", "email": email}
    as_manager.post("/invitations/places", data={**sent, "role": "checker"})
    refusal = address(
        operator.get("/console/invitations?state=proposed").text.partition(email)[2], "refusal"
    )
    assert operator.post(refusal, data={"reason": ""}).status_code == 422
    assert operator.post(refusal, data={"reason": "电话核实无此人"}).status_code in (302, 303)
    page = as_manager.get("/invitations").text
    assert "电话核实无此人" in page
    assert operator.post(refusal, data={"reason": "再次"}).status_code == 409


def test_a_firm_invites_nobody_elsewhere(
    app: Flask, as_manager: FlaskClient, as_adviser: FlaskClient, empty_street: Town
) -> None:
    foreign = factories.town(app)
    sent = {"place": f"office:{foreign.street_code}", "name": "某", "email": "a@example.test"}
    answer = as_manager.post("/invitations/places", data={**sent, "role": "checker"})
    assert answer.status_code == 422
    own = {**sent, "place": f"office:{empty_street.street_code}", "role": "reader"}
    assert as_manager.post("/invitations/places", data=own).status_code == 422
    for client in (as_adviser,):
        assert client.get("/invitations").status_code == 403
        assert client.post("/invitations", data=guest()).status_code == 403


def test_the_operator_invites_a_bureau(app: Flask, operator: FlaskClient) -> None:
    code = factories.town(app).street_code
    sent = {"name": "周科员", "email": f"b-{factories.number()}@example.test", "role": "assessor"}
    page = operator.post("/console/invitations", data={**sent, "place": code[:6]}).text
    if "已有账号" not in page:  # towns of the tests may share their district
        client = app.test_client()
        assert client.post(links(page)[0], data=CHOSEN).status_code == 303
        assert client.get("/appeals").status_code == 200
    nowhere = operator.post("/console/invitations", data={**sent, "place": "999999"})
    assert nowhere.status_code == 422
    assert "没有代码为" in nowhere.text


def test_only_its_digest_is_kept(app: Flask, as_manager: FlaskClient) -> None:
    token = invited(as_manager, guest()).rpartition("/")[2]
    with app.app_context(), as_platform():
        kept = [one.digest for one in db.session.scalars(db.select(Invitation))]
    assert kept
    assert token not in kept


def test_the_page_costs_the_same_for_many(as_manager: FlaskClient) -> None:
    with counting.statements() as few:
        as_manager.get("/invitations")
    as_manager.post("/invitations", data=guest(count=5))
    with counting.statements() as many:
        as_manager.get("/invitations")
    assert len(many) == len(few) <= 8
