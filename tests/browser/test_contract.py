"""From the text of a contract to its money: clauses, scan, instalment, invoice, payment."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from counselhub.contracts.models import Contract
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_firm
from tests.browser.conftest import Visitor
from tests.factories import PASSWORD, Tenant, account

pytestmark = pytest.mark.browser


def test_a_contract_is_written_signed_and_paid(
    app: Flask, tenant: Tenant, visitor: Visitor, tmp_path: Path
) -> None:
    scan = tmp_path / "签署件.pdf"
    scan.write_bytes(b"%PDF-1.4\n1 0 obj\n%%EOF\n")
    with app.app_context(), as_firm(tenant.firm_id):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        contract.signed_on = date(2026, 1, 5)
        db.session.commit()
    page = visitor(account(app, tenant.scope, Role.MANAGER), PASSWORD)
    page.goto("/contract-clauses")
    page.get_by_role("button", name="放入常用条款").click()
    page.goto(f"/contracts/{tenant.contract_id}/papers")
    page.get_by_role("button", name="生成 Word 和 PDF").click()
    expect(page.get_by_text(f"合同 {tenant.code}-001.docx")).to_be_visible()
    page.get_by_label("扫描件或照片").set_input_files(scan)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("link", name="签署件.pdf")).to_be_visible()

    page.goto(f"/contracts/{tenant.contract_id}/instalments")
    page.get_by_label("基础补贴分期付款，其余按结算单").check()
    page.get_by_role("button", name="保存付款方式").click()
    page.get_by_role("link", name="订付款计划").first.click()
    page.get_by_role("button", name="保存付款计划").click()
    page.get_by_role("link", name="1. 首期款").click()
    page.get_by_role("button", name="条件已成立").click()

    page.get_by_label("发票号码").fill("26442000000000000001")
    page.get_by_role("button", name="登记发票").click()
    expect(page.get_by_role("cell", name="26442000000000000001")).to_be_visible()
    page.get_by_label("银行流水号").fill("LS-1")
    page.get_by_role("button", name="登记到账").click()
    expect(page.get_by_text("已到账", exact=True).first).to_be_visible()
