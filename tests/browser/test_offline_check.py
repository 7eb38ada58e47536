"""A checker in a stairwell: what is typed outlives a lost signal and a closed page."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office
from counselhub.spotchecks import draw_actions
from counselhub.spotchecks.draw_actions import Order
from counselhub.spotchecks.models import SpotCheck
from tests import factories
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, Tenant, Town
from tests.spotchecks.conftest import checker, checks_of, plan

pytestmark = pytest.mark.browser


@pytest.fixture
def check(app: Flask, tenant: Tenant, town: Town) -> UUID:
    """A drawn check of tomorrow: whoever is met early was there, on the day itself."""
    today = clock.today()
    plan(app, tenant, (today + timedelta(days=1),))
    with app.test_request_context(), as_office(town.street_code):
        order = Order(today, today + timedelta(days=1), 1, 7)
        made = draw_actions.draw(order, by=checker(town))
        row = checks_of(made.id)[0]
        db.session.commit()
        return row.id


def fill(page: Page) -> None:
    page.get_by_role("radio", name="在岗").check()
    page.get_by_label("现场情况").fill("正在接待两位居民")


def test_nothing_typed_is_lost_and_it_is_sent_when_the_signal_is_back(
    app: Flask, town: Town, visitor: Visitor, check: UUID
) -> None:
    page = visitor(factories.account(app, town.scope, Role.CHECKER), PASSWORD, phone=True)
    page.goto(f"/spot-checks/{check}")
    fill(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("没有信号，内容已留在这部手机上")).to_be_visible()
    page.context.set_offline(False)
    # Sent by itself: the server says that the day has not come, and the words are still there.
    expect(page.get_by_text("现在还不能登记这个结果").first).to_be_visible()
    expect(page.get_by_label("现场情况")).to_have_value("正在接待两位居民")
    page.goto("/spot-checks")
    page.goto(f"/spot-checks/{check}")
    expect(page.get_by_label("现场情况")).to_have_value("正在接待两位居民")
    expect(page.get_by_text("上次没有发出去的内容已放回")).to_be_visible()
    with app.test_request_context(), as_office(town.street_code):
        row = db.session.scalars(db.select(SpotCheck).where(SpotCheck.id == check)).one()
        assert (row.status, row.finding) == ("drawn", None)


def test_signing_out_leaves_no_draft(app: Flask, town: Town, visitor: Visitor, check: UUID) -> None:
    page = visitor(factories.account(app, town.scope, Role.CHECKER), PASSWORD, phone=True)
    page.goto(f"/spot-checks/{check}")
    fill(page)
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length"
    assert page.evaluate(drafts) == 1
    page.locator("summary.bar-button").last.click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in**")
    assert page.evaluate(drafts) == 0
