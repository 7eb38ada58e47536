"""Who comes back, and who may not go: the same for firms and offices."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from counselhub.advisers.models import Adviser
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.people import actions
from counselhub.people.models import Membership
from tests import factories
from tests.factories import PASSWORD, Tenant, Town
from tests.people.test_offices import membership_id, row_of


def stopped(app: Flask, client: FlaskClient, email: str) -> str:
    """Suspend a colleague; return the membership's id."""
    gone = membership_id(app, email)
    assert client.post(f"/people/{gone}/ending").status_code == 303
    return gone


def said(client: FlaskClient) -> str:
    return client.get("/people?state=suspended").text


def test_a_lawyer_comes_back_as_the_same_lawyer(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    gone = stopped(app, as_manager, email)
    assert "张三丰" in row_of(said(as_manager), email)
    assert as_manager.post(f"/people/{gone}/resumption").location == "/people"
    page = as_manager.get("/people").text
    assert "已保存：某adviser，法律顾问" in page
    assert "张三丰" in row_of(page, email)


def test_a_lawyer_who_left_the_firm_is_not_resumed(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    gone = stopped(app, as_manager, email)
    with app.app_context(), as_scope(tenant.scope):
        db.session.get_one(Adviser, (tenant.firm_id, tenant.adviser_id)).left_on = date(2026, 9, 1)
        db.session.commit()
    answer = as_manager.post(f"/people/{gone}/resumption")
    assert answer.status_code == 422
    assert "在律师名册里已离职" in answer.text
    assert email in said(as_manager)


def test_who_works_for_another_firm_by_now_is_not_resumed(
    app: Flask, tenant: Tenant, outsider: Tenant, as_manager: FlaskClient
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    gone = stopped(app, as_manager, email)
    with app.app_context():
        actions.join(email, "某clerk", outsider.scope, Role.CLERK, is_proved=True)
        db.session.commit()
    answer = as_manager.post(f"/people/{gone}/resumption")
    assert answer.status_code == 409
    assert "已经在另一家律师事务所任职" in answer.text
    assert email in said(as_manager)


def test_who_never_signed_in_gets_a_link_again(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    email = f"new-{factories.number()}@example.test"
    with app.app_context():
        actions.join(email, "李新来", tenant.scope, Role.CLERK)
        db.session.commit()
    gone = stopped(app, as_manager, email)
    assert "/welcome/" in as_manager.post(f"/people/{gone}/resumption").text


def test_another_firm_resumes_nobody(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_outsider: FlaskClient
) -> None:
    email = factories.account(app, tenant.scope, Role.CLERK)
    gone = stopped(app, as_manager, email)
    assert as_outsider.post(f"/people/{gone}/resumption").status_code == 404
    assert email not in said(as_outsider)


def test_an_account_in_use_is_not_resumed(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    running = membership_id(app, factories.account(app, tenant.scope, Role.CLERK))
    assert as_manager.post(f"/people/{running}/resumption").status_code == 404


def test_of_two_heads_who_suspend_one_another_one_stays(app: Flask, town: Town) -> None:
    emails = [factories.account(app, town.scope, Role.APPROVER) for _one in range(2)]
    clients = [app.test_client() for _one in emails]
    for client, email in zip(clients, emails, strict=True):
        client.post("/sign-in", data={"email": email, "password": PASSWORD})
    first, second = (membership_id(app, email) for email in emails)
    with ThreadPoolExecutor(2) as pool:
        sent = [
            pool.submit(clients[0].post, f"/people/{second}/ending"),
            pool.submit(clients[1].post, f"/people/{first}/ending"),
        ]
    assert [one.result().status_code for one in sent] == [303, 303]
    with app.app_context(), as_platform():
        query = select(func.count()).where(
            Membership.street_code == town.street_code, Membership.ended_at.is_(None)
        )
        assert db.session.scalar(query.select_from(Membership)) == 1
