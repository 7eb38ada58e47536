"""Failed sign-ins lock, whoever they name, however many come at a time."""

import itertools
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.people import guard
from counselhub.people.guard import LockedError
from counselhub.people.models import SignInTries
from tests import factories
from tests.factories import PASSWORD, Tenant

FALSE = "Falsch-7315"
WRONG, LOCKED = "邮箱或密码不正确", "尝试次数过多，已暂停登录15分钟"
TOKEN = re.compile(r'(?<=csrf_token" value=")[^"]+|(?<="X-CSRFToken": ")[^"]+')
_hosts = itertools.count(1)


class Street:
    """Somebody at one network address that no other test uses."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.address = f"198.51.{next(_hosts)}.7"

    def tries(self, email: str, password: str = FALSE) -> str:
        """Try to sign in; return how it went."""
        answer = self.client.post(
            "/sign-in",
            data={"email": email, "password": password},
            environ_base={"REMOTE_ADDR": self.address},
        )
        if answer.status_code == 303:
            return "in"
        assert answer.status_code == 422
        return "locked" if LOCKED in answer.text else "wrong" * (WRONG in answer.text)


@pytest.fixture
def street(app: Flask) -> Street:
    """One address."""
    return Street(app)


@pytest.fixture
def email(app: Flask, tenant: Tenant) -> str:
    """A clerk's address."""
    return factories.account(app, tenant.scope, Role.CLERK)


@pytest.mark.parametrize("exists", [True, False], ids=["an account", "nobody's"])
def test_five_failures_lock_for_fifteen_minutes(street: Street, email: str, exists: bool) -> None:
    asked = email if exists else f"nobody-{email}"
    now = clock.now()
    with clock.frozen(now):
        assert [street.tries(asked) for _ in range(6)] == ["wrong"] * 4 + ["locked"] * 2
        assert street.tries(asked, PASSWORD) == "locked"
    with clock.frozen(now + timedelta(minutes=14, seconds=59)):
        assert street.tries(asked, PASSWORD) == "locked"
    with clock.frozen(now + timedelta(minutes=15)):
        assert street.tries(asked, PASSWORD) == ("in" if exists else "wrong")


def test_the_answer_is_the_same_to_the_letter(app: Flask, email: str) -> None:
    assert answers_to(app, email) == answers_to(app, f"nobody-{email}")


def answers_to(app: Flask, email: str) -> list[str]:
    """Six failures in a row, but for the address and the form's token."""
    street, pages = Street(app), []
    for _ in range(6):
        answer = street.client.post(
            "/sign-in",
            data={"email": email, "password": FALSE},
            environ_base={"REMOTE_ADDR": street.address},
        )
        assert answer.status_code == 422
        pages.append(TOKEN.sub("", answer.text.replace(email, "…")))
    return pages


def test_success_forgets_the_failures(street: Street, email: str) -> None:
    for _ in range(2):
        assert [street.tries(email) for _ in range(4)] == ["wrong"] * 4
        assert street.tries(email, PASSWORD) == "in"


def test_failures_long_ago_do_not_count(street: Street, email: str) -> None:
    now = clock.now()
    with clock.frozen(now):
        assert [street.tries(email) for _ in range(4)] == ["wrong"] * 4
    with clock.frozen(now + timedelta(minutes=15)):
        assert [street.tries(email) for _ in range(4)] == ["wrong"] * 4


def test_capitals_and_blanks_are_the_same_account(street: Street, email: str) -> None:
    asked = [email, email.upper(), f" {email}", f"{email} ", email.title()]
    assert [street.tries(one) for one in asked] == ["wrong"] * 4 + ["locked"]


def test_one_address_may_not_try_many_accounts(app: Flask, street: Street, email: str) -> None:
    answers = [street.tries(f"somebody-{n}@example.test") for n in range(21)]
    assert answers == ["wrong"] * 19 + ["locked"] * 2
    assert street.tries(email, PASSWORD) == "locked"
    assert Street(app).tries(email, PASSWORD) == "in"


def test_a_full_office_signs_in_from_one_address(street: Street, email: str) -> None:
    assert [street.tries(email, PASSWORD) for _ in range(22)] == ["in"] * 22


def test_tries_at_one_moment_never_get_more_than_five(app: Flask, email: str) -> None:
    streets = [Street(app) for _ in range(16)]
    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(lambda street: street.tries(email), streets))
    assert answers == {"wrong": 4, "locked": 12}


def test_taking_is_exact_between_threads(app: Flask) -> None:
    limit = guard.of_account(f"threads-{factories.number()}@example.test")

    def take(_number: int) -> bool:
        with app.app_context():
            try:
                guard.take(limit)
            except LockedError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(40))) == 5


def test_what_is_long_past_goes_by_itself(app: Flask, street: Street, email: str) -> None:
    unknown = f"nobody-{email}"
    with clock.frozen(clock.now() - timedelta(days=2)):
        street.tries(unknown)
    assert is_counted(app, unknown)
    assert street.tries(email, PASSWORD) == "in"
    assert not is_counted(app, unknown)


def is_counted(app: Flask, email: str) -> bool:
    with app.app_context(), as_platform():
        return db.session.get(SignInTries, guard.account_key(email)) is not None


def test_the_record_tells_who_was_locked_and_no_password(
    app: Flask, street: Street, tenant: Tenant, email: str
) -> None:
    for _ in range(6):
        street.tries(email)
    street.tries("Gehe@m-7315", PASSWORD)  # a password in the wrong field
    with app.app_context(), as_scope(tenant.scope):
        query = select(AccountEvent).filter_by(act="sign_in", name=email, outcome="refused")
        rows = db.session.scalars(query.order_by(AccountEvent.id)).all()
        said = [row.detail["why"] for row in rows]
        assert said == ["wrong"] * 4 + ["wrong_and_locked", "locked"]
        assert {row.address for row in rows} == {street.address}
    with app.app_context(), as_platform():
        names = select(AccountEvent.name).filter_by(address=street.address, key="")
        assert db.session.scalars(names).all() == [""]


def test_a_security_administrator_unlocks(
    app: Flask, street: Street, email: str, as_security: FlaskClient, as_adviser: FlaskClient
) -> None:
    for _ in range(5):
        street.tries(email)
    page = as_security.get("/people").text
    row = page.partition(email)[2].partition("</tr>")[0]
    assert "锁定至" in row
    path = row.partition('/unlocking"')[0].rpartition('"')[2] + "/unlocking"
    assert as_adviser.post(path).status_code == 403
    assert street.tries(email, PASSWORD) == "locked"
    assert as_security.post(path).status_code == 303
    assert "锁定至" not in as_security.get("/people").text
    assert street.tries(email, PASSWORD) == "in"


def test_another_firm_unlocks_nobody(
    street: Street, email: str, as_security: FlaskClient, as_foreign_security: FlaskClient
) -> None:
    for _ in range(5):
        street.tries(email)
    row = as_security.get("/people").text.partition(email)[2]
    path = row.partition('/unlocking"')[0].rpartition('"')[2] + "/unlocking"
    assert as_foreign_security.post(path).status_code == 404
    assert street.tries(email, PASSWORD) == "locked"
