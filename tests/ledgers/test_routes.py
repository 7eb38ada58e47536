"""What office and firm see of the two ledgers, and what is refused."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.counting import statements
from tests.factories import Tenant
from tests.ledgers.books import AGREED, agreeing, book, row, sheet
from tests.ledgers.conftest import lines

At = Callable[[], Any]
MONTH = "2026-10"


def upload(client: FlaskClient, data: bytes, **more: str) -> str:
    """Upload a ledger; return the address of its trial."""
    sent = {"month": MONTH, "file": (BytesIO(data), "台账.xlsx"), **more}
    answer = client.post("/ledgers/imports", data=sent)
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.mark.usefixtures("submitted")
def test_an_upload_is_tried_then_imported(as_checker: FlaskClient, tenant: Tenant) -> None:
    assert "导入第一份台账" in as_checker.get("/ledgers").text
    address = upload(as_checker, book(agreeing(tenant)), firm=tenant.code)
    page = as_checker.get(address).text
    assert "没有错误，可以导入" in page
    assert as_checker.post(f"{address}/application", data={"revision": "9"}).status_code == 409
    answer = as_checker.post(f"{address}/application", data={"revision": "1"})
    assert answer.status_code == 303
    assert "没有差异" in as_checker.get(answer.location).text
    assert "与上一次导入相比" in as_checker.get(address).text
    assert as_checker.post(f"{address}/application", data={}).status_code == 409
    assert as_checker.get(f"{address}/file").data == book(agreeing(tenant))
    assert "已导入" in as_checker.get("/ledgers/imports").text


@pytest.mark.usefixtures("submitted")
def test_columns_are_mapped_once_and_asked_again_when_headers_change(
    as_checker: FlaskClient, tenant: Tenant
) -> None:
    heads = ["街道台账"], ["社区名", "审定数（元）", "跑了几次"]
    data = sheet([*heads, ["甲社区", 1810, 3]])
    address = upload(as_checker, sheet([["社区", "金额", "次数"], ["甲社区", 1810, 3]]))
    page = as_checker.get(address).text
    assert "请先对应一次台账的列" in page
    sent = {"map-community_name": "社区", "map-amount": "金额", "map-visits": "次数"}
    wrong = as_checker.post(f"{address}/mapping", data=sent | {"map-amount": "社区"})
    assert wrong.status_code == 422
    assert "对应了两个项目" in wrong.text
    assert as_checker.post(f"{address}/mapping", data={}).status_code == 422
    assert as_checker.post(f"{address}/mapping", data=sent).status_code == 303
    assert "没有错误，可以导入" in as_checker.get(address).text
    changed = upload(as_checker, sheet([["社区", "补贴金额", "次数"], ["甲社区", 1810, 3]]))
    assert "表头与上次不同" in as_checker.get(changed).text
    assert "没有找到表头" in as_checker.get(upload(as_checker, data)).text


@pytest.mark.usefixtures("submitted")
def test_faults_stop_everything(as_checker: FlaskClient, tenant: Tenant, at_office: At) -> None:
    rows = [*agreeing(tenant), row("110101001001", *AGREED)]
    address = upload(as_checker, book(rows))
    page = as_checker.get(address).text
    assert "台账!B4" in page
    assert "不属于本街道" in page
    assert as_checker.post(f"{address}/application", data={}).status_code == 422
    assert lines(at_office) == {}


def test_what_is_no_ledger_is_said_at_its_field(as_checker: FlaskClient) -> None:
    for data, sentence in (
        ({"month": MONTH, "file": (BytesIO(b"x"), "a.xlsx")}, "不是 Excel 工作簿"),
        ({"month": "2099-10", "file": (BytesIO(book([])), "a.xlsx")}, "不能是以后的月份"),
        ({"month": "十月", "file": (BytesIO(book([])), "a.xlsx")}, "请写成 2026-10"),
        ({"month": MONTH}, "请选择一个文件"),
    ):
        answer = as_checker.post("/ledgers/imports", data=data)
        assert answer.status_code == 422
        assert sentence in answer.text


@pytest.mark.usefixtures("differing")
def test_differences_are_filtered_searched_and_counted(as_checker: FlaskClient) -> None:
    page = f"/ledgers/differences?month={MONTH}"
    with statements() as sent:
        text = as_checker.get(page).text
    assert len(sent) <= 8 + 6, "\n".join(sent)  # six of the session, as on every page
    assert "1,180.00" in text
    assert "相邻两位数字写反了" in text
    assert "1,180.00" not in as_checker.get(f"{page}&outcome=only_ledger").text
    assert "1,180.00" in as_checker.get(f"{page}&q=甲&sort=community").text
    assert "没有符合条件" in as_checker.get(f"{page}&q=无此社区").text
    assert "待处理" in as_checker.get("/ledgers").text


def test_a_difference_is_settled_and_taken_back(
    differing: Tenant, as_checker: FlaskClient, at_office: At
) -> None:
    line = lines(at_office)[differing.town.communities[0]]
    url = f"/ledgers/lines/{line.id}"
    assert "处理这条差异" in as_checker.get(url).text
    assert as_checker.post(f"{url}/settlement", data={"words": "核过"}).status_code == 422
    bare = {"party": "both", "cause": "other", "revision": str(line.revision)}
    answer = as_checker.post(f"{url}/settlement", data=bare)
    assert answer.status_code == 422
    assert "请写明情况" in answer.text
    hint = {"place": "0", "revision": str(line.revision)}
    assert as_checker.post(f"{url}/suggestion", data=hint).status_code == 303
    assert "更正后的台账金额" in as_checker.get(url).text
    assert as_checker.post(f"{url}/suggestion", data=hint).status_code == 409
    assert as_checker.post(f"{url}/reopening", data={}).status_code == 303
    assert "处理这条差异" in as_checker.get(url).text


@pytest.mark.usefixtures("differing")
def test_a_filter_is_settled_at_once(as_checker: FlaskClient) -> None:
    page = f"/ledgers/differences?month={MONTH}"
    url = f"/ledgers/differences/settlement?month={MONTH}"
    entry = {"party": "both", "cause": "rounding", "lines": "2"}
    assert as_checker.post(url, data=entry | {"lines": "5"}).status_code == 409
    assert as_checker.post(url, data=entry | {"party": "statement"}).status_code == 422
    assert as_checker.post(url, data=entry).status_code == 303
    assert "一次处理当前筛选" not in as_checker.get(page).text


def test_both_sides_confirm_one_sheet(
    app: Flask, differing: Tenant, as_checker: FlaskClient, as_approver: FlaskClient,
    as_manager: FlaskClient, as_outsider: FlaskClient, at_office: At,
) -> None:  # fmt: skip
    published = as_checker.post(
        f"/ledgers/sheets?month={MONTH}", data={"firm": str(differing.firm_id)}
    )
    url = published.location
    own = url.replace("/ledgers/sheets", "/office-ledgers")
    assert "甲社区" in as_manager.get(own).text
    assert as_outsider.get(own).status_code == 404
    line = lines(at_office)[differing.town.communities[0]]
    answer = f"/office-ledgers/lines/{line.id}/answer"
    name = f"{line.id.hex}-"
    assert as_manager.post(answer, data={f"{name}answer": "dispute"}).status_code == 422
    sent = {f"{name}answer": "dispute", f"{name}words": "我所记录无误"}
    assert as_manager.post(answer, data=sent).status_code == 303
    assert as_outsider.post(answer, data=sent).status_code == 404
    refused = as_checker.post(f"{url}/freezing", data={})
    assert refused.status_code == 422
    assert "1 条差异没有处理完" in refused.text
    entry = {"party": "ledger", "cause": "typing"}
    assert as_checker.post(f"/ledgers/lines/{line.id}/settlement", data=entry).status_code == 303
    agreed = {f"{name}answer": "agree"}
    assert as_manager.post(answer, data=agreed).status_code == 303
    assert as_checker.get(f"{url}/sheet.pdf").status_code == 404
    assert as_checker.post(f"{url}/freezing", data={}).status_code == 303
    assert as_manager.post(answer, data=agreed).status_code == 409
    assert as_manager.post(f"{own}/confirmation", data={}).status_code == 303
    assert as_manager.post(f"{own}/confirmation", data={}).status_code == 409
    assert as_checker.post(f"{url}/confirmation", data={}).status_code == 403
    assert as_approver.post(f"{url}/confirmation", data={}).status_code == 303
    for client, page in ((as_manager, own), (as_approver, url)):
        assert "双方已确认" in client.get(page).text
    pdf = as_manager.get(f"{url}/sheet.pdf").data
    assert "对账差异表" in PdfReader(BytesIO(pdf)).pages[0].extract_text()
    book_of = load_workbook(BytesIO(as_approver.get(f"{url}/sheet.xlsx").data)).active
    assert book_of is not None
    assert 1180 in [cell.value for found in book_of for cell in found]
    assert as_outsider.get(f"{url}/sheet.pdf").status_code == 404
    assert as_checker.post(f"{url}/replacement", data={}).status_code == 422
    again = as_checker.post(f"{url}/replacement", data={"reason": "补记一笔"})
    assert "第 2 版" in as_checker.get(again.location).text
    assert "已换新版" in as_manager.get(own).text


@pytest.mark.usefixtures("differing")
def test_tolerance_counts_from_the_next_comparison(as_checker: FlaskClient) -> None:
    assert as_checker.post("/ledgers/tolerance", data={"minutes": "-1"}).status_code == 422
    assert as_checker.post("/ledgers/tolerance", data={"amount": "1000"}).status_code == 303
    assert "1000" in as_checker.get("/ledgers/tolerance").text
    answer = as_checker.post(f"/ledgers/comparison?month={MONTH}")
    assert answer.status_code == 303
    assert "1,180.00" not in as_checker.get(f"/ledgers/differences?month={MONTH}").text


def test_who_may_not(
    differing: Tenant, as_manager: FlaskClient, as_approver: FlaskClient, at_office: At
) -> None:
    line = lines(at_office)[differing.town.communities[0]]
    assert as_manager.get("/ledgers").status_code == 403
    assert as_manager.get(f"/ledgers/lines/{line.id}").status_code == 403
    answer = f"/office-ledgers/lines/{line.id}/answer"
    assert as_manager.post(answer, data={}).status_code == 404, "not published"
    assert as_approver.get("/ledgers/imports/new").status_code == 403
    assert "还没有收到差异表" in as_manager.get("/office-ledgers").text
