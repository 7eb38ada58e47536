"""A lawyer works on a matter, is walled off from it, and finds nothing any more."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button, is_told
from tests.factories import PASSWORD, Tenant

TITLE = "楼上漏水赔偿"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_walled_off_lawyer_finds_nothing(
    app: Flask, tenant: Tenant, visitor: Visitor, script: bool
) -> None:
    boss = factories.account(app, tenant.scope, Role.MANAGER)
    email = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)

    desk = visitor(boss, PASSWORD, script=script)
    desk.goto("/matters/new")
    desk.get_by_label("事由").fill(TITLE)
    desk.get_by_role("radio", name="诉讼代理", exact=True).check()
    desk.get_by_label("主办律师").select_option(label="李四光")
    desk.get_by_role("checkbox", name="张三丰").check()
    desk.locator("#client-name").fill("甄有其")
    desk.locator("#opponent-name").fill("贾无名")
    button(desk, "查冲突并立项").click()
    is_told(desk, "未发现冲突")
    address = desk.url

    phone = visitor(email, PASSWORD, phone=True, script=script)
    phone.goto("/matters")
    phone.get_by_role("link", name=TITLE).click()
    expect(phone.get_by_role("heading", name=TITLE)).to_be_visible()

    desk.get_by_role("link", name="隔离").click()
    desk.get_by_label("隔离谁").select_option(label="张三丰")
    desk.get_by_role("radio", name="本人申请回避").check()
    desk.get_by_label("理由").last.fill("对方是他的表弟")
    button(desk, "隔离").click()
    is_told(desk, "张三丰已隔离")

    answer = phone.goto(address)
    assert answer is not None
    assert answer.status == 404
    for place in ("/matters", "/matters?tab=all", "/matters?q=漏水"):
        phone.goto(place)
        expect(phone.get_by_text("还没有事项")).to_be_visible()
        expect(phone.get_by_text(TITLE)).to_have_count(0)
