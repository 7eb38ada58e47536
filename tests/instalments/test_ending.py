"""The final account of a contract that ended early."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from counselhub.contracts import moves
from counselhub.contracts.models import Contract
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import as_firm
from counselhub.instalments import ending, payment_actions, queries
from tests.factories import Tenant
from tests.instalments.conftest import Planned, receipt, row


def test_unfinished_instalments_follow_the_days(
    planned: Planned, inside: Contract, tenant: Tenant
) -> None:
    rows = planned(row(Decimal(40)), row(Decimal(60), condition="acceptance", due_on=None))
    by = tenant.member()
    payment_actions.enter(rows[0], receipt(1_600_000), is_spread=False, by=by)
    with pytest.raises(RefusedError, match="合同还在履行"):
        ending.settle(inside, by=by)
    moves.terminate(inside, date(2026, 6, 30), "街道撤并", by=by, cause="reorganised")
    db.session.flush()
    account = ending.settle(inside, by=by)
    db.session.flush()
    assert (account.worth_fen, account.paid_fen, account.balance_fen) == (
        2_000_000,
        1_600_000,
        400_000,
    )
    first, last = queries.of_contract(inside)
    assert (first.status, last.status, last.amount_fen) == ("paid", "due", 400_000)
    assert ending.paper(inside, "某某律师事务所").startswith(b"%PDF-")


def test_what_was_paid_too_much_is_given_back(
    planned: Planned, inside: Contract, tenant: Tenant
) -> None:
    rows = planned(row(Decimal(60)), row(Decimal(40), condition="acceptance", due_on=None))
    by = tenant.member()
    payment_actions.enter(rows[0], receipt(2_400_000), is_spread=False, by=by)
    moves.terminate(inside, date(2026, 6, 30), "街道撤并", by=by)
    db.session.flush()
    assert ending.settle(inside, by=by).balance_fen == -400_000
    assert [one.status for one in queries.of_contract(inside)] == ["paid", "cancelled"]


def test_the_page_settles_and_hands_out_the_paper(
    app: Flask, as_manager: FlaskClient, kept: Callable[[], list[Any]], tenant: Tenant
) -> None:
    kept()
    page = f"/contracts/{tenant.contract_id}"
    early = PdfReader(BytesIO(as_manager.get(f"{page}/final-account.pdf").data))
    assert "试算" in early.pages[0].extract_text()
    with app.test_request_context(), as_firm(tenant.firm_id):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        moves.terminate(contract, date(2026, 6, 30), "协商一致", by=tenant.member(), cause="agreed")
        db.session.commit()
        revision = contract.revision
    shown = as_manager.get(f"{page}/instalments").text
    assert "还应收 20,000.00 元" in shown
    settlement = f"{page}/settlement"
    assert as_manager.post(settlement, data={"revision": "1"}).status_code == 409
    assert as_manager.post(settlement, data={"revision": str(revision)}).status_code == 303
    assert "settlement" not in as_manager.get(f"{page}/instalments").text
    assert as_manager.get(f"{page}/final-account.pdf").data.startswith(b"%PDF-")
    assert "双方协商一致" in as_manager.get(page).text
