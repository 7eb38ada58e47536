"""Two lawyers confer on a service: called, held, each with an opinion, concluded with minutes."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.services.models import ServiceNote, ServiceRecord
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button, confirm, is_told
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser


@pytest.fixture
def service(app: Flask, tenant: Tenant) -> str:
    """The page of a service of the first lawyer today."""
    with app.test_request_context(), as_scope(tenant.scope):
        record = ServiceRecord(
            number=f"FW-{factories.number()}", day=clock.today(), kind="consultation",
            community_code=tenant.town.communities[0], street_code=tenant.town.street_code,
            dispute_kind="labour", adviser_id=tenant.adviser_id, created_at=clock.now(),
            note=ServiceNote(content="工地拖欠九人工资，包工头失联"),
        )  # fmt: skip
        db.session.add(record)
        db.session.commit()
        return f"/services/{record.id}"


def test_from_the_invitation_to_the_minutes(
    app: Flask, tenant: Tenant, service: str, visitor: Visitor
) -> None:
    own = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.adviser_id)
    other = factories.account(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    chair = visitor(own, PASSWORD)
    chair.goto(service)
    chair.get_by_role("link", name="安排会商").click()
    chair.get_by_label("议题").fill("九人欠薪如何追索")
    chair.get_by_label("日期").fill(clock.today().isoformat())
    chair.get_by_label("地点或线上会议").fill("所里二楼会议室")
    for choice in chair.get_by_role("group", name="邀请律师").get_by_role("checkbox").all():
        choice.set_checked(True, force=True)
    chair.get_by_label("争议焦点").fill("1. 总包要不要先行垫付\n2. 能否申请支付令")
    button(chair, "发出邀请").click()
    is_told(chair, "会商已安排")
    here = chair.url

    colleague = visitor(other, PASSWORD, phone=True)
    colleague.goto("/conferences")
    colleague.get_by_role("link", name="九人欠薪如何追索").click()
    colleague.get_by_label("我的意见").fill("总包应当先行垫付，同时申请支付令。")
    button(colleague, "保存我的意见").click()
    is_told(colleague, "意见已保存")

    chair.goto(here)
    button(chair, "登记，会商开始").click()
    is_told(chair, "到会情况已登记")
    chair.locator("#record").get_by_label("结论").fill("先向总包发函，七日不付即申请支付令。")
    button(chair, "保存记录").click()
    is_told(chair, "会商记录已保存")
    chair.locator("#tasks").get_by_label("任务").fill("起草律师函")
    chair.locator("#tasks").get_by_label("责任人").select_option(index=1)
    due = clock.today() + timedelta(days=3)
    chair.locator("#tasks").get_by_label("期限").fill(due.isoformat())
    button(chair, "布置任务").click()
    is_told(chair, "任务已布置")
    confirm(chair, "形成结论，出纪要", says="不能再改")
    is_told(chair, "纪要第1版已出")
    with chair.expect_download() as sent:
        chair.locator("#minutes").get_by_role("link", name="PDF").click()
    assert sent.value.suggested_filename.endswith("第1版.pdf")
    colleague.goto(here)
    expect(colleague.get_by_label("我的意见")).to_have_count(0)
