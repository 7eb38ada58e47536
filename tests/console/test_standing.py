"""Plan and standing on the operator's list of firms: as the rules say, found by each."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.billing import rules, standing
from counselhub.billing.kinds import Standing
from counselhub.billing.models import Subscription
from counselhub.billing.queries import standing_on
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.people.models import Firm
from tests import counting, factories
from tests.billing.plans import add_plan
from tests.factories import Tenant

TODAY = date(2027, 5, 10)


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    return factories.signed_in(app, PLATFORM, Role.OPERATOR)


def subscribed(tenant: Tenant, **given: object) -> Subscription:
    """Give the firm a subscription. Needs the platform's scope."""
    add_plan()
    found = standing.hold(tenant.firm_id)
    assert found is not None
    for name, value in given.items():
        setattr(found, name, value)
    return found


@pytest.mark.parametrize(
    ("seats", "trial_to", "covered_to", "grace_from", "is_ending"),
    [
        pytest.param(3, -90, None, -90, False, id="free"),
        pytest.param(5, 0, None, -90, False, id="the last day of the trial"),
        pytest.param(5, -1, None, -90, False, id="grace from the day after"),
        pytest.param(5, -31, None, -90, False, id="the last day of grace"),
        pytest.param(5, -32, None, -90, False, id="read-only"),
        pytest.param(5, -90, 0, -90, False, id="the last paid day"),
        pytest.param(5, -90, -1, -90, False, id="not paid since yesterday"),
        pytest.param(5, -90, -1, -90, True, id="cancelled"),
        pytest.param(5, -90, 3, -90, True, id="cancelled, and paid for"),
        pytest.param(5, -90, None, 1, False, id="not asked to pay before tomorrow"),
        pytest.param(5, -90, None, 0, False, id="asked from today on"),
    ],
)
def test_sql_says_what_the_rules_say(
    app: Flask,
    tenant: Tenant,
    seats: int,
    trial_to: int,
    covered_to: int | None,
    grace_from: int,
    is_ending: bool,
) -> None:
    with app.app_context(), as_platform():
        found = subscribed(
            tenant,
            covered_until=None if covered_to is None else TODAY + timedelta(days=covered_to),
            grace_from=TODAY + timedelta(days=grace_from),
            is_ending=is_ending,
        )
        found.firm.trial_ends_on = TODAY + timedelta(days=trial_to)
        facts = standing.facts_of(found, seats)
        found.read_only_on = rules.read_only_on(facts)
        query = select(standing_on(TODAY)).select_from(Firm).outerjoin(Subscription)
        told = db.session.scalar(query.where(Firm.id == tenant.firm_id))
        db.session.rollback()
    assert told == rules.standing(facts, TODAY).value


def test_the_list_shows_and_finds_by_both(
    app: Flask, operator: FlaskClient, tenant: Tenant, outsider: Tenant
) -> None:
    with app.app_context(), as_platform():
        subscribed(tenant, read_only_on=clock.today())
        db.session.commit()
    with counting.statements() as asked:
        page = operator.get(f"/console/firms?q={tenant.code}&standing=read_only").text
    assert len(asked) <= 8
    assert "标准套餐" in page
    assert Standing.READ_ONLY.label in page
    assert "没有符合条件" in operator.get(f"/console/firms?q={tenant.code}&standing=free").text
    assert outsider.code in operator.get(f"/console/firms?q={outsider.code}&standing=free").text
    assert tenant.code in operator.get(f"/console/firms?q={tenant.code}&plan=standard").text
    assert "没有符合条件" in operator.get(f"/console/firms?q={outsider.code}&plan=standard").text
    assert operator.get("/console/firms?standing=x&plan=x").status_code == 200
