"""Acts on money, exports and memberships ask who is there when that was long ago."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.permissions import Role
from tests import factories
from tests.factories import PASSWORD, Tenant
from tests.people.signing_in import enter

INVITATION = {
    "name": "王 五 & <某>",
    "email": "w5@example.test",
    "role": "clerk",
    "adviser_id": "",
}
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
NAME, VALUE = re.compile(r'name="([^"]*)"'), re.compile(r'value="([^"]*)"')


@pytest.fixture
def then() -> Iterator[datetime]:
    """When the manager signed in."""
    now = clock.now()
    with clock.frozen(now):
        yield now


@pytest.fixture
def manager(app: Flask, then: datetime, tenant: Tenant) -> FlaskClient:
    """The firm's manager."""
    return enter(app, factories.account(app, tenant.scope, Role.MANAGER))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page that asks."""
    form = page.partition('action="/confirm"')[2].partition("</form>")[0]
    fields = {}
    for one in HIDDEN.findall(form):
        name, value = NAME.search(one), VALUE.search(one)
        fields[name[1] if name else ""] = unescape(value[1]) if value else ""
    return fields


def test_within_ten_minutes_nothing_is_asked(manager: FlaskClient, then: datetime) -> None:
    with clock.frozen(then + timedelta(minutes=9, seconds=59)):
        assert manager.post("/people", data=INVITATION).status_code == 200


def test_what_was_sent_is_carried_on(manager: FlaskClient, then: datetime, tenant: Tenant) -> None:
    sent = INVITATION | {"email": f"w5.{tenant.code}@example.test"}
    with clock.frozen(then + timedelta(minutes=10)):
        asked = manager.post("/people?page=1", data=sent, headers={"Referer": "/people?page=1"})
        assert asked.status_code == 403
        assert "请确认是您本人" in asked.text
        assert 'href="/people?page=1"' in asked.text
        fields = hidden(asked.text)
        assert fields.items() >= sent.items()

        wrong = manager.post("/confirm", data=fields | {"confirm_password": "Falsch-7315"})
        assert wrong.status_code == 422
        assert "密码不正确" in wrong.text
        assert hidden(wrong.text).items() >= sent.items()

        right = hidden(wrong.text) | {"confirm_password": PASSWORD}
        answer = manager.post("/confirm", data=right)
        assert (answer.status_code, answer.location) == (307, "/people?page=1")
        done = manager.post(answer.location, data=right)
        assert "/welcome/" in done.text
        assert "王 五 &amp; &lt;某&gt;" in done.text
    with clock.frozen(then + timedelta(minutes=19)):
        assert manager.post("/people", data={}).status_code == 422


def test_a_swapped_form_gets_the_question_on_its_page(manager: FlaskClient, then: datetime) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/people?change=x"}
    with clock.frozen(then + timedelta(minutes=10)):
        asked = manager.post("/people", data=INVITATION, headers=headers)
    assert asked.status_code == 403
    assert asked.headers["HX-Retarget"] == asked.headers["HX-Reselect"] == "#main"
    assert 'href="/people?change=x"' in asked.text
    assert hidden(asked.text).items() >= INVITATION.items()


def test_a_download_begins_after_the_question(manager: FlaskClient, then: datetime) -> None:
    with clock.frozen(then + timedelta(minutes=10)):
        asked = manager.get("/workbook/export.xlsx", headers={"Referer": "/workbook"})
        assert asked.status_code == 303
        assert asked.location == "/confirm?next=/workbook/export.xlsx&back=/workbook"
        fields = hidden(manager.get(asked.location).text)
        answer = manager.post("/confirm", data=fields | {"confirm_password": PASSWORD})
        assert 'http-equiv="refresh" content="0;url=/workbook/export.xlsx"' in answer.text
        assert 'href="/workbook"' in answer.text
        assert manager.get("/workbook/export.xlsx").mimetype.endswith("sheet")


def test_the_page_of_a_form_opens_its_sending_asks(manager: FlaskClient, then: datetime) -> None:
    with clock.frozen(then + timedelta(minutes=10)):
        assert manager.get("/account-for-payment").status_code == 200
        assert manager.post("/account-for-payment", data={}).status_code == 403


@pytest.mark.parametrize(
    "to", ["https://evil.example/x", "//evil.example", "/\\evil.example", "/\t/evil.example", ""]
)
@pytest.mark.parametrize("by", ["get", "post"])
def test_it_leads_nowhere_else(manager: FlaskClient, to: str, by: str) -> None:
    data = {"confirm_to": to, "confirm_back": to, "confirm_by": by, "confirm_password": PASSWORD}
    answer = manager.post("/confirm", data=data)
    assert "evil" not in answer.text
    assert answer.location in (None, "/")


def test_guessing_at_an_open_desk_locks(app: Flask, manager: FlaskClient, then: datetime) -> None:
    where = {"REMOTE_ADDR": "198.18.0.10"}
    data = {"confirm_to": "/people", "confirm_by": "post", "confirm_password": "Falsch-7315"}
    for _ in range(5):
        answer = manager.post("/confirm", data=data, environ_base=where)
    assert "尝试次数过多" in answer.text
    right = data | {"confirm_password": PASSWORD}
    assert "尝试次数过多" in manager.post("/confirm", data=right, environ_base=where).text
    with clock.frozen(then + timedelta(minutes=15)):
        assert manager.post("/confirm", data=right, environ_base=where).status_code == 307


def test_a_stranger_is_not_asked(app: Flask) -> None:
    assert app.test_client().post("/confirm").location.startswith("/sign-in")
    assert app.test_client().post("/people", data={}).location.startswith("/sign-in")


def test_a_role_without_the_permission_is_refused_not_asked(
    app: Flask, then: datetime, tenant: Tenant
) -> None:
    clerk = enter(app, factories.account(app, tenant.scope, Role.CLERK))
    with clock.frozen(then + timedelta(minutes=10)):
        answer = clerk.post("/people", data=INVITATION)
    assert answer.status_code == 403
    assert "请确认是您本人" not in answer.text
