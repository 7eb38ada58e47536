"""Sessions live on the server: they end by themselves, at their owner's wish, and for good."""

import logging
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from counselhub.core import clock
from counselhub.core.access import Role
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.people.models import Membership, Person, SignInSession
from tests import factories
from tests.counting import statements
from tests.factories import PASSWORD, Tenant

NEW = "Xishan-2468"


@pytest.fixture
def email(app: Flask, tenant: Tenant) -> str:
    """A clerk's address."""
    return factories.account(app, tenant.scope, Role.CLERK)


def enter(app: Flask, email: str, password: str = PASSWORD, agent: str = "") -> FlaskClient:
    client = app.test_client()
    answer = client.post(
        "/sign-in", data={"email": email, "password": password}, headers={"User-Agent": agent}
    )
    assert answer.status_code == 303, answer.text
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return found.value


def sessions(app: Flask, email: str) -> list[SignInSession]:
    query = (
        select(SignInSession)
        .join(Person, Person.id == SignInSession.person_id)
        .where(Person.email == email)
        .order_by(SignInSession.created_at)
    )
    with app.app_context(), as_platform():
        return list(db.session.scalars(query))


def test_a_stolen_cookie_is_dead_after_sign_out(app: Flask, email: str) -> None:
    client = enter(app, email)
    thief = app.test_client()
    thief.set_cookie("session", cookie(client))
    assert is_in(thief)
    client.post("/sign-out")
    assert not is_in(thief)
    assert [one.ended_why for one in sessions(app, email)] == ["sign_out"]


def test_signing_in_gives_a_new_session_and_ends_the_one_before(app: Flask, email: str) -> None:
    client = enter(app, email)
    before = app.test_client()
    before.set_cookie("session", cookie(client))
    client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert is_in(client)
    assert not is_in(before)
    first, second = sessions(app, email)
    assert (first.ended_why, second.ended_why) == ("anew", None)
    assert first.digest != second.digest


def test_a_cookie_given_before_sign_in_opens_nothing(app: Flask, email: str) -> None:
    fixed = app.test_client()
    fixed.post("/language", data={"language": "en"})
    victim = app.test_client()
    victim.set_cookie("session", cookie(fixed))
    victim.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert is_in(victim)
    assert not is_in(fixed)


def test_the_database_holds_no_token(app: Flask, email: str) -> None:
    client = enter(app, email)
    with client.session_transaction() as held:
        token = held["_user_id"]
    [row] = sessions(app, email)
    assert token not in {row.digest, str(row.id)}
    assert len(token) >= 43


@pytest.mark.parametrize(
    ("minutes", "stays"),
    [
        pytest.param([29, 58, 87], True, id="acts every 29 minutes"),
        pytest.param([30], False, id="30 minutes without an act"),
        pytest.param([29, 59], False, id="30 minutes after the last act"),
        pytest.param([*range(25, 720, 25), 719], True, id="just below twelve hours"),
        pytest.param([*range(25, 720, 25), 720], False, id="twelve hours of acts"),
    ],
)
def test_a_session_ends_by_itself(app: Flask, email: str, minutes: list[int], stays: bool) -> None:
    now = clock.now()
    with clock.frozen(now):
        client = enter(app, email)
    for passed in minutes[:-1]:
        with clock.frozen(now + timedelta(minutes=passed)):
            assert is_in(client)
    with clock.frozen(now + timedelta(minutes=minutes[-1])):
        assert is_in(client) is stays
    with clock.frozen(now):
        assert is_in(client) is stays  # once over, over for good


@pytest.mark.parametrize(("minutes", "says"), [(30, "超过30分钟没有操作"), (720, "登录时间已满")])
def test_the_sign_in_page_says_why(app: Flask, email: str, minutes: int, says: str) -> None:
    now = clock.now()
    with clock.frozen(now):
        client = enter(app, email)
    with clock.frozen(now + timedelta(minutes=minutes)):
        answer = client.get("/coverage")
        assert answer.location == "/sign-in?next=/coverage"
        assert says in client.get(answer.location).text
        assert says not in client.get(answer.location).text


def test_a_look_costs_one_statement_and_seldom_a_write(app: Flask, email: str) -> None:
    now = clock.now()
    with clock.frozen(now):
        client = enter(app, email)
    with clock.frozen(now + timedelta(seconds=59)), statements() as sent:
        client.get("/forgotten-password")
    assert [one.split()[0] for one in sent] == ["SELECT"]
    for expected in (["SELECT", "UPDATE"], ["SELECT"]):
        with clock.frozen(now + timedelta(seconds=60)), statements() as sent:
            client.get("/forgotten-password")
        assert [one.split()[0] for one in sent] == expected


def test_the_account_page_names_devices_and_signs_them_out(app: Flask, email: str) -> None:
    here = enter(app, email, agent="Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36")
    phone = enter(app, email, agent="Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0")
    other = enter(app, email, agent="x" * 5000)
    page = here.get("/account").text
    assert "Chrome · Windows" in page
    assert "微信 · Android" in page
    assert "未知设备" in page
    paths = re.findall(r'action="(/account/sessions/[0-9a-f-]+/ending)"', page)
    assert len(paths) == 2
    [away] = [p for p in paths if str(sessions(app, email)[1].id) in p]
    assert here.post(away).status_code == 303
    assert [is_in(one) for one in (here, phone, other)] == [True, False, True]
    assert here.post(away).status_code == 404
    assert here.post("/account/sessions/ending").status_code == 303
    assert [is_in(one) for one in (here, phone, other)] == [True, False, False]


def test_nobody_ends_the_session_of_another(
    app: Flask, email: str, as_manager: FlaskClient
) -> None:
    client = enter(app, email)
    [row] = sessions(app, email)
    assert as_manager.post(f"/account/sessions/{row.id}/ending").status_code == 404
    assert is_in(client)


def test_the_account_page_needs_few_statements(app: Flask, email: str) -> None:
    for _ in range(5):
        client = enter(app, email)
    with statements() as sent:
        assert client.get("/account").status_code == 200
    assert len(sent) <= 3, sent


def change(client: FlaskClient, current: str, password: str) -> tuple[int, str]:
    answer = client.post(
        "/account/password", data={"current": current, "password": password, "again": password}
    )
    return answer.status_code, answer.text


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


def test_the_end_of_a_membership_ends_the_sessions(
    app: Flask, tenant: Tenant, email: str, as_manager: FlaskClient
) -> None:
    client = enter(app, email)
    with app.app_context(), as_scope(tenant.scope):
        query = select(Membership.id).join(Person).where(Person.email == email)
        membership = db.session.scalars(query).one()
    assert as_manager.post(f"/people/{membership}/ending").status_code == 303
    assert not is_in(client)
    assert [one.ended_why for one in sessions(app, email)] == ["membership"]


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


def test_the_record_tells_what_became_of_an_account(app: Flask, tenant: Tenant, email: str) -> None:
    client = enter(app, email)
    change(client, PASSWORD, NEW)
    client.post("/account/sessions/ending")
    client.post("/sign-out")
    with app.app_context(), as_scope(tenant.scope):
        rows = db.session.scalars(
            select(AccountEvent)
            .join(Person, Person.id == AccountEvent.person_id)
            .where(Person.email == email)
            .order_by(AccountEvent.id)
        ).all()
    assert [row.act for row in rows] == [
        "password_by_link",
        "sign_in",
        "password_change",
        "sessions_end",
        "sign_out",
    ]
    said = " ".join(f"{row.name} {row.detail}" for row in rows)
    assert PASSWORD not in said
    assert NEW not in said


def test_no_password_and_no_token_is_ever_logged(
    app: Flask, email: str, as_manager: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = enter(app, email)
    with client.session_transaction() as held:
        token = held["_user_id"]
    change(client, PASSWORD, NEW)
    client.post("/confirm", data={"confirm_password": NEW, "confirm_by": "get"})
    app.test_client().post("/sign-in", data={"email": email, "password": "Falsch-7315"})
    with app.app_context():
        db.session.execute(text("select set_config('app.scope_kind', 'platform', true)"))
        with pytest.raises(DBAPIError) as fault:
            db.session.execute(text("select 1 / 0, :secret"), {"secret": NEW})
        app.logger.exception("unhandled", exc_info=fault.value)
    assert "unhandled" in caplog.text
    assert "division by zero" in caplog.text
    for secret in (PASSWORD, NEW, "Falsch-7315", token):
        assert secret not in caplog.text
