"""Passwords: what a change ends, what is refused, and when one is too old."""

from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.people.models import Person
from tests.factories import PASSWORD, Tenant
from tests.people.signing_in import NEW, change, cookie, enter, is_in


def test_a_new_password_ends_all_other_sessions(app: Flask, email: str) -> None:
    here, there = enter(app, email), enter(app, email)
    old = cookie(here)
    assert change(here, PASSWORD, NEW)[0] == 303
    assert (is_in(here), is_in(there)) == (True, False)
    thief = app.test_client()
    thief.set_cookie("session", old)
    assert not is_in(thief)
    assert is_in(enter(app, email, NEW))
    assert "密码已更改" in here.get("/account").text


@pytest.mark.parametrize(
    ("current", "password", "says"),
    [
        pytest.param("Falsch-7315", NEW, "密码不正确", id="wrong present password"),
        pytest.param(PASSWORD, PASSWORD, "不能与最近用过的5个密码相同", id="the same again"),
        pytest.param(PASSWORD, "Password-123", "很多人都在用的密码", id="a common one"),
        pytest.param(PASSWORD, "Short-1", "密码至少8位", id="too short"),
    ],
)
def test_a_refused_change_changes_nothing(
    app: Flask, email: str, current: str, password: str, says: str
) -> None:
    client, other = enter(app, email), enter(app, email)
    status, page = change(client, current, password)
    assert (status, says in page) == (422, True)
    assert password not in page
    assert is_in(other)
    assert is_in(enter(app, email))


def test_the_last_five_passwords_are_refused(app: Flask, email: str) -> None:
    client = enter(app, email)
    used = [PASSWORD] + [f"Xishan-246{n}" for n in range(5)]
    for current, password in pairwise(used):
        assert change(client, current, password)[0] == 303
    for again in used[1:]:
        assert change(client, used[-1], again)[0] == 422, again
    assert change(client, used[-1], used[0])[0] == 303


def test_an_old_password_is_to_be_changed_first(
    app: Flask,
    tenant: Tenant,
    email: str,
    as_security: FlaskClient,
    as_foreign_security: FlaskClient,
) -> None:
    client = enter(app, email)
    assert as_security.post("/account/rules", data={"password_days": "90"}).status_code == 303
    assert client.get("/coverage").status_code == 200
    with app.app_context(), as_platform():
        long_ago = clock.now() - timedelta(days=91)
        db.session.execute(
            update(Person).where(Person.email == email).values(password_set_at=long_ago)
        )
        db.session.commit()
    assert client.get("/coverage").location == "/account#change-password"
    swapped = client.post("/duty/sign-ins", headers={"HX-Request": "true"})
    assert swapped.headers["HX-Redirect"] == "/account#change-password"
    assert "超过本单位规定的使用期限" in client.get("/account").text
    assert change(client, PASSWORD, NEW)[0] == 303
    assert client.get("/coverage").status_code == 200
    assert as_foreign_security.get("/account/rules").text.count('value="90"') == 0


@pytest.mark.parametrize("days", ["29", "731", "x", "-1"])
def test_a_rule_out_of_bounds_is_refused(as_security: FlaskClient, days: str) -> None:
    answer = as_security.post("/account/rules", data={"password_days": days})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_who_does_not_look_after_accounts_sets_no_rule(as_adviser: FlaskClient) -> None:
    assert as_adviser.get("/account/rules").status_code == 403
