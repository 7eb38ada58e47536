"""A community changes hands: the manager at the desk, the successor on the phone."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button, is_told
from tests.factories import PASSWORD, Tenant
from tests.handovers.conftest import slot

pytestmark = pytest.mark.browser


def test_from_the_change_to_the_signature(app: Flask, tenant: Tenant, visitor: Visitor) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        slot(tenant, clock.today() + timedelta(days=3))
        db.session.commit()
    desk = visitor(factories.account(app, tenant.scope, Role.MANAGER), PASSWORD)
    desk.goto(f"/communities/{tenant.town.communities[0]}")
    desk.get_by_role("link", name="更换").first.click()
    desk.locator("select[name=adviser_id]").select_option(str(tenant.backup_id))
    desk.get_by_label("轮换", exact=True).check()
    button(desk, "更换并生成交接清单").click()
    expect(desk.get_by_text("因本所法律顾问轮换")).to_be_visible()
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    phone = visitor(email, PASSWORD, phone=True)
    phone.goto("/handovers")
    phone.get_by_role("link", name="甲社区").click()
    boxes = phone.get_by_role("checkbox")
    for number in range(boxes.count() - 1):
        boxes.nth(number).check()
    button(phone, "签收").click()
    expect(phone.get_by_text("还有1项没有勾选")).to_be_visible()
    boxes.last.check()
    button(phone, "签收").click()
    is_told(phone, "已签收，交接完成")
    desk.goto(f"/communities/{tenant.town.communities[0]}/history")
    expect(desk.get_by_text("更换律师")).to_be_visible()
