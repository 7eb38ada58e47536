"""What an office sees of its payment lists, and each refusal."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.permissions import Role
from counselhub.payments import sheet
from tests import factories
from tests.counting import statements
from tests.factories import Tenant, Town
from tests.payments import make
from tests.review.factories import Made


@pytest.fixture
def signed(app: Flask, tenant: Tenant) -> Made:
    """A statement that waits for payment."""
    return make.payable(app, tenant)


def test_a_list_is_made_sent_and_paid(
    as_checker: FlaskClient, app: Flask, town: Town, signed: Made
) -> None:
    assert "1 份待支付" in as_checker.get("/payment-lists").text
    assert signed.number in as_checker.get("/payment-lists/gathering").text
    made = as_checker.post("/payment-lists", data={"statement": str(signed.id)})
    page = made.headers["Location"]
    assert made.status_code == 303
    assert "下一步" in as_checker.get(page).text
    sent = as_checker.post(f"{page}/sending", data={"revision": "1"})
    assert sent.status_code == 303
    paid = as_checker.post(
        f"{page}/payment", data={"paid_on": clock.today().isoformat(), "reference": "GK-77"}
    )
    assert paid.status_code == 303
    shown = as_checker.get(page).text
    assert "GK-77" in shown
    assert "已支付" in shown
    with statements() as sent_statements:
        as_checker.get("/payment-lists?q=GK&status=paid&sort=number")
    assert len(sent_statements) <= 8


def test_its_page_and_list_cost_few_statements(
    as_checker: FlaskClient, app: Flask, town: Town, signed: Made, outsider: Tenant
) -> None:
    other = make.payable(app, outsider)
    list_id = make.listed(app, town, [signed.id, other.id], sent=True)
    for page in (f"/payment-lists/{list_id}", "/payment-lists", "/payment-lists/gathering"):
        with statements() as sent:
            assert as_checker.get(page).status_code == 200
        assert len(sent) <= 8, page


def test_papers(as_checker: FlaskClient, app: Flask, town: Town, signed: Made) -> None:
    list_id = make.listed(app, town, [signed.id], sent=True)
    assert as_checker.get(f"/payment-lists/{list_id}/list.pdf").data.startswith(b"%PDF")
    own = as_checker.get(f"/payment-lists/{list_id}/list.xlsx")
    upload = {"file": (BytesIO(sheet.sample()), "财政.xlsx")}
    assert as_checker.post("/payment-layout", data=upload).status_code == 303
    assert "财政.xlsx" in as_checker.get("/payment-layout").text
    filled = as_checker.get(f"/payment-lists/{list_id}/list.xlsx")
    assert own.data.startswith(b"PK")
    assert filled.data.startswith(b"PK")
    gone = as_checker.post("/payment-layout/removal", data={"revision": "1"})
    assert gone.status_code == 303
    again = as_checker.post("/payment-layout/removal")
    assert again.status_code == 409
    assert "已经是默认版式" in again.text


def test_a_layout_at_fault_names_its_cells(as_checker: FlaskClient) -> None:
    upload = {"file": (BytesIO(sheet.xlsx([], _empty())), "错.xlsx")}
    answer = as_checker.post("/payment-layout", data=upload)
    assert answer.status_code == 422
    assert "没有找到要重复的行" in answer.text


def _empty() -> sheet.Whole:
    from counselhub.payments.rules import totals

    return sheet.Whole("ZF", "所", clock.today(), "", totals([]))


def test_refusals_keep_what_was_typed(
    as_checker: FlaskClient, app: Flask, town: Town, signed: Made
) -> None:
    list_id = make.listed(app, town, [signed.id], sent=True)
    page = f"/payment-lists/{list_id}"
    early = as_checker.post(f"{page}/payment", data={"paid_on": "2020-01-01", "reference": "GK-8"})
    assert early.status_code == 422
    assert "GK-8" in early.text
    stale = as_checker.post(f"{page}/sending", data={"revision": "1"})
    assert stale.status_code == 409
    assert signed.number in stale.text
    bare = as_checker.post(f"{page}/taking-apart", data={})
    assert bare.status_code == 422
    assert "请写明拆单原因" in bare.text
    [item] = make.rows(app, town, list_id)
    back = f"/payment-items/{item.id}/bounce"
    wordless = as_checker.post(back, data={"bounced_on": clock.today().isoformat()})
    assert wordless.status_code == 422
    assert "请写明退汇原因" in wordless.text
    done = {"bounced_on": clock.today().isoformat(), "words": "户名不符"}
    assert as_checker.post(back, data=done).status_code == 303
    assert "户名不符" in as_checker.get(page).text
    removal = as_checker.post(f"/payment-items/{item.id}/removal")
    assert removal.status_code == 409
    assert as_checker.post(f"{page}/taking-apart", data={"words": "重做"}).status_code == 303
    assert as_checker.post("/payment-lists", data={}).status_code == 422


def test_others_find_nothing(app: Flask, town: Town, signed: Made, as_manager: FlaskClient) -> None:
    list_id = make.listed(app, town, [signed.id])
    other = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert other.get(f"/payment-lists/{list_id}").status_code == 404
    assert as_manager.get(f"/payment-lists/{list_id}").status_code == 403
    assert as_manager.post("/payment-lists").status_code == 403
