"""One-time links: they work once, for a while, and only the newest of them."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.people.models import Membership, Person
from tests import factories
from tests.factories import PASSWORD, Tenant, Town
from tests.people.signing_in import enter, is_in

NEW = "Xishan-2468"


@pytest.fixture
def email(app: Flask, tenant: Tenant) -> str:
    """A clerk's address."""
    return factories.account(app, tenant.scope, Role.CLERK)


def membership_of(app: Flask, tenant: Tenant, email: str) -> str:
    with app.app_context(), as_scope(tenant.scope):
        query = select(Membership.id).join(Person).where(Person.email == email)
        return str(db.session.scalars(query).one())


def link_from(answer: object) -> str:
    found = re.search(r'value="http://[^/"]+(/welcome/[^"]+)"', getattr(answer, "text", ""))
    assert found is not None
    return found[1]


def choose(client: FlaskClient, link: str, password: str = NEW) -> int:
    return client.post(link, data={"password": password, "again": password}).status_code


def test_a_reset_sets_a_new_password_once(
    app: Flask, tenant: Tenant, email: str, as_manager: FlaskClient
) -> None:
    at_work = enter(app, email)
    answer = as_manager.post(f"/people/{membership_of(app, tenant, email)}/link")
    assert "链接1天内有效" in answer.text
    link = link_from(answer)
    assert is_in(at_work)  # until the link is used
    newcomer = app.test_client()
    assert newcomer.get(link).status_code == 200
    assert choose(newcomer, link) == 303
    assert is_in(newcomer)
    assert not is_in(at_work)
    for replay in (app.test_client().get(link), app.test_client().post(link, data={})):
        assert replay.status_code == 410
        assert "这个链接已经用过" in replay.text
        assert email not in replay.text
    assert choose(app.test_client(), link, "Dongshan-1357") == 410
    assert is_in(enter(app, email, NEW))


def test_a_reset_lifts_the_lock(
    app: Flask, tenant: Tenant, email: str, as_manager: FlaskClient
) -> None:
    where = {"REMOTE_ADDR": "198.18.0.9"}
    wrong = {"email": email, "password": "Falsch-7315"}
    for _ in range(5):
        app.test_client().post("/sign-in", data=wrong, environ_base=where)
    link = link_from(as_manager.post(f"/people/{membership_of(app, tenant, email)}/link"))
    assert choose(app.test_client(), link) == 303
    assert is_in(enter(app, email, NEW))


def test_a_new_link_kills_the_older_one(
    app: Flask, tenant: Tenant, email: str, as_manager: FlaskClient
) -> None:
    path = f"/people/{membership_of(app, tenant, email)}/link"
    older, newer = link_from(as_manager.post(path)), link_from(as_manager.post(path))
    assert app.test_client().get(older).status_code == 410
    assert choose(app.test_client(), newer) == 303


def test_a_changed_password_kills_the_link(
    app: Flask, tenant: Tenant, email: str, as_manager: FlaskClient
) -> None:
    link = link_from(as_manager.post(f"/people/{membership_of(app, tenant, email)}/link"))
    own = {"current": PASSWORD, "password": NEW, "again": NEW}
    assert enter(app, email).post("/account/password", data=own).status_code == 303
    assert app.test_client().get(link).status_code == 410


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (24, 410)])
def test_a_reset_link_lasts_a_day(
    app: Flask, tenant: Tenant, email: str, as_manager: FlaskClient, hours: int, status: int
) -> None:
    path = f"/people/{membership_of(app, tenant, email)}/link"
    now = clock.now()
    with clock.frozen(now):
        link = link_from(as_manager.post(path))
    with clock.frozen(now + timedelta(hours=hours)):
        assert app.test_client().get(link).status_code == status


def test_a_first_link_lasts_a_week(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    data = {"name": "王五", "email": f"w5.{tenant.code}@example.test", "role": "clerk"}
    now = clock.now()
    with clock.frozen(now):
        answer = as_manager.post("/people", data=data | {"adviser_id": ""})
    assert "链接7天内有效" in answer.text
    for hours, status in ((167, 200), (168, 410)):
        with clock.frozen(now + timedelta(hours=hours)):
            assert app.test_client().get(link_from(answer)).status_code == status


def test_a_weak_password_keeps_the_link(
    app: Flask, tenant: Tenant, email: str, as_manager: FlaskClient
) -> None:
    link = link_from(as_manager.post(f"/people/{membership_of(app, tenant, email)}/link"))
    client = app.test_client()
    assert choose(client, link, "Password-123") == 422
    assert choose(client, link, PASSWORD) == 422  # one of the last five
    assert choose(client, link) == 303


def test_nobody_resets_the_own_password_by_a_link(app: Flask, tenant: Tenant) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    client = enter(app, email)
    assert client.post(f"/people/{membership_of(app, tenant, email)}/link").status_code == 404


def test_an_account_of_two_places_is_not_reset(
    app: Flask, tenant: Tenant, town: Town, email: str, as_manager: FlaskClient
) -> None:
    from counselhub.people.actions import join

    with app.app_context():
        join(email, "某人", town.scope, Role.CHECKER, is_proved=True)
        db.session.commit()
    answer = as_manager.post(
        f"/people/{membership_of(app, tenant, email)}/link", follow_redirects=True
    )
    assert "同时属于别的单位" in answer.text
    assert "/welcome/" not in answer.text


def test_another_firm_and_an_adviser_reset_nobody(
    app: Flask, tenant: Tenant, email: str, as_outsider: FlaskClient, as_adviser: FlaskClient
) -> None:
    path = f"/people/{membership_of(app, tenant, email)}/link"
    assert as_outsider.post(path).status_code == 404
    assert as_adviser.post(path).status_code == 403


def test_the_link_stays_on_its_page(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    answer = app.test_client().get("/welcome/made-up")
    assert answer.status_code == 410
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "http" not in re.sub(r'"http-equiv|xmlns[^"]*"[^"]*"', "", answer.text)


def test_who_forgot_the_password_is_told_whom_to_ask(app: Flask) -> None:
    client = app.test_client()
    assert 'href="/forgotten-password"' in client.get("/sign-in").text
    assert "请联系本所主任" in client.get("/forgotten-password").text


def test_the_record_tells_of_a_link_but_not_the_link(
    app: Flask, tenant: Tenant, email: str, as_manager: FlaskClient
) -> None:
    link = link_from(as_manager.post(f"/people/{membership_of(app, tenant, email)}/link"))
    with app.app_context(), as_scope(tenant.scope):
        query = select(AccountEvent).order_by(AccountEvent.id.desc()).limit(1)
        row = db.session.scalars(query).one()
        assert (row.act, row.detail) == ("reset_link", {"person": "某clerk"})
        assert link.rpartition("/")[2] not in f"{row.name} {row.detail}"
