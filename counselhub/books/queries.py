"""The sums that the rules of the books look at: a fixed number of statements, however many rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ScalarSelect, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import joinedload

from counselhub.books import taken
from counselhub.books.rules import Books, LineTwice, ListDigest, ReceiptSums, StatementSums
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.payments import rules as lists
from counselhub.payments.kinds import LIVE, ItemStatus
from counselhub.payments.models import PaymentItem, PaymentList
from counselhub.payments.rows import row_of
from counselhub.receipts.models import BankReceipt, ReceiptAllocation
from counselhub.receipts.queries import received_fen, written_off_fen
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import StatementStatus

S, L, P = Statement, StatementLine, PaymentItem
ACT = "check_books"
REPEATED = (LineKind.ADJUSTMENT, LineKind.RELEASE)
"""Kinds of lines that tell of a month which another statement has paid."""


def books(scope: Scope) -> Books:
    """Return the books as `scope` sees them: a firm its own with its bank, an office its street."""
    is_firm = scope.kind is ScopeKind.FIRM
    return Books(
        statements=_statements(),
        twice=_twice(),
        receipts=_receipts() if is_firm else (),
        lists=() if is_firm else _lists(),
        adjustments=taken.adjustments(),
        clawbacks=taken.clawbacks(),
    )


def _lines_fen() -> ScalarSelect[int]:
    return (
        select(cast(func.coalesce(func.sum(L.amount_fen), 0), BigInteger))
        .where(L.firm_id == S.firm_id, L.statement_id == S.id)
        .correlate(S)
        .scalar_subquery()
    )


def _funding_fen() -> ScalarSelect[int]:
    share = func.jsonb_array_elements(cast(S.funding, JSONB)).table_valued("value")
    fen = cast(func.sum(cast(share.c.value.op("->>")(1), BigInteger)), BigInteger)
    return select(func.coalesce(fen, 0)).select_from(share).correlate(S).scalar_subquery()


def _statements() -> list[StatementSums]:
    of_items = (
        select(
            P.firm_id,
            P.statement_id,
            func.count().label("live"),
            func.max(P.amount_fen).label("fen"),
            func.bool_or(P.status == ItemStatus.PAID).label("is_paid"),
        )
        .where(P.status.in_(LIVE))
        .group_by(P.firm_id, P.statement_id)
        .subquery()
    )
    query = (
        select(
            S.id,
            S.number,
            S.status,
            S.total_fen,
            _lines_fen(),
            _funding_fen(),
            S.paid_fen,
            received_fen(),
            written_off_fen(),
            func.coalesce(of_items.c.live, 0),
            of_items.c.fen,
            func.coalesce(of_items.c.is_paid, False),
        )
        .outerjoin(of_items, (of_items.c.firm_id == S.firm_id) & (of_items.c.statement_id == S.id))
        .where(S.status != StatementStatus.VOID)
        .order_by(S.month, S.number)
    )
    return [StatementSums(*row) for row in db.session.execute(query)]


def _twice() -> list[LineTwice]:
    """Lines of one contract, community, kind and month that two statements pay."""
    query = (
        select(
            func.min(cast(L.statement_id, S.number.type)),
            L.contract_number,
            L.community_code,
            L.kind,
            L.month,
            func.count(L.statement_id.distinct()),
        )
        .join(S, (S.firm_id == L.firm_id) & (S.id == L.statement_id))
        .where(S.status != StatementStatus.VOID, L.kind.notin_(REPEATED), L.amount_fen != 0)
        .group_by(L.firm_id, L.contract_number, L.community_code, L.kind, L.month)
        .having(func.count(L.statement_id.distinct()) > 1)
    )
    return [
        LineTwice(UUID(key), f"{contract} {community or ''} {kind} {month:%Y-%m}", count)
        for key, contract, community, kind, month, count in db.session.execute(query)
    ]


def _receipts() -> list[ReceiptSums]:
    given = (
        select(cast(func.coalesce(func.sum(ReceiptAllocation.amount_fen), 0), BigInteger))
        .where(
            ReceiptAllocation.firm_id == BankReceipt.firm_id,
            ReceiptAllocation.receipt_id == BankReceipt.id,
        )
        .correlate(BankReceipt)
        .scalar_subquery()
    )
    query = select(
        BankReceipt.id,
        BankReceipt.day,
        BankReceipt.payer,
        BankReceipt.amount_fen,
        BankReceipt.allocated_fen,
        given,
    ).order_by(BankReceipt.day, BankReceipt.id)
    return [
        ReceiptSums(key, f"{day} {payer}", *sums)
        for key, day, payer, *sums in db.session.execute(query)
    ]


def _lists() -> list[ListDigest]:
    """Lists that were sent, each with the digest of the rows that went out with it."""
    query = (
        select(PaymentList, P)
        .join(P, P.list_id == PaymentList.id)
        .options(joinedload(P.statement))
        .where(PaymentList.digest.is_not(None), P.published_at.is_not(None))
        .order_by(PaymentList.number, P.position)
    )
    rows: dict[UUID, tuple[PaymentList, list[lists.Row]]] = {}
    for found, item in db.session.execute(query):
        rows.setdefault(found.id, (found, []))[1].append(row_of(item))
    return [
        ListDigest(found.id, found.number, found.digest or "", lists.digest(found.number, sent))
        for found, sent in rows.values()
    ]


def last_check(scope: Scope) -> tuple[datetime, dict[str, Any]] | None:
    """Return when the night last looked at the books of `scope`, and what it found."""
    query = (
        select(AccountEvent.at, AccountEvent.detail)
        .where(
            AccountEvent.kind == scope.kind.value,
            AccountEvent.key == scope.key,
            AccountEvent.act == ACT,
        )
        .order_by(AccountEvent.at.desc(), AccountEvent.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row else None
