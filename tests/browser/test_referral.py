"""A referral from the stairwell to its conclusion, by four people."""

from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.referrals import team_actions
from counselhub.referrals.kinds import Speciality
from counselhub.referrals.team_actions import TeamEntry
from counselhub.services.models import ServiceNote, ServiceRecord
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button, confirm, is_told
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser


@pytest.fixture
def leader_id(app: Flask, tenant: Tenant) -> UUID:
    """A service of the first lawyer today, and a team of the second, led by a third."""
    today = clock.today()
    with app.test_request_context(), as_scope(tenant.scope):
        leader = Adviser(
            name="王五一", pinyin="wangwuyi", search="王五一",
            licence_number=f"{tenant.code}-王五一", category="lawyer",
        )  # fmt: skip
        record = ServiceRecord(
            number=f"FW-{factories.number()}", day=today, kind="consultation",
            community_code=tenant.town.communities[0], street_code=tenant.town.street_code,
            dispute_kind="labour", adviser_id=tenant.adviser_id, created_at=clock.now(),
            note=ServiceNote(content="工地拖欠九人工资，包工头失联"),
        )  # fmt: skip
        db.session.add_all([leader, record])
        db.session.flush()
        entry = TeamEntry(
            "劳动争议团队", [Speciality.LABOUR], [], leader.id, [tenant.backup_id], today
        )
        team_actions.create(entry, by=tenant.member())
        db.session.commit()
        return leader.id


def test_by_four_people(app: Flask, tenant: Tenant, leader_id: UUID, visitor: Visitor) -> None:
    def enter(role: Role, adviser_id: UUID | None = None, *, phone: bool = False) -> Page:
        email = factories.account(app, tenant.scope, role, adviser_id=adviser_id)
        return visitor(email, PASSWORD, phone=phone)

    asker = enter(Role.ADVISER, tenant.adviser_id, phone=True)
    asker.goto("/services")
    asker.get_by_role("listitem").get_by_role("link", name="转介", exact=True).click()
    expect(asker.get_by_label("案由和难点")).to_have_value("工地拖欠九人工资，包工头失联")
    button(asker, "提交转介").click()
    is_told(asker, "等主任分派")

    manager = enter(Role.MANAGER)
    manager.goto("/referrals")
    manager.locator(".rows").get_by_role("link", name="甲社区").click()
    here = manager.url
    button(manager, "核定，去选律师").click()
    expect(manager.get_by_text("擅长这一类 40").first).to_be_visible()
    button(manager, "一键组队并发出征询").click()
    is_told(manager, "已组队并发出征询")

    receiver = enter(Role.ADVISER, tenant.backup_id, phone=True)
    receiver.goto(here)
    button(receiver, "接收，由我承办").click()
    is_told(receiver, "由您承办")
    receiver.get_by_label("意见").fill("先行申请支付令，同时向劳动监察投诉。")
    button(receiver, "给出意见").click()
    is_told(receiver, "意见已记下")

    leader = enter(Role.ADVISER, leader_id)
    leader.goto(here)
    leader.get_by_role("link", name="登记反馈").click()
    leader.get_by_label("反馈内容").fill("已告知可以申请支付令")
    button(leader, "保存反馈").click()
    is_told(leader, "已记下反馈")
    confirm(leader, "办结", says="不能再改")
    is_told(leader, "已办结")
    expect(leader.locator(".happenings")).to_contain_text("提出转介")
