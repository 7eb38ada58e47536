"""How the room's firm pays: a bill by transfer that is paid, and the invoice that it asked for."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from counselhub.billing.models import (
    Bill,
    BillDifference,
    BillPayment,
    InvoiceRequest,
    Plan,
    StripeEvent,
    Subscription,
)
from counselhub.core import clock
from counselhub.core.db import db
from tests.billing.plans import add_plan

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add(room: "Room") -> None:
    """Write it under the platform's scope, as the actions do."""
    add_plan()
    firm_id, token, now = room.tenant.firm_id, room.token, clock.now()
    plan = db.session.scalars(select(Plan).where(Plan.code == "standard")).one()
    db.session.add(
        Subscription(
            firm_id=firm_id,
            plan_id=plan.id,
            provider="transfer",
            grace_from=date(2026, 1, 1),
            stripe_customer=f"cus_{token}",
        )
    )
    bill = Bill(
        firm_id=firm_id,
        number=f"ZZ{token}",
        provider="transfer",
        status="open",
        interval="month",
        seats=5,
        period_start=date(2026, 10, 1),
        period_end=date(2026, 10, 31),
        lines=[["seats", 19_800]],
        total_fen=19_800,
        made_at=now,
    )
    db.session.add(bill)
    db.session.flush()
    payment = BillPayment(
        firm_id=firm_id,
        bill_id=bill.id,
        kind="transfer",
        amount_fen=100,
        on_day=date(2026, 10, 1),
        bank_reference=f"流水{token}",
        by_name="平台",
        made_at=now,
    )
    request = InvoiceRequest(
        firm_id=firm_id,
        bill_id=bill.id,
        kind="plain",
        title=f"抬头{token}",
        tax_number="91350100M000100Y43",
        asked_at=now,
        asked_by_name=f"申请{token}",
    )
    event = StripeEvent(
        id=f"evt_{token}",
        type="invoice.paid",
        api_version="",
        customer=f"cus_{token}",
        created_at=now,
        received_at=now,
        handled_at=now,
        body="{}",
    )
    difference = BillDifference(
        firm_id=firm_id, found_at=now, what="seats", ours=token, theirs=token
    )
    db.session.add_all([payment, request, event, difference])
    db.session.flush()
    room.note(
        bill_id=bill.id,
        transfer_id=bill.id,
        bill_payment_id=payment.id,
        invoice_request_id=request.id,
    )
