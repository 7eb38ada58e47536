"""Signing in, switching, and the firm's people."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import factories
from tests.factories import Tenant


def test_a_stranger_is_sent_to_sign_in_and_back(app: Flask) -> None:
    answer = app.test_client().get("/people?page=2")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/people?page%3D2"


def test_wrong_password_keeps_the_address(app: Flask) -> None:
    answer = app.test_client().post(
        "/sign-in", data={"email": "nobody@example.test", "password": "x"}
    )
    assert answer.status_code == 422
    assert "邮箱或密码不正确" in answer.text
    assert "nobody@example.test" in answer.text


def test_a_manager_sees_the_firms_people(as_manager: FlaskClient) -> None:
    answer = as_manager.get("/people")
    assert answer.status_code == 200
    assert "某manager" in answer.text


def test_an_adviser_may_not_invite(as_adviser: FlaskClient) -> None:
    assert as_adviser.post("/people", data={}).status_code == 403


def test_an_invited_colleague_gets_a_link(as_manager: FlaskClient, tenant: Tenant) -> None:
    answer = as_manager.post(
        "/people",
        data={
            "name": "王五",
            "email": f"wang5.{tenant.code}@example.test",
            "role": "adviser",
            "adviser_id": str(tenant.adviser_id),
        },
    )
    assert answer.status_code == 200
    assert "/welcome/" in answer.text


def test_another_firm_sees_nobody(as_outsider: FlaskClient, as_manager: FlaskClient) -> None:
    own = as_manager.get("/people").text
    assert own.count("<tr>") == 2
    assert as_outsider.get("/people").text.count("<tr>") == 2


def test_language_is_chosen_without_leaving(as_manager: FlaskClient) -> None:
    answer = as_manager.post("/language", data={"language": "en", "back": "//evil.example/x"})
    assert answer.location == "/"


def test_a_lost_session_leads_back_to_the_page_of_the_form(app: Flask) -> None:
    page = "https://localhost/people?q=x"
    posted = app.test_client().post("/people", headers={"Referer": page})
    assert posted.location == "/sign-in?next=/people?q%3Dx"
    swapped = app.test_client().post(
        "/people", headers={"HX-Request": "true", "HX-Current-URL": page}
    )
    assert swapped.status_code == 401
    assert swapped.headers["HX-Redirect"] == "/sign-in?next=/people?q%3Dx"


def invitation(email: str, **more: str) -> dict[str, str]:
    return {"name": "王五", "email": email, "role": "clerk", "adviser_id": "", **more}


def test_a_colleague_is_changed_and_keeps_the_password(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    page = as_manager.get("/people").text
    changes = re.findall(r'href="(/people\?change=[^"#]+)', page)
    form = next(text for link in changes if email in (text := as_manager.get(link).text[-4000:]))
    assert 'value="clerk"' in form
    answer = as_manager.post("/people", data=invitation(email, role="finance"))
    assert (answer.status_code, answer.location) == (303, "/people")
    page = as_manager.get("/people").text
    assert "已保存：某clerk，财务" in page
    assert "/welcome/" not in page
    assert "财务" in page.partition(email)[2].partition("</tr>")[0]


def test_nobody_changes_the_own_role(app: Flask, tenant: Tenant) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    client = app.test_client()
    client.post("/sign-in", data={"email": email, "password": factories.PASSWORD})
    answer = client.post("/people", data=invitation(email))
    assert answer.status_code == 422
    assert "不能改自己的角色" in answer.text


def test_an_adviser_needs_a_place_on_the_roll(as_manager: FlaskClient) -> None:
    answer = as_manager.post("/people", data=invitation("a@example.test", role="adviser"))
    assert answer.status_code == 422
    assert "请选择名册中的本人" in answer.text


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u00a0\u2028"])
def test_a_name_of_blanks_is_no_name(as_manager: FlaskClient, blank: str) -> None:
    given = {"name": blank, "email": "someone@example.test", "role": "clerk", "adviser_id": ""}
    answer = as_manager.post("/people", data=given)
    assert answer.status_code == 422
    assert "请填写" in answer.text
