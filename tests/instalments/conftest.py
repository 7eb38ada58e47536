"""A contract whose base is paid by instalments, and what is done about it in tests."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from counselhub.contracts.models import Contract
from counselhub.core.db import db
from counselhub.core.tenancy import as_firm
from counselhub.instalments import plan_actions, queries
from counselhub.instalments.invoice_actions import Entry
from counselhub.instalments.models import Instalment
from counselhub.instalments.payment_actions import Receipt
from counselhub.instalments.plan_actions import Row
from counselhub.instalments.rules import Share
from tests.factories import Tenant


def row(share: Decimal | int, *, is_retention: bool = False, **more: Any) -> Row:
    """A row of a plan, due on a day that has passed."""
    values = {
        "name": "首期款",
        "subject": "base",
        "condition": "day",
        "due_on": date(2026, 3, 1),
        "share": Share(share, is_retention),
    }
    return Row(**(values | more))


def receipt(amount_fen: int, **more: Any) -> Receipt:
    """A receipt of the street."""
    values = {
        "paid_on": date(2026, 3, 9),
        "amount_fen": amount_fen,
        "reference": "LS-0001",
        "payer": "测试街道办事处",
    }
    return Receipt(**(values | more))


def entry(amount_fen: int, **more: Any) -> Entry:
    """An electronic invoice."""
    values = {
        "kind": "electronic",
        "number": "26442000000000000001",
        "code": None,
        "issued_on": date(2026, 3, 5),
        "amount_fen": amount_fen,
        "tax_percent": Decimal(6),
        "buyer": "测试街道办事处",
        "buyer_tax_number": None,
    }
    return Entry(**(values | more))


@pytest.fixture
def inside(app: Flask, tenant: Tenant) -> Iterator[Contract]:
    """The tenant's contract, inside its firm; the base is paid by instalments."""
    with app.test_request_context(), as_firm(tenant.firm_id):
        contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
        plan_actions.settle_payment(contract, "both", by=tenant.member())
        db.session.flush()
        yield contract


Planned = Callable[..., list[Instalment]]


@pytest.fixture
def planned(inside: Contract, tenant: Tenant) -> Planned:
    """Plan the contract in percent, and let fall due what has a day that has passed."""

    def make(*rows: Row) -> list[Instalment]:
        by = tenant.member()
        plan_actions.plan(inside, rows, in_percent=True, by=by)
        plan_actions.pass_days(date(2026, 11, 1), by=by)
        db.session.flush()
        return queries.of_contract(inside)

    return make


@pytest.fixture
def kept(app: Flask, tenant: Tenant) -> Callable[..., list[Any]]:
    """Commit a plan of 60 % due, 30 % by acceptance, 10 % kept back; return the ids."""

    def make() -> list[Any]:
        with app.test_request_context(), as_firm(tenant.firm_id):
            contract = db.session.get_one(Contract, (tenant.firm_id, tenant.contract_id))
            by = tenant.member()
            plan_actions.settle_payment(contract, "both", by=by)
            rows = (
                row(Decimal(60)),
                row(Decimal(30), name="验收款", condition="acceptance", due_on=None),
                row(
                    Decimal(10),
                    name="考核预留",
                    condition="assessment",
                    due_on=None,
                    is_retention=True,
                ),
            )
            plan_actions.plan(contract, rows, in_percent=True, by=by)
            plan_actions.pass_days(date(2026, 11, 1), by=by)
            db.session.commit()
            return [one.id for one in queries.of_contract(contract)]

    return make
