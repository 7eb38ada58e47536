"""Made-up receipts of a firm, and statements that its street has paid."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.places.models import Street
from counselhub.receipts.models import BankFormat, BankReceipt
from counselhub.review import actions as review
from tests.factories import Tenant, number
from tests.payments import make
from tests.review.factories import Made, at_office, officer


def finance(tenant: Tenant, name: str = "某财务") -> Member:
    """A person of the firm's finance, with an id of its own."""
    return Member(uuid7(), name, Role.FINANCE, tenant.scope, "测试所")


def paid(app: Flask, tenant: Tenant) -> tuple[Made, int]:
    """The October statement, paid by its street today; and what was paid, in fen."""
    made = make.payable(app, tenant)
    with at_office(app, tenant.town):
        statement = made.get()
        fen = statement.payable_fen
        review.pay(
            statement,
            paid_on=clock.today(),
            amount_fen=fen,
            reference="GK-2026-000123",
            by=officer(tenant.town),
        )
    return made, fen


def receipt(app: Flask, tenant: Tenant, amount_fen: int, **more: Any) -> UUID:
    """A receipt of today, of the street's finance unless said otherwise."""
    with app.test_request_context(), as_scope(tenant.scope):
        street = db.session.get_one(Street, tenant.town.street_code)
        bank = db.session.scalar(db.select(BankFormat)) or BankFormat(name="某行", columns={})
        db.session.add(bank)
        db.session.flush()
        values: dict[str, Any] = {
            "day": date(2026, 11, 5),
            "payer": f"某市{street.name}财政所",
            "account": "",
            "reference": "",
            "serial": "",
            **more,
        }
        row = BankReceipt(
            format_id=bank.id,
            digest=f"{number():064d}",
            amount_fen=amount_fen,
            imported_at=clock.now(),
            imported_by_name="某财务",
            **values,
        )
        db.session.add(row)
        db.session.commit()
        return row.id
