"""Lists, receipts, allocations, write-offs and accounts of the room's firm, all marked."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from counselhub.balances.models import Balance, BalanceDispute
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.payments import sheet
from counselhub.payments.models import PaymentItem, PaymentLayout, PaymentList
from counselhub.receipts import files
from counselhub.receipts.models import (
    BankFormat,
    BankReceipt,
    ReceiptAllocation,
    WriteOff,
    WriteOffRule,
)

AT = datetime(2026, 9, 8, 10, tzinfo=clock.SHANGHAI)
DAY = date(2026, 9, 8)


def add(room: Any) -> None:
    """Add what the firm's finance keeps, and an account that both sides see."""
    token, street = room.token, room.tenant.town.street_code
    statement_id = UUID(room.ids["statement_id"])
    bank = BankFormat(name=f"某行{token}", columns={"day": "日期"})
    db.session.add(bank)
    db.session.flush()
    receipt = BankReceipt(
        format_id=bank.id,
        digest=token,
        day=DAY,
        amount_fen=500,
        allocated_fen=100,
        payer=f"付款人{token}",
        account=f"62{token}",
        reference=f"摘要{token}",
        serial=token,
        imported_at=AT,
        imported_by_name="某财务",
    )
    db.session.add_all([receipt, WriteOffRule(limit_fen=100)])
    db.session.flush()
    given = ReceiptAllocation(
        receipt_id=receipt.id,
        statement_id=statement_id,
        street_code=street,
        amount_fen=100,
        received_on=DAY,
        how="hand",
        made_at=AT,
        made_by_name=f"财务{token}",
    )
    offs = [_write_off(room, statement_id, status) for status in ("asked", "made")]
    db.session.add_all([given, *offs])
    db.session.flush()
    history.record(receipt, "allocate", by=room.tenant.member(Role.FINANCE), words=token)
    room.note(
        receipt_id=receipt.id,
        receipt_allocation_id=given.id,
        write_off_id=offs[0].id,
        receipt_digest=files.keep(room.tenant.firm_id, f"日期,金额,对方户名\n,,{token}".encode()),
    )
    _add_account(room)


def _write_off(room: Any, statement_id: UUID, status: str) -> WriteOff:
    return WriteOff(
        statement_id=statement_id,
        street_code=room.tenant.town.street_code,
        amount_fen=1,
        words=f"核销{room.token}",
        is_over_limit=False,
        status=status,
        made_on=DAY,
        asked_at=AT,
        asked_by_name="某财务",
    )


def _add_account(room: Any) -> None:
    street = room.tenant.town.street_code
    sums = dict.fromkeys(
        ("opening_unpaid", "due", "paid", "unpaid", "opening_on_way", "received", "written_off"), 0
    )
    line = {"day": "2026-09-08", "kind": "due", "key": "due:1", "label": f"JS-{room.token}"}
    account = Balance(
        street_code=street,
        first_on=DAY,
        last_on=DAY,
        figures={**sums, "on_way": 0, "ageing": [0, 0, 0, 0]},
        entries=[{**line, "amount_fen": 1, "statement": room.ids["statement_id"]}],
        digest=room.token,
        drawn_at=AT,
        drawn_by_name=f"财务{room.token}",
    )
    db.session.add(account)
    db.session.flush()
    dispute = BalanceDispute(
        balance_id=account.id,
        street_code=street,
        line="",
        side="firm",
        words=f"异议{room.token}",
        raised_at=AT,
        raised_by_name="某财务",
    )
    db.session.add(dispute)
    db.session.flush()
    room.note(balance_id=account.id, balance_dispute_id=dispute.id)


def add_lists(room: Any) -> None:
    """Add a list that was sent, with the firm's row, one that the firm does not see, a layout."""
    here, token = room.tenant, room.token
    street = here.town.street_code
    shared: dict[str, Any] = {
        "street_code": street,
        "made_at": AT,
        "made_by_name": f"经办{token}",
    }
    sent = PaymentList(**shared, number=f"ZF-{token}", status="sent", sent_at=AT, digest=token)
    draft = PaymentList(**shared, number=f"ZF-{token}-D")
    db.session.add_all([sent, draft])
    db.session.flush()
    items = [
        PaymentItem(
            firm_id=here.firm_id,
            list_id=one.id,
            statement_id=UUID(room.ids["statement_id"]),
            street_code=street,
            position=1,
            amount_fen=1,
            payee={"name": f"所{token}", "bank": "某行", "account": "62"},
            funding=[["街道", 1]],
            status=status,
            published_at=at,
        )
        for one, status, at in ((sent, "listed", AT), (draft, "dropped", None))
    ]
    db.session.add_all(items)
    if db.session.scalar(db.select(PaymentLayout.id)) is None:
        db.session.add(
            PaymentLayout(
                street_code=street,
                name="某版式.xlsx",
                content=sheet.sample(),
                sha256="0",
                kept_at=AT,
                kept_by_name="某经办",
            )
        )
    db.session.flush()
    by = Member(None, f"经办{token}", Role.CHECKER, here.town.scope, "测试司法所")
    history.record(items[0], "list_item", by=by, street_code=street)
    room.note(payment_list_id=sent.id, payment_item_id=items[0].id)
