"""What the firm's finance sees of receipts, and each refusal."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import factories
from tests.counting import statements
from tests.factories import Tenant
from tests.receipts import make
from tests.receipts.test_reading import CSV
from tests.review.factories import Made


@pytest.fixture
def due(app: Flask, tenant: Tenant) -> tuple[Made, int]:
    """A paid statement, and what was paid."""
    return make.paid(app, tenant)


@pytest.fixture
def as_finance(app: Flask, tenant: Tenant) -> FlaskClient:
    """The firm's finance, signed in."""
    return factories.signed_in(app, tenant.scope, Role.FINANCE)


def test_a_file_is_tried_and_imported(as_finance: FlaskClient) -> None:
    assert "还没有到账" in as_finance.get("/receipts?month=2026-11").text
    upload = {"bank": "某行基本户", "file": (BytesIO(CSV.encode("gb18030")), "流水.csv")}
    tried = as_finance.post("/receipts/trials", data=upload)
    assert tried.status_code == 303
    page = as_finance.get(tried.headers["Location"]).text
    assert "2,000.00" in page
    assert "JS-A-202610" in page
    without = as_finance.get(f"{tried.headers['Location']}&day=交易日期&payer=对方户名").text
    assert "请选择" in without
    chosen = {"bank": "某行基本户", "day": "交易日期", "payer": "对方户名", "credit": "贷方发生额"}
    address = tried.headers["Location"].partition("?")[0]
    assert as_finance.post(address, data=chosen | {"credit": ""}).status_code == 422
    done = as_finance.post(address, data=chosen)
    assert done.status_code == 303
    shown = as_finance.get("/receipts?month=2026-11&q=财政所&state=unmatched&sort=payer").text
    assert "1,800.00" in shown
    assert (
        "没有新的到账"
        in as_finance.get(
            tried.headers["Location"] + "&day=交易日期&payer=对方户名&credit=贷方发生额"
        ).text
    )


def test_what_is_no_file_of_a_bank(as_finance: FlaskClient) -> None:
    for data, sentence in (
        (b"%PDF-1.7", "读不出这个文件"),
        ("什么,也没有\n".encode(), "没有找到表头"),
    ):
        upload = {"bank": "某行", "file": (BytesIO(data), "x.csv")}
        answer = as_finance.post("/receipts/trials", data=upload)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert as_finance.get(f"/receipts/trials/{'0' * 64}?bank=x").status_code == 404


def test_all_certain_ones_are_accepted_at_once(
    app: Flask, tenant: Tenant, as_finance: FlaskClient, due: tuple[Made, int]
) -> None:
    made, fen = due
    make.receipt(app, tenant, fen, reference=made.number)
    page = as_finance.get("/receipts/suggestions").text
    assert "接受全部确定的（1 笔" in page
    stale = as_finance.post("/receipts/suggestions", data={"count": "2", "amount_fen": str(fen)})
    assert stale.status_code == 409
    sent = {"count": "1", "amount_fen": str(fen)}
    assert as_finance.post("/receipts/suggestions", data=sent).status_code == 303
    assert "没有未到账的结算单" in as_finance.get("/receivables").text
    assert made.number in as_finance.get("/receivables?tab=all").text
    assert "已对账" in as_finance.get(f"/receivables/{made.id}").text


def test_a_receipt_is_given_by_hand_and_taken_back(
    app: Flask, tenant: Tenant, as_finance: FlaskClient, due: tuple[Made, int]
) -> None:
    made, fen = due
    key = make.receipt(app, tenant, fen, payer="某人")
    page = f"/receipts/{key}"
    wrong = as_finance.post(f"{page}/allocations", data={f"amount-{made.id}": "一百"})
    assert wrong.status_code == 422
    assert "一百" in wrong.text
    much = as_finance.post(f"{page}/allocations", data={f"amount-{made.id}": "99999999"})
    assert much.status_code == 409
    done = as_finance.post(f"{page}/allocations", data={f"amount-{made.id}": "100.00"})
    assert done.status_code == 303
    shown = as_finance.get(page).text
    address = next(
        part.partition('"')[0]
        for part in shown.split('action="')
        if "/receipt-allocations/" in part.partition('"')[0]
    )
    assert as_finance.post(address, data={}).status_code == 422
    assert as_finance.post(address, data={"words": "对错了"}).status_code == 303
    again = as_finance.post(address, data={"words": "对错了"})
    assert again.status_code == 409
    stale = as_finance.post(f"{page}/aside", data={"words": "退款", "revision": "1"})
    assert stale.status_code == 409
    assert as_finance.post(f"{page}/aside", data={"words": "退款"}).status_code == 303
    assert "已搁置：退款" in as_finance.get(page).text
    assert as_finance.post(f"{page}/return", data={}).status_code == 303
    assert as_finance.post(f"{page}/acceptance", data={}).status_code == 303


def test_write_offs(
    app: Flask, tenant: Tenant, as_finance: FlaskClient, due: tuple[Made, int]
) -> None:
    made, _fen = due
    page = f"/receivables/{made.id}"
    bare = as_finance.post(f"{page}/write-offs", data={"amount": "1,0", "words": ""})
    assert bare.status_code == 422
    much = as_finance.post(f"{page}/write-offs", data={"amount": "99999999", "words": "差额"})
    assert much.status_code == 422
    assert "不超过未到账的" in much.text
    asked = as_finance.post(f"{page}/write-offs", data={"amount": "500.00", "words": "扣回"})
    assert asked.status_code == 303
    shown = as_finance.get(page).text
    assert "待另一人核准" in shown
    assert "扣回" in as_finance.get("/receivables").text
    write_off = next(
        part.partition("/approval")[0] for part in shown.split('"') if part.endswith("/approval")
    )
    assert as_finance.post(f"{write_off}/approval").status_code == 403
    as_manager = factories.signed_in(app, tenant.scope, Role.MANAGER)
    assert as_manager.post(f"{write_off}/approval", data={"revision": "9"}).status_code == 409
    assert as_manager.post(f"{write_off}/approval").status_code == 303
    assert as_manager.post(f"{write_off}/refusal").status_code == 409
    assert as_manager.post(f"{write_off}/undoing").status_code == 422
    assert as_manager.post(f"{write_off}/undoing", data={"words": "错了"}).status_code == 303
    assert as_manager.post("/receivables/limit", data={"amount": "2000"}).status_code == 422
    assert as_manager.post("/receivables/limit", data={"amount": "20"}).status_code == 303


def test_pages_cost_few_statements(
    app: Flask, tenant: Tenant, as_finance: FlaskClient, due: tuple[Made, int]
) -> None:
    made, fen = due
    keys = [make.receipt(app, tenant, fen - place) for place in range(3)]
    pages = ("/receipts?month=2026-11", "/receipts/suggestions", "/receivables")
    for page in (*pages, f"/receipts/{keys[0]}", f"/receivables/{made.id}", "/receipts/import"):
        with statements() as sent:
            assert as_finance.get(page).status_code == 200
        assert len(sent) <= 8, (page, sent)


def test_others_find_nothing(
    app: Flask, tenant: Tenant, as_outsider: FlaskClient, as_checker: FlaskClient
) -> None:
    key = make.receipt(app, tenant, 100)
    assert as_outsider.get(f"/receipts/{key}").status_code == 404
    assert as_checker.get(f"/receipts/{key}").status_code == 403
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    assert clerk.get("/receipts").status_code == 403
