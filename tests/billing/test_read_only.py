"""A firm that has not paid reads, exports and signs in to duty; everything else is refused."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.routing import Rule

from counselhub.billing.models import Subscription
from counselhub.core import clock
from counselhub.core.access import SAFE
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform
from counselhub.roles import ROLES
from tests import factories
from tests.billing.plans import add_plan
from tests.factories import Tenant
from tests.test_every_route import rules

GOES_ON = {
    "duty.create_sign_in",
    "duty.create_sign_out",
    "duty.create_untold_sign_out",
    "duty.create_cancellation",
    "duty.create_punches",
    "duty.create_photo",
    "photos.queue_photo",
    "rota.create_taking",
    "clients.search",
    "clients.create_unmasking",
    "clients.create_download",
    "clients.erase",
    "yearfiles.create_year_file",
    "yearfiles.create_year_files",
    "yearfiles.create_cancellation",
    "billing.create_order",
    "billing.create_checkout",
    "billing.create_portal",
    "billing.create_refreshing",
    "billing.change_interval",
    "billing.create_cancellation",
    "billing.create_resumption",
    "billing.create_withdrawal",
    "billing.create_invoice_request",
    "leaving.create_archive",
    "leaving.create_departure",
    "leaving.create_withdrawal",
}
"""Duty, what is read or taken out, what the law lets a client ask for, paying itself, leaving."""
SENTENCE = "套餐与付款"
NOBODY = "00000000-0000-7000-8000-000000000000"


def let_read(app: Flask, tenant: Tenant, from_day: date | None) -> None:
    """Let the firm only read from this day on."""
    with app.app_context(), as_platform():
        add_plan()
        plan_id = db.session.scalar(db.text("SELECT id FROM plan WHERE code = 'standard'"))
        found = db.session.scalar(
            update(Subscription)
            .where(Subscription.firm_id == tenant.firm_id)
            .values(read_only_on=from_day)
            .returning(Subscription.id)
        )
        if found is None:
            row = Subscription(firm_id=tenant.firm_id, plan_id=plan_id, read_only_on=from_day)
            row.grace_from = clock.today()
            db.session.add(row)
        db.session.commit()


@pytest.fixture
def unpaid(app: Flask, tenant: Tenant) -> Iterator[Tenant]:
    """The firm may only read from today on."""
    let_read(app, tenant, clock.today())
    yield tenant
    let_read(app, tenant, None)


def changing(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route that changes something under a permission, with its address for nobody's row."""
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        if set(rule.methods or ()) - set(SAFE) and getattr(view, "required", None) is not None:
            yield rule, rule.endpoint


def test_what_goes_on_is_named_here(app: Flask) -> None:
    named = {one for one, view in app.view_functions.items() if hasattr(view, "goes_on")}
    assert named == GOES_ON


def test_every_other_changing_route_is_refused(app: Flask, unpaid: Tenant) -> None:
    clients = {role: factories.signed_in(app, unpaid.scope, role) for role in FIRM_ROLES}
    asked = refused = 0
    for rule, endpoint in changing(app):
        permission = app.view_functions[endpoint].required
        role = next((one for one in FIRM_ROLES if permission in ROLES[one]), None)
        if role is None:
            continue
        with app.test_request_context():
            address = path_of(rule)
        answer = clients[role].post(address)
        asked += 1
        if endpoint in GOES_ON:
            assert answer.status_code != 403 or SENTENCE not in answer.text, rule.rule
        else:
            assert answer.status_code == 403, rule.rule
            assert SENTENCE in answer.text, rule.rule
            refused += 1
    assert refused > 200
    assert asked - refused >= len(GOES_ON) - 1


FIRM_ROLES = (
    Role.MANAGER,
    Role.FINANCE,
    Role.CLERK,
    Role.ADVISER,
    Role.TEAM_LEADER,
    Role.PARTY_SECRETARY,
)


def path_of(rule: Rule) -> str:
    """Return the address of a route with ids of nobody."""
    values = {
        name: {"UUIDConverter": NOBODY, "IntegerConverter": "2026"}.get(type(one).__name__, "x")
        for name, one in rule._converters.items()
    }
    path = rule.rule
    for name, value in values.items():
        for kind in ("uuid:", "int:", "string:", "path:", ""):
            path = path.replace(f"<{kind}{name}>", value)
    assert "<" not in path, path
    return path


def test_the_refusal_is_told_to_htmx_and_the_page_alike(
    unpaid: Tenant, as_manager: FlaskClient
) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = as_manager.post("/advisers", headers=headers)
        assert (answer.status_code, SENTENCE in answer.text) == (403, True)


def test_pages_say_so_and_lead_to_payment(
    unpaid: Tenant, as_manager: FlaskClient, as_adviser: FlaskClient
) -> None:
    assert "/billing" in as_manager.get("/advisers").text.partition("现在只读")[2]
    shown = as_adviser.get("/duty").text
    assert "现在只读" in shown
    assert as_manager.get("/billing").status_code == 200


def test_an_adviser_signs_in_all_the_same(unpaid: Tenant, as_adviser: FlaskClient) -> None:
    answer = as_adviser.post("/duty/sign-ins", data={"community": unpaid.town.communities[0]})
    assert answer.status_code in (200, 303, 422)
    assert SENTENCE not in answer.text


def test_days_before_it_is_only_announced(
    app: Flask, tenant: Tenant, as_manager: FlaskClient
) -> None:
    let_read(app, tenant, clock.today() + timedelta(days=7))
    assert "还剩 7 天" in as_manager.get("/advisers").text
    assert as_manager.post("/advisers").status_code != 403
    let_read(app, tenant, None)
    assert "还剩" not in as_manager.get("/advisers").text


def test_money_opens_at_once(app: Flask, unpaid: Tenant, as_manager: FlaskClient) -> None:
    assert as_manager.post("/advisers").status_code == 403
    let_read(app, unpaid, None)
    assert as_manager.post("/advisers").status_code == 422
