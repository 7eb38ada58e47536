"""Who must have a second factor is led to set it up; the security administrator looks after it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.cli import cli
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import as_platform
from counselhub.people import actions as people
from counselhub.people.models import Membership, Person
from tests import counting, factories
from tests.factories import Tenant, Town
from tests.factors.people import Guarded, acts, guarded, shown_codes, sign_in, waiting_secret
from tests.test_every_route import rules


@pytest.fixture
def as_security(app: Flask, tenant: Tenant) -> FlaskClient:
    return factories.named(app, tenant.scope, Role.FINANCE, Duty.SECURITY)


def demand(client: FlaskClient, *roles: str, days: int = 0, seen: str = "") -> int:
    given = {"roles": list(roles), "grace_days": str(days), "seen": seen}
    return client.post("/factors/rules", data=given).status_code


def membership_of(app: Flask, email: str) -> str:
    with app.app_context(), as_platform():
        query = select(Membership.id).join(Person).where(Person.email == email)
        return str(db.session.scalar(query))


def test_every_view_leads_to_the_set_up_until_it_is_done(
    app: Flask, tenant: Tenant, as_security: FlaskClient
) -> None:
    """Every route, every method: nothing but public pages and the set-up itself answers."""
    email = factories.account(app, tenant.scope, Role.CLERK)
    client = sign_in(app, email)
    assert demand(as_security, "clerk") == 303
    open_views, led = set(), 0
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        is_public = view.required is None and not hasattr(view, "needs_person")
        values = {
            name: {"UUIDConverter": uuid4(), "IntegerConverter": 2026}.get(type(one).__name__, "x")
            for name, one in rule._converters.items()
        }
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            if is_public:
                continue
            if hasattr(view, "sets_up_factor"):
                open_views.add(rule.endpoint)
                continue
            answer = client.open(address, method=method)
            assert (answer.status_code, answer.location) == (303, "/factors"), (method, address)
            led += 1
    assert led > 100
    assert open_views == {
        "factors.factors",
        "factors.totp",
        "factors.create_totp",
        "factors.create_confirmation",
        "factors.create_passkey_options",
        "factors.create_passkey",
        "confirm.confirm",
        "confirm.create_confirmation",
    }
    assert client.get("/").location == "/factors"
    swapped = client.get("/services", headers={"HX-Request": "true"})
    assert swapped.headers["HX-Redirect"] == "/factors"
    page = client.get("/factors").text
    assert "请先设置两步验证" in page
    assert "nav-entry" not in page
    done = Guarded(email, client, app, waiting_secret(client), [])
    codes = client.post("/factors/totp/confirmation", data={"code": done.code()})
    assert len(shown_codes(codes.text)) == 10
    assert client.get("/services").status_code == 200


def test_a_demand_binds_its_role_in_its_place_only(
    app: Flask, tenant: Tenant, outsider: Tenant, as_security: FlaskClient
) -> None:
    demand(as_security, "clerk")
    manager = sign_in(app, factories.account(app, tenant.scope, Role.MANAGER))
    stranger = sign_in(app, factories.account(app, outsider.scope, Role.CLERK))
    assert manager.get("/services").status_code == 200
    assert stranger.get("/services").status_code == 200
    assert as_security.get("/factors/colleagues").status_code == 200


def test_grace_runs_from_the_demand_or_from_joining(
    app: Flask, tenant: Tenant, as_security: FlaskClient
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    client = sign_in(app, email)
    assert demand(as_security, "clerk", days=7) == 303
    assert "之前设置两步验证" in client.get("/services").text
    with clock.frozen(datetime.now(UTC) + timedelta(days=8)):
        assert sign_in(app, email).get("/services").location == "/factors"
        late = sign_in(app, factories.account(app, tenant.scope, Role.CLERK))
        assert late.get("/services").status_code == 200
    assert demand(as_security, "clerk", days=0, seen="clerk:7") == 303
    assert client.get("/services").location == "/factors"
    assert demand(as_security, seen="clerk:0") == 303
    assert client.get("/services").status_code == 200
    assert acts(app, tenant.scope, "factor_rules") == 3


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        pytest.param({"roles": ["checker"], "grace_days": "0"}, 422, "不属于本单位", id="role"),
        pytest.param({"roles": ["boss"], "grace_days": "0"}, 422, "不属于本单位", id="no role"),
        pytest.param({"roles": ["clerk"], "grace_days": "91"}, 422, "0到90天", id="long"),
        pytest.param({"roles": ["clerk"], "grace_days": "-1"}, 422, "0到90天", id="negative"),
        pytest.param({"roles": ["clerk"], "grace_days": "x"}, 422, "field-error", id="no number"),
        pytest.param({"roles": ["clerk"]}, 422, "请填写天数", id="none"),
        pytest.param(
            {"roles": ["clerk"], "grace_days": "0", "seen": "manager:1"},
            409,
            "刚刚改过",
            id="stale",
        ),
    ],
)
def test_demands_refuse(
    as_security: FlaskClient, given: dict[str, object], status: int, says: str
) -> None:
    answer = as_security.post("/factors/rules", data=given)
    assert answer.status_code == status
    assert says in answer.text


def test_the_list_says_who_has_and_who_lacks(
    app: Flask, tenant: Tenant, outsider: Tenant, as_security: FlaskClient
) -> None:
    has = guarded(app, tenant.scope, Role.CLERK)
    lacks = factories.account(app, tenant.scope, Role.MANAGER)
    stranger = guarded(app, outsider.scope, Role.CLERK)
    demand(as_security, "manager", days=9)
    every = as_security.get("/factors/colleagues").text
    assert has.email in every
    assert lacks in every
    assert stranger.email not in every
    shown = {
        state: as_security.get(f"/factors/colleagues?state={state}").text
        for state in ("has", "lacks", "due")
    }
    assert [has.email in shown[state] for state in shown] == [True, False, False]
    assert [lacks in shown[state] for state in shown] == [False, True, True]
    assert "没有符合条件的同事" in as_security.get("/factors/colleagues?q=%25").text


def test_a_reset_lets_the_password_alone_in_and_is_recorded(
    app: Flask, tenant: Tenant, as_security: FlaskClient
) -> None:
    lost = guarded(app, tenant.scope)
    address = f"/factors/colleagues/{membership_of(app, lost.email)}/reset"
    assert as_security.post(address).status_code == 303
    assert sign_in(app, lost.email).get("/services").status_code == 200
    assert acts(app, tenant.scope, "factors_reset") == 1


def test_a_reset_ends_the_sessions_and_says_how_many(
    app: Flask, tenant: Tenant, as_security: FlaskClient
) -> None:
    lost = guarded(app, tenant.scope)
    other = lost.password()
    assert other.post("/sign-in/second", data={"code": lost.code(1)}).status_code == 303
    page = as_security.get("/factors/colleagues").text
    assert "现有的登录全部退出" in page
    as_security.post(f"/factors/colleagues/{membership_of(app, lost.email)}/reset")
    assert "退出2处登录" in as_security.get("/factors/colleagues").text
    for browser in (lost.client, other):
        assert browser.get("/account").location == "/sign-in?next=/account"
    assert as_security.get("/factors/colleagues").status_code == 200
    assert "验证方式已由管理员清除" in sign_in(app, lost.email).get("/account").text
    with app.app_context(), as_platform():
        query = select(AccountEvent).filter_by(act="factors_reset", key=tenant.scope.key)
        assert db.session.scalars(query).one().detail["sessions"] == 2


def test_the_operators_reset_ends_them_too(app: Flask, tenant: Tenant) -> None:
    lost = guarded(app, tenant.scope)
    arguments = ["factors", "reset", "--email", lost.email, "--json"]
    result = CliRunner().invoke(cli, arguments, obj=app.app_context)
    assert result.exit_code == 0, result.exception
    told = {"email": lost.email, "reset": True, "sessions_ended": 1}
    assert json.loads(result.output) == told
    assert lost.client.get("/account").location == "/sign-in?next=/account"


def test_nobody_resets_himself(app: Flask, tenant: Tenant, as_security: FlaskClient) -> None:
    page = as_security.get("/admins").text
    assert "安全管理员" in page
    with app.app_context(), as_platform():
        query = select(Membership.id).where(
            Membership.firm_id == tenant.firm_id, Membership.role == "finance"
        )
        own = db.session.scalar(query)
    answer = as_security.post(f"/factors/colleagues/{own}/reset")
    assert answer.status_code == 422
    assert "不能清除自己的验证方式" in answer.text


def test_who_belongs_elsewhere_too_is_not_reset(
    app: Flask, tenant: Tenant, town: Town, as_security: FlaskClient
) -> None:
    both = guarded(app, tenant.scope)
    with app.app_context():
        people.join(both.email, "某clerk", town.scope, Role.CHECKER, is_proved=True)
        db.session.commit()
    with app.app_context(), as_platform():
        query = select(Membership.id).join(Person).where(Person.email == both.email)
        ids = list(db.session.scalars(query.where(Membership.kind == "firm")))
    answer = as_security.post(f"/factors/colleagues/{ids[0]}/reset")
    assert answer.status_code == 422
    assert "在别的单位也有账号" in answer.text
    assert both.password().post("/sign-in/second", data={"code": both.code()}).status_code == 303


def test_another_firms_colleague_is_not_found(
    app: Flask, outsider: Tenant, as_security: FlaskClient
) -> None:
    stranger = guarded(app, outsider.scope)
    address = f"/factors/colleagues/{membership_of(app, stranger.email)}/reset"
    assert as_security.post(address).status_code == 404
    answer = stranger.password().post("/sign-in/second", data={"code": stranger.code()})
    assert answer.status_code == 303


def test_only_the_security_administrator(app: Flask, tenant: Tenant) -> None:
    for duty in (Duty.SYSTEM, Duty.AUDIT):
        client = factories.named(app, tenant.scope, Role.CLERK, duty)
        assert client.get("/factors/colleagues").status_code == 403
        assert demand(client, "clerk") == 403
        assert client.post(f"/factors/colleagues/{uuid4()}/reset").status_code == 403


def test_an_office_demands_of_its_own(app: Flask, town: Town) -> None:
    security = factories.named(app, town.scope, Role.CHECKER, Duty.SECURITY)
    assert demand(security, "approver") == 303
    approver = sign_in(app, factories.account(app, town.scope, Role.APPROVER))
    assert approver.get("/review").location == "/factors"
    assert demand(security, "manager", seen="approver:0") == 422


def test_the_list_sends_few_statements(
    app: Flask, tenant: Tenant, as_security: FlaskClient
) -> None:
    for _time in range(6):
        factories.account(app, tenant.scope, Role.CLERK)
    with counting.statements() as sent:
        assert as_security.get("/factors/colleagues").status_code == 200
    assert len(sent) <= 8
