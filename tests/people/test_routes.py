"""Signing in, switching, and the firm's people."""

from flask import Flask
from flask.testing import FlaskClient

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
