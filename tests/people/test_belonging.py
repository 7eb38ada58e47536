"""An account opens every place that its person belongs to: no place takes it from another."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.permissions import Duty, Role
from counselhub.people import actions
from tests import factories
from tests.factories import PASSWORD, Tenant, Town
from tests.factors.people import guarded
from tests.people.signing_in import NEW, enter, is_in
from tests.people.test_offices import entered, membership_id

CHOSEN = {"password": PASSWORD, "again": PASSWORD}
ANEW = {"password": NEW, "again": NEW}


@dataclass
class Made:
    """An account that a firm made for somebody, with the link that the firm was shown."""

    email: str
    link: str


@pytest.fixture
def made(as_manager: FlaskClient) -> Made:
    email = f"wang-{factories.number()}@office.example"
    given = {"name": "王五", "email": email, "role": "clerk", "adviser_id": ""}
    return Made(email, _link(as_manager.post("/people", data=given).text, "welcome"))


def _link(page: str, kind: str) -> str:
    found = re.search(rf"/{kind}/[\w-]+", page)
    assert found, page
    return found[0]


def let_go(app: Flask, client: FlaskClient, email: str) -> None:
    assert client.post(f"/people/{membership_id(app, email)}/ending").status_code == 303


def official(email: str) -> dict[str, str]:
    return {"name": "王五", "email": email, "role": "approver"}


def invited(client: FlaskClient, email: str) -> str:
    given = {"guests": f"王五 {email}", "role": "approver"}
    return _link(client.post("/invitations", data=given).text, "invitation")


def test_who_made_an_account_keeps_no_way_into_the_next_place(
    app: Flask, as_manager: FlaskClient, as_approver: FlaskClient, made: Made
) -> None:
    """The firm chose the password of an address that is an officer's later."""
    assert app.test_client().post(made.link, data=CHOSEN).status_code == 303
    let_go(app, as_manager, made.email)
    answer = as_approver.post("/people", data=official(made.email))
    assert answer.status_code == 422
    assert "在别的单位用过账号" in answer.text
    link = invited(as_approver, made.email)
    officer = app.test_client()
    assert 'autocomplete="new-password"' in officer.get(link).text
    assert officer.post(link, data=ANEW).status_code == 303
    assert officer.get("/review").status_code == 200
    assert not entered(app, made.email)
    assert is_in(enter(app, made.email, NEW))


def test_who_is_elsewhere_now_comes_by_the_own_password_only(
    app: Flask, as_approver: FlaskClient, made: Made
) -> None:
    app.test_client().post(made.link, data=CHOSEN)
    assert as_approver.post("/people", data=official(made.email)).status_code == 422
    link = invited(as_approver, made.email)
    assert app.test_client().post(link, data=ANEW).status_code == 422
    officer = app.test_client()
    assert officer.post(link, data=CHOSEN).status_code == 303
    assert officer.get("/review").status_code == 200


def test_a_link_opens_nothing_once_its_membership_is_over(
    app: Flask, as_manager: FlaskClient, as_approver: FlaskClient, made: Made
) -> None:
    let_go(app, as_manager, made.email)
    assert app.test_client().get(made.link).status_code == 410
    officer = app.test_client()
    assert officer.post(invited(as_approver, made.email), data=ANEW).status_code == 303
    assert app.test_client().post(made.link, data=CHOSEN).status_code == 410
    assert is_in(officer)


def test_a_link_waits_for_its_own_place_alone(
    app: Flask, as_approver: FlaskClient, made: Made
) -> None:
    """Nobody else can make it open a second place."""
    assert as_approver.post("/people", data=official(made.email)).status_code == 422
    refused = app.test_client().post(invited(as_approver, made.email), data=ANEW)
    assert refused.status_code == 422
    assert "请先用它设置密码" in refused.text


def test_what_else_opened_an_abandoned_account_is_gone(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_approver: FlaskClient
) -> None:
    once = guarded(app, tenant.scope, Role.CLERK)
    let_go(app, as_manager, once.email)
    link = invited(as_approver, once.email)
    assert app.test_client().post(link, data=ANEW).location == "/"
    again = app.test_client().post("/sign-in", data={"email": once.email, "password": NEW})
    assert again.location == "/"


def test_who_comes_back_to_the_same_place_keeps_the_password(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    let_go(app, as_manager, email)
    given = {"name": "王五", "email": email, "role": "finance", "adviser_id": ""}
    assert as_manager.post("/people", data=given).status_code == 303
    assert entered(app, email)


def test_who_was_last_elsewhere_is_not_resumed(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_approver: FlaskClient, made: Made
) -> None:
    former = membership_id(app, made.email)
    let_go(app, as_manager, made.email)
    app.test_client().post(invited(as_approver, made.email), data=ANEW)
    let_go(app, as_approver, made.email)
    answer = as_manager.post(f"/people/{former}/resumption")
    assert answer.status_code == 422
    assert "请到“邀请”页发送邀请" in answer.text


def test_one_place_takes_no_lock_off_anothers_door(
    app: Flask, tenant: Tenant, town: Town, as_manager: FlaskClient
) -> None:
    email = factories.account(app, town.scope, Role.CHECKER)
    with app.app_context():
        actions.join(email, "某checker", tenant.scope, Role.CLERK, is_proved=True)
        db.session.commit()
    own = membership_id(app, email)
    wrong = {"email": email, "password": "wrong"}
    for _try in range(5):
        app.test_client().post("/sign-in", data=wrong)
    security = factories.named(app, tenant.scope, Role.CLERK, Duty.SECURITY)
    said = security.post(f"/people/{own}/unlocking", follow_redirects=True).text
    assert "不能由一个单位解除锁定" in said
    assert not entered(app, email)
