"""A firm's first path: streets are found and chosen, steps skipped, what is left is told."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind, as_platform
from counselhub.people import actions as people
from counselhub.places.models import Street
from tests import counting, factories
from tests.factories import Tenant, Town


@pytest.fixture
def newcomer(app: Flask) -> FlaskClient:
    """The manager of a firm that has nothing yet."""
    with app.app_context():
        firm = people.create_firm(f"new-{factories.number()}", "某新律师事务所")
        scope = Scope(ScopeKind.FIRM, str(firm.id))
        db.session.commit()
    return factories.signed_in(app, scope, Role.MANAGER)


def test_what_is_left_is_told_until_it_is_done(newcomer: FlaskClient, town: Town) -> None:
    assert "开始使用还差3步：选择街道、导入数据、邀请同事" in newcomer.get("/month").text
    chosen = {"streets": town.street_code}
    assert newcomer.post(f"/start/streets?q={town.street_code}", data=chosen).location
    assert "开始使用还差2步" in newcomer.get("/month").text
    for step in ("workbook", "people"):
        newcomer.post("/start/skipping", data={"step": step})
    assert "开始使用还差" not in newcomer.get("/month").text
    newcomer.post("/start/resuming", data={"step": "people"})
    assert "开始使用还差1步：邀请同事" in newcomer.get("/month").text
    assert "开始使用还差" not in newcomer.get("/start").text


def test_a_firm_at_work_is_not_bothered(tenant: Tenant, as_manager: FlaskClient) -> None:
    factories.account(as_manager.application, tenant.scope, Role.CLERK)
    assert "开始使用还差" not in as_manager.get("/month").text
    assert "都办好了" in as_manager.get("/start").text


@pytest.mark.parametrize("words", ["code", "蓝莓", "lmjd", "lanmei"])
def test_a_street_is_found(app: Flask, newcomer: FlaskClient, town: Town, words: str) -> None:
    code = f"{town.street_code[:6]}{factories.number() % 1000:03d}"
    with app.app_context(), as_platform():
        if db.session.get(Street, code) is None:
            db.session.add(Street(code=code, district_code=code[:6], name="蓝莓街道"))
            db.session.commit()
        name = db.session.get_one(Street, code).name
    page = newcomer.get("/start", query_string={"q": code if words == "code" else words}).text
    assert (name if words == "code" else "蓝莓街道") in page


def test_streets_are_chosen_once_and_taken_away(newcomer: FlaskClient, town: Town) -> None:
    address, chosen = f"/start/streets?q={town.street_code}", {"streets": town.street_code}
    assert "已加入1个街道" in newcomer.post(address, data=chosen, follow_redirects=True).text
    assert "已加入0个街道" in newcomer.post(address, data=chosen, follow_redirects=True).text
    removal = {"street": town.street_code}
    newcomer.post("/start/streets/removal", data=removal)
    assert f'name="street" value="{town.street_code}"' not in newcomer.get("/start").text


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        pytest.param("/start/streets?q=x", {}, id="none ticked"),
        pytest.param("/start/streets?q=x", {"streets": "999999999"}, id="no such street"),
        pytest.param("/start/skipping", {"step": "x"}, id="no such step"),
        pytest.param("/start/resuming", {"step": ""}, id="no step"),
        pytest.param("/start/streets/removal", {}, id="no street"),
    ],
)
def test_nonsense_is_refused(newcomer: FlaskClient, address: str, sent: dict[str, str]) -> None:
    assert newcomer.post(address, data=sent).status_code == 422


def test_only_a_manager_walks_it(as_adviser: FlaskClient, as_approver: FlaskClient) -> None:
    for client in (as_adviser, as_approver):
        assert client.get("/start").status_code == 403
        assert client.post("/start/skipping", data={"step": "people"}).status_code == 403


def test_the_pages_ask_little(newcomer: FlaskClient) -> None:
    for address in ("/start?q=测试", "/month"):
        with counting.statements() as asked:
            newcomer.get(address)
        assert len(asked) <= 8, address
