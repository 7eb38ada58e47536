"""A list is made and paid, receipts come in, all certain ones are accepted, it is reconciled."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.core import clock
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Role
from tests import factories
from tests.browser.conftest import Visitor
from tests.browser.steps import button, confirm, is_told
from tests.factories import PASSWORD, Tenant
from tests.payments import make
from tests.review.factories import at_office

pytestmark = pytest.mark.browser


def test_from_a_list_to_a_reconciled_statement(
    app: Flask, visitor: Visitor, tenant: Tenant
) -> None:
    made = make.payable(app, tenant)
    with at_office(app, tenant.town):
        fen = made.get().payable_fen
    office = visitor(factories.account(app, tenant.town.scope, Role.CHECKER), PASSWORD)
    office.goto("/payment-lists/gathering")
    button(office, "把勾选的汇成清单").click()
    confirm(office, "登记已送财政", says="1 笔")
    is_told(office, "已送财政")
    office.get_by_label("支付凭证号").fill("GK-2026-0001")
    button(office, "登记 1 笔已支付").click()
    is_told(office, "已登记 1 份结算单的支付")

    finance = visitor(factories.account(app, tenant.scope, Role.FINANCE), PASSWORD, phone=True)
    finance.goto("/receipts/import")
    amount = format_yuan(fen).replace(",", "")
    row = f"{clock.today()},{amount},某街道财政所,{made.number}"
    rows = "\n".join(["交易日期,收入,对方户名,摘要", row])
    file = {"name": "流水.csv", "mimeType": "text/csv", "buffer": rows.encode("gb18030")}
    finance.get_by_label("银行账户").fill("某行基本户")
    finance.get_by_label("网银流水").set_input_files(file)
    button(finance, "上传并试读").click()
    button(finance, "导入 1 笔").click()
    confirm(finance, "接受全部确定的", says=format_yuan(fen), exact=False)
    is_told(finance, "已匹配 1 笔")
    finance.goto(f"/receivables/{made.id}")
    expect(finance.get_by_text("已对账", exact=True)).to_be_visible()
