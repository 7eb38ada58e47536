"""Who accepts an invitation: who proves whose the account is, and once."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests import factories
from tests.factories import PASSWORD, Tenant, Town
from tests.factors.people import guarded
from tests.invitations.sent import CHOSEN, address, guest, invited
from tests.people.signing_in import enter

OTHER = "另一个够长的密码-2026-秋"


def officer(app: Flask, inviter: FlaskClient, town: Town) -> tuple[FlaskClient, str]:
    """An officer who has just signed in, with the link to a firm's invitation."""
    email = factories.account(app, town.scope, Role.CHECKER)
    return enter(app, email), invited(inviter, {"guests": f"李经办 {email}", "role": "clerk"})


def test_who_has_an_account_proves_it(app: Flask, as_manager: FlaskClient, town: Town) -> None:
    email = factories.account(app, town.scope, Role.CHECKER)
    link = invited(as_manager, {"guests": f"李经办 {email}", "role": "clerk"})
    wrong = app.test_client().post(link, data={"password": OTHER, "again": OTHER})
    assert wrong.status_code == 422
    client = app.test_client()
    assert client.post(link, data={"password": PASSWORD}).status_code == 303
    assert "切换身份" in client.get("/account").text


def test_who_has_just_signed_in_joins_by_a_click(
    app: Flask, as_manager: FlaskClient, town: Town
) -> None:
    client, link = officer(app, as_manager, town)
    assert 'type="password"' not in client.get(link).text
    assert client.post(link).status_code == 303
    assert client.get("/contracts").status_code == 200
    late = invited(as_manager, guest())
    assert 'type="password"' in client.get(late).text


def test_who_has_just_signed_in_reads_why_it_is_refused(
    app: Flask, as_manager: FlaskClient, town: Town
) -> None:
    email = factories.account(app, factories.tenant(app, town).scope, Role.CLERK)
    link = invited(as_manager, {"guests": f"赵某 {email}", "role": "clerk"})
    answer = enter(app, email).post(link)
    assert answer.status_code == 422
    assert "另一家律师事务所" in answer.text
    assert 'type="password"' not in answer.text


def test_who_signed_in_long_ago_is_asked_again(
    app: Flask, as_manager: FlaskClient, town: Town
) -> None:
    client, link = officer(app, as_manager, town)
    with clock.frozen(clock.now() + timedelta(minutes=20)):
        assert 'type="password"' in client.get(link).text
        assert client.post(link).status_code == 422


def test_a_second_factor_comes_before_joining(
    app: Flask, tenant: Tenant, as_approver: FlaskClient
) -> None:
    who = guarded(app, tenant.scope, Role.CLERK)
    link = invited(as_approver, {"guests": f"赵某 {who.email}", "role": "checker"})
    client = app.test_client()
    assert client.post(link, data={"password": PASSWORD}).location == "/sign-in/second"
    assert "已接受" not in as_approver.get("/invitations").text
    assert client.post("/sign-in/second", data={"code": who.code(1)}).location == link
    assert client.post(link).status_code == 303
    assert client.get("/review").status_code == 200


@pytest.mark.parametrize("is_let_go", [False, True], ids=["is there", "was let go"])
def test_an_invitation_is_over_once_its_person_came_another_way(
    app: Flask, as_manager: FlaskClient, is_let_go: bool
) -> None:
    """Neither the role that was a slip nor a way back after a dismissal stays open."""
    sent = guest("manager")
    link = invited(as_manager, sent)
    email = sent["guests"].split()[1]
    entered = {"name": "王五", "email": email, "role": "clerk", "adviser_id": ""}
    welcome = re.search(r"/welcome/[\w-]+", as_manager.post("/people", data=entered).text)
    assert welcome
    app.test_client().post(welcome[0], data=CHOSEN)
    if is_let_go:
        row = as_manager.get("/people").text.partition(email)[2]
        ending = re.search(r"/people/[0-9a-f-]+/ending", row)
        assert ending
        assert as_manager.post(ending[0]).status_code == 303
    assert app.test_client().get(link).status_code == 410
    assert app.test_client().post(link, data=CHOSEN).status_code == 410
    again = as_manager.post(address(as_manager.get("/invitations").text, "resending"))
    assert again.status_code == 409
    assert "请撤回它" in again.text


def test_nobody_joins_two_firms(app: Flask, as_manager: FlaskClient, town: Town) -> None:
    elsewhere = factories.tenant(app, town)
    email = factories.account(app, elsewhere.scope, Role.CLERK)
    link = invited(as_manager, {"guests": f"赵某 {email}", "role": "clerk"})
    answer = app.test_client().post(link, data={"password": PASSWORD})
    assert answer.status_code == 422
    assert "另一家律师事务所" in answer.text
