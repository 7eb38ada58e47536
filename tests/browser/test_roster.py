"""A planned slot is moved with the mouse, put back, and moved with the keyboard alone."""

import re
from datetime import date, time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.i18n import day as day_word
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.roster.models import DutySlot
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button, is_told
from tests.factories import PASSWORD, Tenant

pytestmark = pytest.mark.browser


@pytest.fixture
def slot_day(app: Flask, tenant: Tenant) -> date:
    """Plan a slot of the first adviser on the 10th of next month, under a contract that lasts."""
    month = clock.next_month(clock.today())
    ends = month + timedelta(days=400)
    with app.test_request_context(), as_scope(tenant.scope):
        db.session.execute(update(Contract).values(ends_on=ends))
        db.session.execute(update(ContractCommunity).values(last_on=ends))
        slots = [
            DutySlot(
                turn=1,
                month=month,
                day=month + timedelta(days=day - 1),
                starts=time(9),
                ends=time(12),
                adviser_id=adviser_id,
                community_code=tenant.town.communities[0],
                street_code=tenant.town.street_code,
            )
            for day, adviser_id in ((10, tenant.adviser_id), (20, tenant.backup_id))
        ]
        db.session.add_all(slots)
        db.session.commit()
    return month + timedelta(days=9)


def drag(page: Page, slot: Locator, row: Locator, day: int) -> None:
    """Drag a slot onto a day of a lawyer's row."""
    count = int(page.locator(".roster").get_attribute("data-days") or 0)
    box = row.bounding_box()
    assert box is not None
    there = {"x": box["width"] * (day - 0.5) / count, "y": box["height"] / 2}
    slot.drag_to(row, target_position=there)


def test_a_slot_is_moved_by_mouse_and_by_keyboard(
    app: Flask, tenant: Tenant, visitor: Visitor, slot_day: date
) -> None:
    page = visitor(factories.account(app, tenant.scope, Role.MANAGER), PASSWORD)
    page.goto(f"/roster?month={slot_day:%Y-%m}")
    expect(page.get_by_text("拖动班次到另一天")).to_be_visible()
    rows = page.locator(".roster-line .roster-days")
    drag(page, rows.first.locator("[data-slot]"), rows.last, 15)
    moved = slot_day + timedelta(days=5)
    told = page.locator(".notice", has_text="的班次已移到")
    expect(told).to_contain_text(day_word(moved))
    expect(page.locator(f".roster-days[data-adviser='{tenant.backup_id}'] .d15")).to_have_count(1)

    button(page, "撤销").click()
    is_told(page, "已撤销调整")
    own = page.locator(f".roster-days[data-adviser='{tenant.adviser_id}'] .d10 a")
    expect(own).to_have_count(1)

    own.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/roster/slots/"))
    page.get_by_label("日期").fill(f"{moved:%Y-%m-%d}")
    page.get_by_label("日期").press("Enter")
    is_told(page, f"已移到 {day_word(moved)}")


def test_a_phone_is_not_told_to_drag(
    app: Flask, tenant: Tenant, visitor: Visitor, slot_day: date
) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    page = visitor(email, PASSWORD, phone=True)
    page.goto(f"/roster?month={slot_day:%Y-%m}")
    expect(page.locator(".roster-slot").first).to_be_visible()
    expect(page.get_by_text("拖动班次到另一天")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
