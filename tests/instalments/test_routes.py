"""The pages of instalments: what is seen, and each refusal."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.instalments.models import Instalment
from tests import counting, factories
from tests.factories import Tenant

Kept = Callable[[], list[Any]]
PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"
INVOICE = {
    "revision": "2",
    "kind": "electronic",
    "number": "26442000000000000001",
    "code": "",
    "issued_on": "2026-03-05",
    "amount_fen": "24000",
    "tax_percent": "6",
    "buyer": "测试街道办事处",
    "buyer_tax_number": "",
}
PAYMENT = {
    "revision": "2",
    "paid_on": "2026-03-09",
    "received_fen": "24000",
    "payer": "测试街道办事处",
    "reference": "LS-1",
}


@pytest.fixture
def as_finance(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's finance, signed in."""
    return factories.signed_in(app, tenant.scope, Role.FINANCE)


def plan_of(*rows: tuple[str, str, str], unit: str = "percent") -> dict[str, str]:
    """A plan as its page sends it: (name, share, condition)."""
    sent = {"revision": "2", "unit": unit}
    for at, (name, share, condition) in enumerate(rows):
        sent |= {
            f"rows-{at}-name": name,
            f"rows-{at}-share": share,
            f"rows-{at}-condition": condition,
            f"rows-{at}-subject": "base",
        }
    return sent


def test_a_contract_is_planned(as_manager: FlaskClient, tenant: Tenant) -> None:
    page = f"/contracts/{tenant.contract_id}/instalments"
    assert "还没有付款计划" in as_manager.get(page).text
    rows = (("首期款", "60%", "signing"), ("尾款", "40", "acceptance"))
    refused = as_manager.post(page, data=plan_of(*rows) | {"revision": "1"})
    assert refused.status_code == 422
    assert "要付的是基础补贴，补贴方案 S1 已在每期结算单的“基础补贴”行支付" in refused.text
    assert "尾款" in refused.text
    way = {"revision": "1", "paid_by": "both"}
    assert (
        as_manager.post(f"/contracts/{tenant.contract_id}/payment-way", data=way).status_code == 303
    )
    assert as_manager.post(page, data=plan_of(*rows)).status_code == 303
    shown = as_manager.get(page).text
    for words in ("40,000.00", "24,000.00", "16,000.00", "待“合同签订”", "未到期"):
        assert words in shown
    form = as_manager.get(f"{page}/plan").text
    assert 'value="24,000.00"' in form


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(plan_of(("首期款", "50", "signing")), "应为 100%", id="half"),
        pytest.param(plan_of(("", "50", "signing")), "第 1 期没有名称", id="no name"),
        pytest.param(plan_of(("首期款", "很多", "signing")), "应为数字", id="no number"),
        pytest.param(
            plan_of(("首期款", "100", "day")), "第 1 期按日期付款，请填写到期日", id="no day"
        ),
        pytest.param(
            plan_of(("首期款", "39999.99", "signing"), unit="amount"), "相差 -0.01 元", id="a fen"
        ),
        pytest.param(plan_of(("首期款", "100", "nonsense")), "首期款", id="no such condition"),
    ],
)
def test_a_bad_plan_keeps_what_was_typed(
    as_manager: FlaskClient, tenant: Tenant, data: dict[str, str], words: str
) -> None:
    way = {"revision": "1", "paid_by": "both"}
    as_manager.post(f"/contracts/{tenant.contract_id}/payment-way", data=way)
    answer = as_manager.post(f"/contracts/{tenant.contract_id}/instalments", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert data["rows-0-share"] in answer.text


def test_a_stale_plan_shows_the_contract_as_it_is(as_manager: FlaskClient, tenant: Tenant) -> None:
    way = {"revision": "7", "paid_by": "both"}
    answer = as_manager.post(f"/contracts/{tenant.contract_id}/payment-way", data=way)
    assert answer.status_code == 409


def test_an_instalment_is_invoiced_and_paid(
    as_finance: FlaskClient, kept: Kept, look: Callable[..., list[Any]]
) -> None:
    first, *_others = kept()
    page = f"/instalments/{first}"
    assert "登记发票" in as_finance.get(page).text
    sent = INVOICE | {"files": (BytesIO(PDF), "发票.pdf")}
    assert as_finance.post(f"{page}/invoices", data=sent).status_code == 303
    shown = as_finance.get(page).text
    assert "26442000000000000001" in shown
    assert "已开票" in shown
    file = re.search(r"/instalment-files/[0-9a-f-]+", shown)
    assert file
    assert as_finance.get(file[0]).data == PDF
    revision = look(factories.db.select(Instalment).where(Instalment.id == first))[0].revision
    paid = as_finance.post(f"{page}/payments", data=PAYMENT | {"revision": str(revision)})
    assert paid.status_code == 303
    shown = as_finance.get(page).text
    assert "已到账" in shown
    reversal = re.search(r"/instalment-payments/[0-9a-f-]+/reversal", shown)
    assert reversal
    current = re.search(r'name="revision" value="([0-9]+)"', shown)
    assert current
    empty = as_finance.post(reversal[0], data={"revision": current[1], "why": ""})
    assert empty.status_code == 422
    taken = as_finance.post(reversal[0], data={"revision": current[1], "why": "记错合同"})
    assert taken.status_code == 303
    assert "-24,000.00" in as_finance.get(page).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"number": "123"}, "数电发票号码是20位数字", id="too short"),
        pytest.param({"kind": "special"}, "发票号码是8位数字", id="of another kind"),
        pytest.param(
            {"kind": "special", "number": "12345678"}, "代码是10位或12位数字", id="no code"
        ),
        pytest.param({"code": "044001900111"}, "没有发票代码", id="a code too many"),
        pytest.param({"buyer_tax_number": "91440300MA5KKKKK01"}, "税号", id="no tax number"),
        pytest.param({"issued_on": "2099-01-01"}, "不能晚于今天", id="a day to come"),
        pytest.param({"amount_fen": "24000.01"}, "多出 0.01 元", id="too much"),
        pytest.param({"amount_fen": "0"}, "应大于 0", id="nothing"),
        pytest.param({"tax_percent": "600"}, "0 到 100 之间", id="a wild rate"),
    ],
)
def test_a_bad_invoice_keeps_what_was_typed(
    as_finance: FlaskClient, kept: Kept, changes: dict[str, str], words: str
) -> None:
    answer = as_finance.post(f"/instalments/{kept()[0]}/invoices", data=INVOICE | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "测试街道办事处" in answer.text


def test_an_invoice_is_taken_back_by_a_red_one(as_finance: FlaskClient, kept: Kept) -> None:
    page = f"/instalments/{kept()[0]}"
    as_finance.post(f"{page}/invoices", data=INVOICE)
    link = re.search(r"red_of=([0-9a-f-]+)", as_finance.get(page).text)
    assert link
    form = as_finance.get(f"{page}?red_of={link[1]}").text
    assert "冲回发票 26442000000000000001" in form
    revision = re.search(r'name="revision" type="hidden" value="([0-9]+)"', form)
    assert revision
    red = INVOICE | {
        "revision": revision[1],
        "number": "26442000000000000009",
        "amount_fen": "4000",
        "red_of": link[1],
    }
    assert as_finance.post(f"{page}/invoices", data=red).status_code == 303
    shown = as_finance.get(page).text
    assert "部分冲红" in shown
    assert "-4,000.00" in shown
    assert as_finance.get(f"{page}?red_of={tenantless()}").status_code == 404


def tenantless() -> str:
    """An id of nothing."""
    return "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"received_fen": "30000"}, "多出 6,000.00 元", id="too much"),
        pytest.param({"received_fen": "x"}, "请填写金额数字", id="no number"),
        pytest.param({"received_fen": "0"}, "应大于 0", id="nothing"),
        pytest.param({"reference": ""}, "请填写", id="no reference"),
        pytest.param({"paid_on": "2099-01-01"}, "不能晚于今天", id="a day to come"),
        pytest.param({"received_fen": "30000", "is_spread": "y"}, "还多出", id="too much for all"),
    ],
)
def test_a_bad_payment_keeps_what_was_typed(
    as_finance: FlaskClient, kept: Kept, changes: dict[str, str], words: str
) -> None:
    answer = as_finance.post(f"/instalments/{kept()[0]}/payments", data=PAYMENT | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "测试街道办事处" in answer.text


def test_a_condition_is_met_with_its_paper(as_finance: FlaskClient, kept: Kept) -> None:
    page = f"/instalments/{kept()[1]}"
    data = {"revision": "1", "met_on": "2026-06-30", "words": "验收通过"}
    bare = as_finance.post(f"{page}/condition", data=data)
    assert bare.status_code == 422
    assert "要有证明" in bare.text
    bad = data | {"files": (BytesIO(b"MZ"), "x.pdf")}
    assert as_finance.post(f"{page}/condition", data=bad).status_code == 422
    good = data | {"files": (BytesIO(PDF), "验收单.pdf")}
    assert as_finance.post(f"{page}/condition", data=good).status_code == 303
    assert "到期待付" in as_finance.get(page).text
    assert as_finance.post(f"{page}/condition", data=data).status_code == 409


def test_cancelling_wants_a_reason_and_a_manager(
    as_manager: FlaskClient, as_finance: FlaskClient, kept: Kept
) -> None:
    page = f"/instalments/{kept()[2]}"
    data = {"revision": "1", "reason": "改为单独签约"}
    assert as_finance.post(f"{page}/cancellation", data=data).status_code == 403
    assert as_manager.post(f"{page}/cancellation", data=data | {"reason": ""}).status_code == 422
    assert as_manager.post(f"{page}/cancellation", data=data).status_code == 303
    assert "改为单独签约" in as_manager.get(page).text


def test_the_lists_find_what_is_asked_for(
    as_finance: FlaskClient, kept: Kept, tenant: Tenant
) -> None:
    first, *_others = kept()
    as_finance.post(f"/instalments/{first}/invoices", data=INVOICE)
    number = f"{tenant.code}-001"
    for query, count in (
        ("", 3),
        ("q=甲社区", 3),
        ("q=验收", 1),
        ("status=open", 1),
        ("status=planned", 2),
        ("bucket=90%2B", 1),
        ("month=2026-03", 1),
        ("q=没有的", 0),
    ):
        page = as_finance.get(f"/instalments?{query}").text
        assert len(re.findall(rf">{number}</a>", page)) == count, query
    assert "没有符合条件" in as_finance.get("/instalments?q=没有的").text
    assert "26442000000000000001" in as_finance.get("/contract-invoices?q=4200000").text
    assert "没有符合条件" in as_finance.get("/contract-invoices?q=777").text


def test_lists_are_handed_out_as_workbooks(as_finance: FlaskClient, kept: Kept) -> None:
    first, *_others = kept()
    as_finance.post(f"/instalments/{first}/invoices", data=INVOICE)
    book = openpyxl.load_workbook(BytesIO(as_finance.get("/instalments.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[6] for row in rows[1:]].count(24_000) == 1
    assert len(rows) == 4
    book = openpyxl.load_workbook(BytesIO(as_finance.get("/contract-invoices.xlsx").data))
    assert list(book.active.iter_rows(values_only=True))[1][3] == "26442000000000000001"


def test_the_office_sees_its_own_and_no_files(
    app: Flask, as_checker: FlaskClient, as_finance: FlaskClient, kept: Kept
) -> None:
    first, *_others = kept()
    as_finance.post(
        f"/instalments/{first}/invoices", data=INVOICE | {"files": (BytesIO(PDF), "票.pdf")}
    )
    assert "首期款" in as_checker.get("/shared-instalments").text
    page = as_checker.get(f"/shared-instalments/{first}").text
    assert "26442000000000000001" in page
    assert "instalment-files" not in page
    elsewhere = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert "首期款" not in elsewhere.get("/shared-instalments").text
    assert elsewhere.get(f"/shared-instalments/{first}").status_code == 404
    mine, theirs = (
        openpyxl.load_workbook(BytesIO(one.get("/shared-instalments.xlsx").data)).active
        for one in (as_checker, elsewhere)
    )
    head, *rows = mine.iter_rows(values_only=True)
    assert head[0] == "律师事务所"
    assert len(rows) == 3
    assert {row[7] for row in rows} >= {24_000}
    assert theirs.max_row == 1
    assert as_finance.get("/shared-instalments.xlsx").status_code == 403


def test_fifty_rows_ask_as_little_as_one(
    app: Flask, as_checker: FlaskClient, kept: Kept, tenant: Tenant
) -> None:
    """The office's list, each row with its contract and firm."""
    kept()
    with app.app_context(), as_scope(tenant.scope):
        first = db.session.scalars(select(Instalment).limit(1)).one()
        copied = {one.key: getattr(first, one.key) for one in Instalment.__table__.columns}
        rows = [copied | {"id": uuid7(), "position": place} for place in range(10, 60)]
        db.session.execute(insert(Instalment), rows)
        db.session.commit()
    with counting.statements() as sent:
        page = as_checker.get("/shared-instalments").text
    assert page.count('class="cell-title"') == 50
    assert len(sent) <= 8, sent


def test_others_find_nothing(
    as_outsider: FlaskClient, as_adviser: FlaskClient, kept: Kept, tenant: Tenant
) -> None:
    first, *_others = kept()
    assert as_outsider.get(f"/instalments/{first}").status_code == 404
    assert as_outsider.post(f"/instalments/{first}/payments", data=PAYMENT).status_code == 404
    assert as_outsider.get(f"/contracts/{tenant.contract_id}/instalments").status_code == 404
    assert as_adviser.get("/instalments").status_code == 403


@pytest.mark.parametrize("address", ["/instalments", "/contract-invoices", "/instalments/{}"])
def test_few_statements_a_page(as_finance: FlaskClient, kept: Kept, address: str) -> None:
    page = address.format(kept()[0])
    as_finance.get(page)
    with counting.statements() as sent:
        assert as_finance.get(page).status_code == 200
    assert len(sent) <= 8, sent
