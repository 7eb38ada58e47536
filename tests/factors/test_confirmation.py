"""A second factor instead of the password, before money, export and membership acts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform
from counselhub.factors.models import FactorRule, Passkey
from counselhub.people.queries import person_by_email
from tests import factories
from tests.factories import PASSWORD, Tenant
from tests.factors.people import Guarded, acts, guarded, sign_in
from tests.factors.test_passkeys import answer_to
from tests.people.test_confirm import hidden

ASK = {"confirm_to": "/people", "confirm_by": "post"}


@pytest.fixture
def manager(app: Flask, tenant: Tenant) -> Guarded:
    return guarded(app, tenant.scope, Role.MANAGER)


def answered(client: FlaskClient, **sent: str) -> tuple[int, str]:
    answer = client.post("/confirm", data=ASK | sent)
    return answer.status_code, answer.text


def test_a_code_is_enough_and_what_was_sent_is_carried_on(
    app: Flask, manager: Guarded, tenant: Tenant
) -> None:
    sent = {"name": "王五", "email": f"w5.{tenant.code}@example.test", "role": "clerk"}
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=11)):
        asked = manager.client.post("/people", data=sent | {"adviser_id": ""})
        assert asked.status_code == 403
        assert "下面任选一种即可" in asked.text
        assert "登录密码" in asked.text
        fields = hidden(asked.text)
        assert fields.items() >= sent.items()
        right = fields | {"confirm_code": manager.code(22)}  # eleven minutes on
        answer = manager.client.post("/confirm", data=right)
        assert (answer.status_code, answer.location) == (307, "/people")
        assert "/welcome/" in manager.client.post(answer.location, data=right).text
    with app.app_context(), as_platform():
        query = db.select(AccountEvent).filter_by(act="confirm", key=tenant.scope.key)
        assert [event.detail for event in db.session.scalars(query)] == [{"method": "totp"}]


def test_a_code_counts_once_here_and_at_the_sign_in(manager: Guarded) -> None:
    code = manager.code(0)
    assert answered(manager.client, confirm_code=code)[0] == 307
    status, page = answered(manager.client, confirm_code=code)
    assert status == 422
    assert "或者刚刚用过" in page
    assert "还可以试4次" in page
    assert manager.password().post("/sign-in/second", data={"code": code}).status_code == 422


def test_a_typed_code_counts_before_a_password_that_the_browser_filled_in(
    manager: Guarded,
) -> None:
    status, page = answered(manager.client, confirm_code="000000", confirm_password=PASSWORD)
    assert status == 422
    assert "验证码不正确" in page


def test_the_password_is_still_enough(app: Flask, manager: Guarded, tenant: Tenant) -> None:
    assert answered(manager.client, confirm_password=PASSWORD)[0] == 307
    assert acts(app, tenant.scope, "confirm") == 1


def test_wrong_answers_share_their_tries_with_the_second_step(
    app: Flask, manager: Guarded, tenant: Tenant
) -> None:
    for _time in range(3):
        assert answered(manager.client, confirm_code="000000")[0] == 422
    client = manager.password()
    assert "还可以试1次" in client.post("/sign-in/second", data={"code": "x"}).text
    assert "锁定15分钟" in answered(manager.client, confirm_code="000000")[1]
    assert "两步验证已锁定" in answered(manager.client, confirm_code=manager.code())[1]
    assert acts(app, tenant.scope, "confirm", "refused") == 4
    assert answered(manager.client, confirm_password=PASSWORD)[0] == 307


def test_a_recovery_code_is_for_the_sign_in_only(manager: Guarded) -> None:
    status, page = answered(manager.client, confirm_code=manager.codes[0])
    assert status == 422
    assert "恢复码只在登录时使用" in page
    client = manager.password()
    assert client.post("/sign-in/second", data={"code": manager.codes[0]}).status_code == 303


def test_the_code_of_a_colleague_is_wrong(app: Flask, manager: Guarded, tenant: Tenant) -> None:
    other = guarded(app, tenant.scope)
    assert answered(manager.client, confirm_code=other.code())[0] == 422


def test_nothing_at_all_is_asked_for_again(manager: Guarded) -> None:
    status, page = answered(manager.client)
    assert status == 422
    assert "请填写其中一项" in page


def test_who_has_no_factor_is_asked_for_the_password_only(as_manager: FlaskClient) -> None:
    page = as_manager.get("/confirm?next=/people").text
    assert "confirm_code" not in page
    assert "用通行密钥确认" not in page
    assert answered(as_manager, confirm_code="000000")[0] == 422
    assert as_manager.post("/confirm/options").status_code == 404


@pytest.mark.parametrize("answer", ["{}", "[]", "x", '{"id": "x"}', "{" * 30_000])
def test_a_forged_passkey_opens_nothing(manager: Guarded, answer: str) -> None:
    status, page = answered(manager.client, confirm_answer=answer, confirm_password=PASSWORD)
    assert status == 422
    assert "还可以试4次" in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("/confirm/options", "没有在您的账号下登记"),
        ("/factors/proof/options", "已经过期或用过了"),
        ("/sign-in/passkey/options", "已经过期或用过了"),
    ],
)
def test_an_answer_serves_only_what_it_was_asked_for(
    app: Flask, manager: Guarded, options: str, said: str
) -> None:
    """The challenge of a confirmation gets as far as the key, those of other places nowhere."""
    with app.app_context(), as_platform():
        person = person_by_email(manager.email)
        assert person is not None
        db.session.add(a_passkey(person.id))
        db.session.commit()
    asked = manager.client.post(options).json
    assert asked is not None
    by_owner = {"/factors/proof/options": "preferred"}.get(options, "required")
    assert asked["userVerification"] == by_owner
    assert said in answered(manager.client, confirm_answer=answer_to(asked, kind="get"))[1]


def a_passkey(person_id: UUID) -> Passkey:
    return Passkey(
        person_id=person_id,
        credential_id=f"key-{factories.number()}",
        public_key="x",
        sign_count=0,
        host="localhost",
        name="钥匙",
        transports=[],
        created_at=clock.now(),
    )


def test_who_must_set_up_a_factor_can_confirm_to_do_so(app: Flask, tenant: Tenant) -> None:
    client = sign_in(app, factories.account(app, tenant.scope, Role.CLERK))
    place = {"kind": tenant.scope.kind.value, "key": tenant.scope.key, "role": "clerk"}
    with app.app_context(), as_platform():
        since = clock.now() - timedelta(days=1)
        db.session.add(FactorRule(**place, since=since, grace_days=0))
        db.session.commit()
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=11)):
        assert client.get("/people").location == "/factors"
        asked = client.post("/factors/totp")
        assert asked.status_code == 403
        right = hidden(asked.text) | {"confirm_password": PASSWORD}
        answer = client.post("/confirm", data=right)
        assert (answer.status_code, answer.location) == (307, "/factors/totp")
        assert client.post(answer.location, data=right).location == "/factors/totp"
