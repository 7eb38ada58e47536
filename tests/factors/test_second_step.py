"""The second step behind the password: codes, recovery codes, locks, forged cookies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform
from counselhub.factors.models import Totp
from counselhub.people import actions as people
from counselhub.people.queries import person_by_email
from tests import factories
from tests.factories import Tenant, Town
from tests.factors.people import Guarded, acts, guarded, shown_codes, sign_in, waiting_secret


@pytest.fixture
def clerk(app: Flask, tenant: Tenant) -> Guarded:
    return guarded(app, tenant.scope)


def test_the_password_alone_opens_nothing(clerk: Guarded) -> None:
    client = clerk.password()
    assert client.get("/services").location.startswith("/sign-in?next=")
    page = client.get("/sign-in/second")
    assert page.status_code == 200
    assert "密码正确" in page.text
    assert client.get("/services").location.startswith("/sign-in?next=")


def test_the_code_leads_on_to_the_page_that_was_asked_for(
    app: Flask, clerk: Guarded, tenant: Tenant
) -> None:
    client = clerk.password()
    assert client.post("/sign-in/second", data={"code": clerk.code()}).location == "/services"
    assert client.get("/services").status_code == 200
    assert acts(app, tenant.scope, "second_step") == 1


def test_a_code_counts_once(app: Flask, clerk: Guarded, tenant: Tenant) -> None:
    code = clerk.code()
    assert clerk.password().post("/sign-in/second", data={"code": code}).status_code == 303
    answer = clerk.password().post("/sign-in/second", data={"code": code})
    assert answer.status_code == 422
    assert "或者刚刚用过" in answer.text
    assert "还可以试4次" in answer.text
    assert acts(app, tenant.scope, "second_step", "refused") == 1


def test_an_earlier_code_of_the_window_counts_no_more(clerk: Guarded) -> None:
    later, earlier = clerk.code(1), clerk.code(0)
    assert clerk.password().post("/sign-in/second", data={"code": later}).status_code == 303
    assert clerk.password().post("/sign-in/second", data={"code": earlier}).status_code == 422


def test_a_code_sent_twice_at_once_passes_once(clerk: Guarded) -> None:
    browsers, code = [clerk.password() for _time in range(4)], clerk.code()
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(b.post, "/sign-in/second", data={"code": code}) for b in browsers]
    assert sorted(one.result().status_code for one in sent) == [303, 422, 422, 422]


def test_a_recovery_code_works_once(app: Flask, clerk: Guarded, tenant: Tenant) -> None:
    assert len(clerk.codes) == 10
    typed = clerk.codes[3].upper().replace("-", " ")
    client = clerk.password()
    assert client.post("/sign-in/second", data={"code": typed}).location == "/factors"
    assert "还剩9个" in client.get("/factors").text
    answer = clerk.password().post("/sign-in/second", data={"code": typed})
    assert answer.status_code == 422
    assert "没有用过的恢复码" in answer.text
    assert acts(app, tenant.scope, "recovery_code_used") == 1


def test_recovery_codes_sent_at_once_pass_once(clerk: Guarded) -> None:
    browsers = [clerk.password() for _time in range(3)]
    with ThreadPoolExecutor(3) as pool:
        sent = [
            pool.submit(b.post, "/sign-in/second", data={"code": clerk.codes[0]}) for b in browsers
        ]
    assert sorted(one.result().status_code for one in sent) == [303, 422, 422]


def test_a_code_of_a_colleague_is_wrong(app: Flask, clerk: Guarded, tenant: Tenant) -> None:
    other = guarded(app, tenant.scope)
    for code in (other.code(), other.codes[0]):
        assert clerk.password().post("/sign-in/second", data={"code": code}).status_code == 422


def test_five_wrong_answers_lock_and_the_right_one_does_not_help(
    app: Flask, clerk: Guarded, tenant: Tenant
) -> None:
    client = clerk.password()
    says = [client.post("/sign-in/second", data={"code": "abc"}).text for _time in range(5)]
    assert "还可以试1次" in says[3]
    assert "锁定15分钟" in says[4]
    answer = clerk.password().post("/sign-in/second", data={"code": clerk.code()})
    assert answer.status_code == 422
    assert "两步验证已锁定" in answer.text
    assert acts(app, tenant.scope, "second_step_locked", "refused") == 1
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=16)):
        late = clerk.password().post("/sign-in/second", data={"code": clerk.codes[1]})
        assert late.status_code == 303


def test_tries_at_once_are_no_more_than_five(app: Flask, clerk: Guarded, tenant: Tenant) -> None:
    browsers = [clerk.password() for _time in range(12)]
    with ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(b.post, "/sign-in/second", data={"code": "wrong"}) for b in browsers]
    looked_at = [one for one in sent if "已锁定。请在" not in one.result().text]
    assert len(looked_at) == 5
    refused = acts(app, tenant.scope, "second_step", "refused")
    assert refused + acts(app, tenant.scope, "second_step_locked", "refused") == 5


def test_a_right_answer_gives_the_tries_back(clerk: Guarded) -> None:
    for code in ("x", "y", clerk.codes[0], "z", "w"):
        answer = clerk.password().post("/sign-in/second", data={"code": code})
    assert "还可以试3次" in answer.text


def test_the_password_counts_for_five_minutes(clerk: Guarded) -> None:
    client = clerk.password()
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=5, seconds=1)):
        answer = client.post("/sign-in/second", data={"code": clerk.codes[0]})
        assert answer.location == "/sign-in"
        assert "密码验证已超过5分钟" in client.get("/sign-in").text


def test_a_cookie_of_the_future_counts_for_nothing(clerk: Guarded) -> None:
    client = clerk.password()
    with clock.frozen(datetime.now(UTC) - timedelta(minutes=1)):
        assert client.get("/sign-in/second").location == "/sign-in"


@pytest.mark.parametrize(
    "held",
    [
        None,
        "nonsense",
        {},
        {"person": "x", "at": 0, "back": "/"},
        {"person": str(uuid4()), "at": "x", "back": "/"},
        {"person": str(uuid4()), "at": 1e300, "back": "/"},
    ],
)
def test_without_a_right_password_there_is_no_second_step(app: Flask, held: object) -> None:
    client = app.test_client()
    if held is not None:
        with client.session_transaction() as cookie:
            cookie["second_step"] = held
    assert client.get("/sign-in/second").location == "/sign-in"
    assert client.post("/sign-in/second", data={"code": "123456"}).location == "/sign-in"
    refused = client.post("/sign-in/second/options")
    assert refused.status_code == 422
    assert refused.json is not None


def test_a_forged_cookie_is_no_cookie(clerk: Guarded) -> None:
    client = clerk.password()
    cookie = client.get_cookie("session")
    assert cookie is not None
    for forged in (cookie.value[:-2] + "xx", "x", cookie.value.partition(".")[2]):
        client.set_cookie("session", forged)
        assert client.get("/sign-in/second").location == "/sign-in"


def test_signing_in_as_another_ends_the_session_before(
    app: Flask, clerk: Guarded, tenant: Tenant
) -> None:
    client = sign_in(app, factories.account(app, tenant.scope, Role.MANAGER))
    assert client.get("/people").status_code == 200
    clerk.password(client)
    assert client.get("/people").location.startswith("/sign-in")


def test_a_one_time_link_asks_for_the_second_step_too(app: Flask, clerk: Guarded) -> None:
    with app.app_context():
        person = person_by_email(clerk.email)
        assert person is not None
        token = people.make_link(person)
        db.session.commit()
    client = app.test_client()
    given = {"password": "Neu-2026-x", "again": "Neu-2026-x"}
    assert client.post(f"/welcome/{token}", data=given).location == "/sign-in/second"
    assert client.get("/services").location.startswith("/sign-in")


def test_an_open_redirect_is_not_carried_through(clerk: Guarded, app: Flask) -> None:
    client = app.test_client()
    given = {"email": clerk.email, "password": factories.PASSWORD}
    client.post("/sign-in?next=//evil.example/", data=given)
    assert client.post("/sign-in/second", data={"code": clerk.code()}).location == "/"


@pytest.mark.parametrize("code", ["", "0" * 6, "１２３４５６", "é" * 100, "'; drop table--"])
def test_bad_codes_end_in_a_sentence(clerk: Guarded, code: str) -> None:
    answer = clerk.password().post("/sign-in/second", data={"code": code})
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_an_overlong_code_is_not_looked_at(clerk: Guarded) -> None:
    answer = clerk.password().post("/sign-in/second", data={"code": "1" * 5000})
    assert "内容太长" in answer.text


def test_the_secret_is_sealed_for_its_person_alone(
    app: Flask, clerk: Guarded, tenant: Tenant
) -> None:
    other = guarded(app, tenant.scope)
    with app.app_context(), as_platform():
        ids = [person_by_email(one.email).id for one in (clerk, other)]
        rows = {row.person_id: row for row in db.session.scalars(select(Totp))}
        assert clerk.secret not in rows[ids[0]].sealed
        rows[ids[0]].sealed = rows[ids[1]].sealed
        db.session.commit()
    moved = clerk.password().post("/sign-in/second", data={"code": other.code()})
    assert moved.status_code == 500


def test_an_office_signs_in_with_two_steps_too(app: Flask, town: Town) -> None:
    checker = guarded(app, town.scope, Role.CHECKER)
    client = checker.password()
    assert client.post("/sign-in/second", data={"code": checker.code()}).status_code == 303
    assert client.get("/review").status_code == 200


def test_a_new_secret_voids_the_one_before(app: Flask, tenant: Tenant) -> None:
    client = sign_in(app, factories.account(app, tenant.scope, Role.CLERK))
    first = waiting_secret(client)
    second = waiting_secret(client)
    old = Guarded("", client, app, first, [])
    new = Guarded("", client, app, second, [])
    wrong = client.post("/factors/totp/confirmation", data={"code": old.code()})
    assert wrong.status_code == 422
    assert "验证码不正确" in wrong.text
    right = client.post("/factors/totp/confirmation", data={"code": new.code()})
    assert len(shown_codes(right.text)) == 10
