"""An office's people: the same pages and acts as a firm's, kept apart by street."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.history import AccountEvent
from counselhub.core.members import Member
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import Scope, as_platform
from counselhub.people import actions
from counselhub.people.models import Membership, Person
from tests import counting, factories
from tests.factories import PASSWORD, Town
from tests.factors.people import guarded


def membership_id(app: Flask, email: str) -> str:
    """The id of the newest membership of a person."""
    with app.app_context(), as_platform():
        query = db.select(Membership.id).join(Person).where(Person.email == email)
        return str(db.session.scalars(query.order_by(Membership.id.desc())).first())


def row_of(page: str, email: str) -> str:
    return page.partition(email)[2].partition("</tr>")[0]


def invitation(role: str = "checker", **more: str) -> dict[str, str]:
    email = f"office-{factories.number()}@example.test"
    return {"name": "王五", "email": email, "role": role, **more}


def entered(app: Flask, email: str) -> bool:
    """Whether the right password opens a session."""
    given = {"email": email, "password": PASSWORD}
    return app.test_client().post("/sign-in", data=given).status_code == 303


def acts_of(app: Flask, scope: Scope, act: str) -> list[dict[str, object]]:
    with app.app_context(), as_platform():
        query = db.select(AccountEvent).filter_by(act=act, kind="office", key=scope.key)
        return [event.detail for event in db.session.scalars(query.order_by(AccountEvent.id))]


def test_the_head_finds_the_page_and_sees_how_each_account_stands(
    app: Flask, town: Town, as_approver: FlaskClient
) -> None:
    safe = guarded(app, town.scope, Role.CHECKER)
    plain = factories.account(app, town.scope, Role.CHECKER)
    page = as_approver.get("/people").text
    assert 'href="/people"' in page
    assert "系统管理员" in row_of(page, 'email">approver')
    assert "已设置" in row_of(page, safe.email)
    assert "未设置" in row_of(page, plain)
    assert "对应的律师" not in page
    assert re.findall(r'<option[^>]*value="([a-z_]+)"', page) == ["checker", "approver"]


def test_an_office_invites_by_a_one_time_link(
    app: Flask, town: Town, as_approver: FlaskClient
) -> None:
    sent = invitation()
    link = re.search(r"/welcome/[\w-]+", as_approver.post("/people", data=sent).text)
    assert link is not None
    chosen = {"password": PASSWORD, "again": PASSWORD}
    assert app.test_client().post(link[0], data=chosen).status_code == 303
    assert entered(app, sent["email"])
    assert acts_of(app, town.scope, "invite")[0]["role"] == "checker"


@pytest.mark.parametrize("role", ["manager", "adviser", "reader", "operator"])
def test_a_role_of_elsewhere_is_refused(as_approver: FlaskClient, role: str) -> None:
    assert as_approver.post("/people", data=invitation(role)).status_code == 422


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("role", [Role.MANAGER, Role.READER, Role.OPERATOR])
def test_a_role_of_elsewhere_is_refused_behind_the_form(town: Town, role: Role) -> None:
    by = Member(None, "测试员", Role.APPROVER, town.scope, "测试所")
    with pytest.raises(RefusedError, match="这个角色"):
        actions.invite("x@example.test", "某", role, adviser_id=None, by=by)


def test_a_role_is_changed_and_the_record_tells_both(
    app: Flask, town: Town, as_approver: FlaskClient
) -> None:
    email = factories.account(app, town.scope, Role.CHECKER)
    answer = as_approver.post("/people", data=invitation("approver", email=email))
    assert answer.status_code == 303
    assert "所长" in row_of(as_approver.get("/people").text, email)
    told = acts_of(app, town.scope, "invite")[0]
    assert told["changes"] == {"role": ["checker", "approver"]}


def test_suspended_and_resumed(app: Flask, town: Town, as_approver: FlaskClient) -> None:
    email = factories.account(app, town.scope, Role.CHECKER)
    before = membership_id(app, email)
    assert as_approver.post(f"/people/{before}/ending").status_code == 303
    assert email not in as_approver.get("/people").text
    assert not entered(app, email)
    page = as_approver.get("/people?state=suspended").text
    assert f"/people/{before}/resumption" in row_of(page, email)
    assert as_approver.post(f"/people/{before}/resumption").status_code == 303
    assert "已启用" in row_of(as_approver.get("/people").text, email)
    assert membership_id(app, email) != before
    assert entered(app, email)
    assert as_approver.post(f"/people/{before}/resumption").status_code == 404
    assert acts_of(app, town.scope, "membership_resume")[0]["role"] == "checker"
    assert email not in as_approver.get("/people?state=suspended").text


def test_nothing_suspended_is_said(as_approver: FlaskClient) -> None:
    assert "没有停用的账号" in as_approver.get("/people?state=suspended").text


def test_a_reset_link_opens_the_account_anew(
    app: Flask, town: Town, as_approver: FlaskClient
) -> None:
    email = factories.account(app, town.scope, Role.CHECKER)
    assert "/welcome/" in as_approver.post(f"/people/{membership_id(app, email)}/link").text


def test_the_last_head_stays(app: Flask, town: Town) -> None:
    """The named system administrator may suspend the heads, but for the last."""
    heads = [factories.account(app, town.scope, Role.APPROVER) for _one in range(2)]
    system = factories.named(app, town.scope, Role.CHECKER, Duty.SYSTEM)
    first, last = (membership_id(app, email) for email in heads)
    assert system.post(f"/people/{first}/ending").status_code == 303
    assert "唯一的所长" not in system.get("/people").text
    assert system.post(f"/people/{last}/ending").status_code == 303
    page = system.get("/people").text
    assert "唯一的所长" in page
    assert heads[1] in page
    answer = system.post("/people", data=invitation("checker", email=heads[1]))
    assert answer.status_code == 422
    assert "唯一的所长" in answer.text


def test_nobody_changes_the_own_account(app: Flask, town: Town) -> None:
    email = factories.account(app, town.scope, Role.APPROVER)
    factories.account(app, town.scope, Role.APPROVER)
    client = app.test_client()
    client.post("/sign-in", data={"email": email, "password": PASSWORD})
    own = membership_id(app, email)
    for act in ("ending", "link", "resumption"):
        assert client.post(f"/people/{own}/{act}").status_code == 404
    answer = client.post("/people", data=invitation(email=email))
    assert "不能改自己的角色" in answer.text


def test_a_checker_reads_and_manages_nothing(
    app: Flask, town: Town, as_checker: FlaskClient
) -> None:
    email = factories.account(app, town.scope, Role.APPROVER)
    page = as_checker.get("/people?state=suspended").text
    assert email in page
    assert "最近登录" not in page
    assert "邀请同事" not in page
    assert as_checker.post("/people", data=invitation()).status_code == 403
    other = membership_id(app, email)
    for act in ("ending", "link", "resumption", "unlocking"):
        assert as_checker.post(f"/people/{other}/{act}").status_code == 403


def test_a_named_administrator_takes_the_accounts_over(app: Flask, town: Town) -> None:
    head = factories.signed_in(app, town.scope, Role.APPROVER)
    assert head.post("/people", data={}).status_code == 422
    system = factories.named(app, town.scope, Role.CHECKER, Duty.SYSTEM)
    assert head.post("/people", data={}).status_code == 403
    assert system.post("/people", data={}).status_code == 422


def test_offices_never_see_one_another(app: Flask, as_approver: FlaskClient) -> None:
    there = factories.town(app)
    running, stopped = (factories.account(app, there.scope, Role.CHECKER) for _one in range(2))
    foreign, gone = membership_id(app, running), membership_id(app, stopped)
    head = factories.signed_in(app, there.scope, Role.APPROVER)
    assert head.post(f"/people/{gone}/ending").status_code == 303
    for address in ("/people", f"/people?change={foreign}", "/people?state=suspended"):
        page = as_approver.get(address).text
        assert running not in page
        assert stopped not in page
    for act in ("ending", "link"):
        assert as_approver.post(f"/people/{foreign}/{act}").status_code == 404
    assert as_approver.post(f"/people/{gone}/resumption").status_code == 404
    assert entered(app, running)
    assert f"/people/{gone}/resumption" in head.get("/people?state=suspended").text


def test_the_page_costs_the_same_for_many(app: Flask, town: Town, as_approver: FlaskClient) -> None:
    with counting.statements() as few:
        as_approver.get("/people")
    for _one in range(5):
        factories.account(app, town.scope, Role.CHECKER)
    with counting.statements() as many:
        as_approver.get("/people")
    assert len(many) == len(few) <= 8
