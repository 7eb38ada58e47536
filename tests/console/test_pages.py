"""The operator's pages of firms, health and banners; and what no operator ever sees."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.console.firm_queries import SORTS, State, state_of
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.outages import Outage
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.people.models import Firm
from tests import counting, factories
from tests.factories import Tenant

TODAY = date(2026, 11, 22)


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    return factories.signed_in(app, PLATFORM, Role.OPERATOR)


@pytest.fixture
def no_banner(app: Flask) -> object:
    """Leave none behind for other tests."""
    yield
    with app.app_context(), as_platform():
        db.session.execute(db.delete(Outage))
        db.session.commit()
    app.extensions["outages"]["until"] = 0.0


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        pytest.param(None, State.OPENED, id="never had one"),
        pytest.param(TODAY, State.TRIAL, id="its last day"),
        pytest.param(TODAY - timedelta(days=1), State.OVER, id="the day after"),
    ],
)
def test_a_trial(ends: date | None, state: State) -> None:
    assert state_of(ends, TODAY) is state


def test_a_firm_is_found_with_its_people(operator: FlaskClient, tenant: Tenant) -> None:
    factories.account(operator.application, tenant.scope, Role.CLERK)
    with counting.statements() as asked:
        page = operator.get(f"/console/firms?q={tenant.code}").text
    assert len(asked) <= 8
    assert f"/console/firms/{tenant.code}" in page
    assert "没有符合条件" in operator.get("/console/firms?q=无此律所").text
    own = operator.get(f"/console/firms/{tenant.code}").text
    assert "内勤" in own
    assert operator.get("/console/firms/nobody").status_code == 404


def test_a_day_is_shanghais(app: Flask, operator: FlaskClient, tenant: Tenant) -> None:
    """What came at half past eleven at night by UTC came on the next day."""
    with app.app_context(), as_platform():
        firm = db.session.get_one(Firm, tenant.firm_id)
        firm.created_at = datetime(2026, 10, 1, 23, 30, tzinfo=UTC)
        db.session.commit()
    page = operator.get(f"/console/firms?q={tenant.code}").text
    assert "2026-10-02" in page
    assert "2026-10-01" not in page


@pytest.mark.usefixtures("tenant")
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("sort", [*SORTS, "x"])
def test_every_order_and_state(operator: FlaskClient, state: State, sort: str) -> None:
    query = {"state": state.value, "sort": sort, "direction": "desc"}
    assert operator.get("/console/firms", query_string=query).status_code == 200


def test_health(operator: FlaskClient) -> None:
    page = operator.get("/console/health").text
    assert "PostgreSQL" in page
    assert "GB" in page


def banner(**more: str) -> dict[str, str]:
    now = clock.local(clock.now())
    return {
        "level": "outage",
        "words_zh": "短信暂时发不出",
        "words_en": "No messages for now",
        "starts": f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M}",
        "ends": f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        **more,
    }


@pytest.mark.usefixtures("no_banner")
def test_a_banner_is_on_every_page_until_its_end(
    app: Flask, operator: FlaskClient, as_manager: FlaskClient
) -> None:
    app.extensions["outages"]["until"] = 0.0
    stranger = app.test_client()
    with counting.statements() as before:
        as_manager.get("/statements")
    assert operator.post("/console/outages", data=banner()).status_code in (302, 303)
    with counting.statements() as after:
        page = as_manager.get("/statements").text
    assert len(before) == len(after)
    assert "短信暂时发不出" in page
    assert "短信暂时发不出" in stranger.get("/sign-in").text
    stranger.post("/language", data={"language": "en"})
    assert "No messages for now" in stranger.get("/sign-in").text
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert "No messages for now" not in stranger.get("/sign-in").text
    with app.app_context(), as_platform():
        row = db.session.scalars(db.select(Outage).order_by(Outage.id.desc())).first()
        assert row is not None
        outage_id = row.id
    assert operator.post(f"/console/outages/{outage_id}/ending").status_code in (302, 303)
    assert "短信暂时发不出" not in as_manager.get("/statements").text


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"words_zh": ""}, id="no Chinese"),
        pytest.param({"words_en": ""}, id="no English"),
        pytest.param({"level": "x"}, id="no such level"),
        pytest.param({"ends": "2020-01-01T00:00"}, id="ends before it begins"),
        pytest.param({"ends": "2099-01-01T00:00"}, id="too long"),
        pytest.param({"starts": ""}, id="no beginning"),
    ],
)
def test_a_wrong_banner_comes_back(operator: FlaskClient, wrong: dict[str, str]) -> None:
    assert operator.post("/console/outages", data=banner(**wrong)).status_code == 422


PAGES = ("/contracts", "/clients", "/services", "/matters", "/statements", "/people", "/month",
         "/referrals", "/workbook/export.xlsx", "/review", "/audit", "/console/firms")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_operator_opens_nothing_of_a_firm(operator: FlaskClient, page: str) -> None:
    expected = 200 if page.startswith("/console") else 403
    assert operator.get(page).status_code in (expected, 404)


def test_nobody_else_operates(
    as_manager: FlaskClient, as_adviser: FlaskClient, as_approver: FlaskClient
) -> None:
    for client in (as_manager, as_adviser, as_approver):
        for page in ("firms", "health", "outages", "invitations", "links", "sign-ups"):
            assert client.get(f"/console/{page}").status_code == 403
        assert client.post("/console/outages", data=banner()).status_code == 403
