"""The page 管理员分工, and what each duty opens."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, as_platform
from counselhub.people.models import Membership, Person
from tests import counting, factories
from tests.factories import Tenant, Town


def membership_of(app: Flask, email: str) -> str:
    with app.app_context(), as_platform():
        query = select(Membership.id).join(Person).where(Person.email == email)
        return str(db.session.scalar(query))


def colleague(app: Flask, scope: Scope, role: Role = Role.CLERK) -> tuple[str, FlaskClient]:
    email = factories.account(app, scope, role)
    client = app.test_client()
    client.post("/sign-in", data={"email": email, "password": factories.PASSWORD})
    return membership_of(app, email), client


def seen(client: FlaskClient, duty: str) -> str:
    """What the page's form of a duty says that it saw."""
    form = client.get("/admins").text.partition(f'action="/admins/{duty}"')[2]
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', form)
    assert found is not None
    return found[1]


def test_a_new_firm_has_its_head_only(as_manager: FlaskClient) -> None:
    page = as_manager.get("/admins").text
    assert "暂由某manager兼任" in page
    assert "安全管理员、审计管理员空缺" in page
    assert "不足三人" in page


def test_naming_deals_the_pages_of_the_duty_and_is_recorded(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    clerk, as_clerk = colleague(app, tenant.scope)
    assert as_clerk.get("/factors/colleagues").status_code == 403
    answer = as_manager.post("/admins/security", data={"membership_id": clerk, "seen": ""})
    assert answer.status_code == 303
    assert "安全管理员已由某clerk担任" in as_manager.get("/admins").text
    assert as_clerk.get("/factors/colleagues").status_code == 200
    assert as_clerk.post("/people", data={}).status_code == 403
    with app.app_context(), as_platform():
        query = select(AccountEvent).where(
            AccountEvent.act == "duty_named", AccountEvent.key == tenant.scope.key
        )
        event = db.session.scalars(query).one()
        assert (event.detail["duty"], event.detail["whom"]) == ("security", "某clerk")


def test_handing_the_accounts_over_takes_them_from_the_head(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    clerk, as_clerk = colleague(app, tenant.scope)
    assert as_manager.post("/people", data={}).status_code == 422
    as_manager.post("/admins/system", data={"membership_id": clerk, "seen": ""})
    assert as_manager.post("/people", data={}).status_code == 403
    assert as_manager.get("/admins").status_code == 200
    assert as_clerk.post("/people", data={}).status_code == 422
    held = {"seen": seen(as_clerk, "system")}
    assert as_clerk.post("/admins/system/vacancy", data=held).status_code == 303
    assert as_manager.post("/people", data={}).status_code == 422


def test_a_duty_ends_with_the_membership(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    clerk, _as_clerk = colleague(app, tenant.scope)
    as_manager.post("/admins/audit", data={"membership_id": clerk, "seen": ""})
    as_manager.post(f"/people/{clerk}/ending")
    assert "审计管理员空缺" in as_manager.get("/admins").text.replace("安全管理员、", "")
    second, _client = colleague(app, tenant.scope)
    named = as_manager.post("/admins/audit", data={"membership_id": second, "seen": ""})
    assert named.status_code == 303


@pytest.mark.parametrize(
    ("whom", "status", "says"),
    [
        pytest.param("himself", 422, "不能任命自己", id="ADM-2"),
        pytest.param("two", 422, "某clerk已经是安全管理员，一个人只能担任一项", id="ADM-1"),
        pytest.param("stranger", 404, "", id="of another firm"),
        pytest.param("unknown", 404, "", id="nobody"),
        pytest.param("nonsense", 404, "", id="no id"),
        pytest.param("", 422, "请选择一位同事", id="blank"),
    ],
)
def test_naming_refuses(
    app: Flask, tenant: Tenant, outsider: Tenant, whom: str, status: int, says: str
) -> None:
    manager, as_manager = colleague(app, tenant.scope, Role.MANAGER)
    clerk, _as_clerk = colleague(app, tenant.scope)
    as_manager.post("/admins/security", data={"membership_id": clerk, "seen": ""})
    ids = {"himself": manager, "two": clerk, "unknown": str(uuid4()), "nonsense": "x' or 1=1"}
    ids |= {"stranger": colleague(app, outsider.scope)[0], "": ""}
    answer = as_manager.post("/admins/audit", data={"membership_id": ids[whom], "seen": ""})
    assert answer.status_code == status
    assert says in answer.text


def test_a_stale_page_is_told_who_it_is_now(
    app: Flask, as_manager: FlaskClient, tenant: Tenant
) -> None:
    first, _one = colleague(app, tenant.scope)
    second, _two = colleague(app, tenant.scope, Role.FINANCE)
    as_manager.post("/admins/security", data={"membership_id": first, "seen": ""})
    for sent in ("", str(uuid4()), "x"):
        given = {"membership_id": second, "seen": sent}
        answer = as_manager.post("/admins/security", data=given)
        assert answer.status_code == 409
        assert "安全管理员现在是某clerk" in answer.text
    gone = as_manager.post("/admins/security/vacancy", data={"seen": str(uuid4())})
    assert gone.status_code == 409
    fresh = {"membership_id": second, "seen": seen(as_manager, "security")}
    assert as_manager.post("/admins/security", data=fresh).status_code == 303


def test_only_the_system_administrator_names(app: Flask, tenant: Tenant) -> None:
    clerk, as_clerk = colleague(app, tenant.scope)
    assert as_clerk.get("/admins").status_code == 200
    given = {"membership_id": clerk, "seen": ""}
    assert as_clerk.post("/admins/audit", data=given).status_code == 403


def test_an_unknown_duty_is_not_found(as_manager: FlaskClient) -> None:
    assert as_manager.post("/admins/everything", data={}).status_code == 404
    assert as_manager.post("/admins/everything/vacancy", data={}).status_code == 404


def test_an_office_has_its_own_three(
    app: Flask, town: Town, as_approver: FlaskClient, as_manager: FlaskClient
) -> None:
    checker, as_checker = colleague(app, town.scope, Role.CHECKER)
    assert "暂由某approver兼任" in as_approver.get("/admins").text
    answer = as_approver.post("/admins/security", data={"membership_id": checker, "seen": ""})
    assert answer.status_code == 303
    assert as_checker.get("/factors/colleagues").status_code == 200
    assert as_checker.post("/people", data={}).status_code == 403
    assert "某checker" not in as_manager.get("/admins").text


def test_the_page_sends_few_statements(app: Flask, as_manager: FlaskClient, tenant: Tenant) -> None:
    for _time in range(5):
        colleague(app, tenant.scope)
    with counting.statements() as sent:
        assert as_manager.get("/admins").status_code == 200
    assert len(sent) <= 8
