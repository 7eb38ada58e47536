"""A lawyer's phone at the community: position and code travel with the tap, or fail beside it."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.places.models import Community
from counselhub.points import actions, code_actions, code_rules, queries, secrets
from counselhub.points.actions import Place
from counselhub.points.geo import Spot
from counselhub.points.proof_models import DutyFix, DutyPosition, DutyScan
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser
HALL = Spot(22.543847, 113.912316)
NEAR_BY = {"latitude": 22.544, "longitude": 113.9124, "accuracy": 20}
IN, OUT = "签到 · 甲社区", "签退"
NEVER = "() => { navigator.geolocation.getCurrentPosition = () => {}; dutyPlace.patience = 2000; }"
"""A phone that never finds out where it is, and whose tap waits two seconds for it."""
SHORTLY = "() => { dutyPlace.longest = 500; }"


@pytest.fixture
def screen(app: Flask, tenant: Tenant) -> str:
    """The community's duty point is set; the path of its screen."""
    with app.test_request_context(), as_scope(tenant.scope):
        by = tenant.member(Role.MANAGER)
        community = db.session.get_one(Community, tenant.town.communities[0])
        actions.put(community, Place(HALL), revision=None, by=by)
        token = code_actions.open_screen(community, by=by)
        db.session.commit()
    return f"/screen/{token}"


@pytest.fixture
def phone(app: Flask, tenant: Tenant, visitor: Visitor, screen: str) -> Page:
    """The lawyer's phone, on the duty page, positions agreed to, and allowed to the page."""
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD, phone=True)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(NEAR_BY)
    page.goto("/duty")
    page.locator("#duty-position summary").tap()
    expect(page.locator("#duty-position")).to_contain_text("平时不取，也不跟踪")
    button(page, "同意并开启").tap()
    expect(page.locator("#flashes")).to_contain_text("已开启")
    return page


def kept(app: Flask, tenant: Tenant, model: type) -> list[str]:
    """The verdicts that were kept, in order."""
    with app.app_context(), as_scope(tenant.scope):
        return list(db.session.scalars(select(model.verdict).order_by(model.id)))


def code_now(app: Flask, tenant: Tenant) -> str:
    """What the screen shows at this moment."""
    with app.test_request_context(), as_scope(tenant.scope):
        row = queries.code_of(tenant.town.communities[0])
        assert row
        return str(code_rules.moving(row.community_code, secrets.known(row).secret, clock.now()))


def test_a_granted_position_goes_with_the_tap(app: Flask, tenant: Tenant, phone: Page) -> None:
    button(phone, IN).tap()
    expect(phone.locator("#toasts")).to_contain_text("在值班点")
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    expect(phone.locator("#duty-today .rows")).to_contain_text("距值班点")
    assert kept(app, tenant, DutyPosition) == ["near"]
    left = phone.evaluate(
        "new Promise((done) => { indexedDB.open('duty').onsuccess = (e) => {"
        " e.target.result.transaction('taps').objectStore('taps').getAll().onsuccess ="
        " (all) => done(all.target.result.length); }; })"
    )
    assert left == 0, "the phone keeps no position"


def test_a_refused_position_delays_nothing(app: Flask, tenant: Tenant, phone: Page) -> None:
    phone.context.clear_permissions()
    phone.reload()
    button(phone, IN).tap()
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    assert kept(app, tenant, DutyPosition) == ["refused"]


def test_a_position_that_never_comes_is_not_waited_for(
    app: Flask, tenant: Tenant, phone: Page
) -> None:
    phone.evaluate(NEVER)
    phone.evaluate(SHORTLY)
    button(phone, IN).tap()
    expect(phone.locator("[data-part=why]")).to_contain_text("打卡时间已记下")
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    assert kept(app, tenant, DutyPosition) == ["timeout"]


def test_who_will_not_wait_sends_without_a_position(
    app: Flask, tenant: Tenant, phone: Page
) -> None:
    phone.evaluate(NEVER)
    phone.evaluate("dutyPlace.patience = 60000")
    button(phone, IN).tap()
    button(phone, "立即发送").tap()
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    assert kept(app, tenant, DutyPosition) == []


def test_without_a_signal_position_and_code_wait_with_the_tap(
    app: Flask, tenant: Tenant, phone: Page
) -> None:
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()
    code = code_now(app, tenant)
    phone.context.set_offline(True)
    phone.goto(f"/duty?code={code}")  # the camera opens it, the worker answers
    expect(phone.locator("[data-part=local]")).to_contain_text("已扫社区码")
    button(phone, IN).tap()
    expect(phone.locator("[data-part=count]")).to_have_text("待发送 1 条")
    expect(phone.locator("[data-part=why]")).to_contain_text("没有信号")
    assert "code" not in phone.url
    phone.context.set_offline(False)
    expect(phone.locator("#on-duty")).to_contain_text("甲社区")
    assert kept(app, tenant, DutyPosition) == ["near"]
    assert kept(app, tenant, DutyScan) == ["current"]


def test_a_killed_page_loses_the_position_but_not_the_tap(
    app: Flask, tenant: Tenant, phone: Page
) -> None:
    phone.evaluate(NEVER)
    button(phone, IN).tap()
    expect(phone.locator("[data-part=why]")).to_contain_text("打卡时间已记下")
    again = phone.context.new_page()
    phone.close()
    again.goto("/duty")
    expect(again.locator("#on-duty")).to_contain_text("甲社区", timeout=10_000)
    assert kept(app, tenant, DutyPosition) == []


def test_the_screen_is_scanned(
    app: Flask, tenant: Tenant, phone: Page, stranger: Visitor, screen: str
) -> None:
    wall = stranger()
    wall.goto(screen)
    expect(wall.get_by_alt_text("签到二维码")).to_be_visible()
    wall.evaluate("document.getElementById('screen').dataset.mark = 'old'")
    phone.goto(f"/duty?code={code_now(app, tenant)}")
    expect(phone.locator(".notice.tone-success")).to_contain_text("甲社区：扫了社区动态码")
    button(phone, IN).tap()
    expect(phone.locator("#toasts")).to_contain_text("扫了社区动态码")
    assert kept(app, tenant, DutyScan) == ["current"]
    with app.app_context(), as_scope(tenant.scope):
        assert len(db.session.scalars(select(DutyFix)).all()) == 1
    wall.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when it wakes
    expect(wall.locator("#screen:not([data-mark])")).to_be_visible()
    wall.context.set_offline(True)
    wall.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(wall.get_by_role("alert")).to_contain_text("这个码可能已过期")
    wall.context.set_offline(False)


def test_without_script_the_code_goes_with_the_form(
    app: Flask, tenant: Tenant, visitor: Visitor, stranger: Visitor, screen: str
) -> None:
    wall = stranger(script=False)
    wall.goto(screen)
    assert re.search(r'http-equiv="refresh" content="\d+"', wall.content())
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    page = visitor(email, PASSWORD, phone=True, script=False)
    page.goto(f"/duty?code={code_now(app, tenant)}")
    button(page, IN).tap()
    expect(page.locator("#on-duty")).to_contain_text("甲社区")
    assert kept(app, tenant, DutyScan) == ["current"]
