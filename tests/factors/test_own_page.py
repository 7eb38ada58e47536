"""Each person's own page: set up, confirm, regenerate, switch off."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import counting, factories
from tests.factories import PASSWORD, Tenant
from tests.factors.people import Guarded, acts, guarded, shown_codes, sign_in, waiting_secret


@pytest.fixture
def clerk(app: Flask, tenant: Tenant) -> Guarded:
    return guarded(app, tenant.scope)


@pytest.fixture
def client(app: Flask, tenant: Tenant) -> FlaskClient:
    """Somebody without a second factor."""
    return sign_in(app, factories.account(app, tenant.scope, Role.CLERK))


def test_the_page_teaches_what_there_is(client: FlaskClient) -> None:
    page = client.get("/factors").text
    assert "开始设置" in page
    assert "恢复码" not in page.partition('id="h-passkeys"')[2].partition("<footer")[0]


def test_nothing_counts_before_it_is_confirmed(app: Flask, tenant: Tenant) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    waiting_secret(sign_in(app, email))
    assert sign_in(app, email).get("/services").status_code == 200


def test_the_qr_code_is_an_image_that_the_content_policy_allows(client: FlaskClient) -> None:
    client.post("/factors/totp")
    answer = client.get("/factors/totp")
    assert 'src="data:image/svg+xml' in answer.text
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_clock_that_is_off_is_named(client: FlaskClient, app: Flask) -> None:
    late = Guarded("", client, app, waiting_secret(client), [])
    answer = client.post("/factors/totp/confirmation", data={"code": late.code(-10)})
    assert answer.status_code == 422
    assert "差了约5分钟" in answer.text
    assert client.get("/factors/totp").status_code == 200


def test_codes_are_shown_once_and_may_be_kept(app: Flask, tenant: Tenant) -> None:
    client = sign_in(app, factories.account(app, tenant.scope, Role.CLERK))
    given = Guarded("", client, app, waiting_secret(client), [])
    page = client.post("/factors/totp/confirmation", data={"code": given.code()}).text
    codes = shown_codes(page)
    assert len(codes) == 10
    assert "download=" in page
    assert acts(app, tenant.scope, "totp_on") == 1
    later = client.get("/factors").text
    assert "剩10个" in later
    assert not any(code in later for code in codes)
    assert client.get("/factors/totp").location == "/factors"
    assert client.post("/factors/totp/confirmation", data={"code": "1"}).location == "/factors"
    client.post("/factors/totp")
    assert "动态验证码已经启用" in client.get("/factors").text


PROVED = ("/factors/totp/ending", "/factors/codes")


@pytest.mark.parametrize("path", PROVED)
@pytest.mark.parametrize(
    ("password", "code", "says"),
    [
        pytest.param("wrong", "right", "密码不正确", id="another password"),
        pytest.param(PASSWORD, "000000", "验证码不正确", id="another code"),
        pytest.param("", "right", "请填写", id="no password"),
        pytest.param(PASSWORD, "", "请输入应用里的6位验证码", id="no code"),
    ],
)
def test_taking_away_needs_password_and_factor(
    clerk: Guarded, path: str, password: str, code: str, says: str
) -> None:
    given = {"password": password, "code": clerk.code() if code == "right" else code}
    answer = clerk.client.post(path, data=given)
    assert answer.status_code == 422
    assert says in answer.text
    assert "剩10个" in clerk.client.get("/factors").text


def test_it_is_switched_off(app: Flask, clerk: Guarded, tenant: Tenant) -> None:
    given = {"password": PASSWORD, "code": clerk.code()}
    assert clerk.client.post("/factors/totp/ending", data=given).location == "/factors"
    assert "动态验证码已关闭" in clerk.client.get("/factors").text
    assert acts(app, tenant.scope, "totp_off") == 1
    assert sign_in(app, clerk.email).get("/services").status_code == 200
    for path in PROVED:
        assert clerk.client.get(path).location == "/factors"


def test_fresh_codes_void_those_before(app: Flask, clerk: Guarded, tenant: Tenant) -> None:
    given = {"password": PASSWORD, "code": clerk.codes[0]}
    fresh = shown_codes(clerk.client.post("/factors/codes", data=given).text)
    assert len(fresh) == 10
    assert not set(fresh) & set(clerk.codes)
    assert (
        clerk.password().post("/sign-in/second", data={"code": clerk.codes[1]}).status_code == 422
    )
    assert clerk.password().post("/sign-in/second", data={"code": fresh[0]}).status_code == 303
    assert acts(app, tenant.scope, "recovery_codes_made") == 2


def test_wrong_answers_here_lock_the_sign_in_too(clerk: Guarded) -> None:
    for _time in range(5):
        clerk.client.post("/factors/codes", data={"password": "x", "code": "x"})
    answer = clerk.password().post("/sign-in/second", data={"code": clerk.code()})
    assert "两步验证已锁定" in answer.text


def test_passkeys_need_a_host_name(app: Flask, tenant: Tenant) -> None:
    client, at = app.test_client(), "http://127.0.0.1:8000"
    assert "用通行密钥登录" in client.get("/sign-in").text
    assert "用通行密钥登录" not in client.get("/sign-in", base_url=at).text
    given = {"email": factories.account(app, tenant.scope, Role.CLERK), "password": PASSWORD}
    client.post("/sign-in", data=given, base_url=at)
    page = client.get("/factors", base_url=at).text
    assert "请改用 localhost" in page
    assert "data-passkey=" not in page
    refused = client.post("/factors/passkeys/options", base_url=at)
    assert refused.status_code == 422
    assert refused.json is not None
    assert "域名" in refused.json["say"]


@pytest.mark.parametrize("path", ["/factors", "/factors/codes"])
def test_the_pages_send_few_statements(clerk: Guarded, path: str) -> None:
    with counting.statements() as sent:
        assert clerk.client.get(path).status_code == 200
    assert len(sent) <= 8
