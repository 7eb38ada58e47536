"""Sessions live on the server: they end by themselves, at their owner's wish, and for good."""

import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.people import actions as people
from counselhub.people import credentials
from counselhub.people.models import Membership, Person
from tests.counting import statements
from tests.factories import PASSWORD, Tenant
from tests.people.signing_in import NEW, change, cookie, enter, is_in, sessions


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


def test_the_record_tells_what_became_of_an_account(app: Flask, tenant: Tenant) -> None:
    email = f"{tenant.code}-link@example.test".lower()
    with app.app_context():
        person = people.join(email, "某文员", tenant.scope, Role.CLERK).person
        credentials.use_link(credentials.make_link(person), PASSWORD)
        db.session.commit()
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
