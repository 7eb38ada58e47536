"""Receipts, allocations and what is still due, as pages, rules and actions ask for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from counselhub.core import clock
from counselhub.core.access import visible
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.sorting import Sorts, ordered
from counselhub.places.models import Street
from counselhub.receipts.kinds import ReceiptState, ReceiptStatus, WriteOffStatus
from counselhub.receipts.mapping import Mapping as Columns
from counselhub.receipts.matching import DueFact, ReceiptFact, payer_key
from counselhub.receipts.models import (
    BankFormat,
    BankReceipt,
    ReceiptAllocation,
    WriteOff,
    WriteOffRule,
)
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

R, A = BankReceipt, ReceiptAllocation
PAID = (StatementStatus.PAID, StatementStatus.RECONCILED)
DEFAULT_LIMIT_FEN = 100
"""One yuan: what a fee of the bank may take off."""
RECEIPT_SORTS: Sorts = {
    "day": (R.day, R.id),
    "amount": (R.amount_fen, R.id),
    "payer": (R.payer, R.day, R.id),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list of receipts was asked for; state: one of ReceiptState, '' for any."""

    q: str = ""
    state: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read it from an address."""
        return cls(**{name: args.get(name, "").strip() for name in cls.__slots__})


def _states() -> dict[str, ColumnElement[bool]]:
    is_open = R.status == ReceiptStatus.OPEN
    return {
        ReceiptState.UNMATCHED: and_(is_open, R.allocated_fen == 0),
        ReceiptState.PART: and_(is_open, R.allocated_fen > 0, R.allocated_fen < R.amount_fen),
        ReceiptState.MATCHED: and_(is_open, R.allocated_fen == R.amount_fen),
        ReceiptState.ASIDE: R.status == ReceiptStatus.ASIDE,
    }


def state_of(receipt: BankReceipt) -> ReceiptState:
    """Return how far a receipt is matched."""
    if receipt.status == ReceiptStatus.ASIDE:
        return ReceiptState.ASIDE
    if receipt.rest_fen == 0:
        return ReceiptState.MATCHED
    return ReceiptState.PART if receipt.allocated_fen else ReceiptState.UNMATCHED


def _in_month(month: date) -> ColumnElement[bool]:
    return R.day.between(month, clock.last_day(month))


def receipts(month: date, asked: Asked, sort: str) -> Select[BankReceipt]:
    """Select a month's receipts: its index leads to them, and the words are looked for in them."""
    query = visible(R).where(_in_month(month))
    if asked.state in _states():
        query = query.where(_states()[asked.state])
    if asked.q:
        words = (R.payer, R.account, R.reference, R.serial)
        query = query.where(or_(*(one.contains(asked.q, autoescape=True) for one in words)))
    return ordered(query, RECEIPT_SORTS, sort)


def tallies(month: date) -> dict[str, tuple[int, int]]:
    """Return (how many, what of them is open in fen) of a month's receipts by state, in one go."""
    rest = cast(func.coalesce(func.sum(R.amount_fen - R.allocated_fen), 0), BigInteger)
    state = case(*((condition, code) for code, condition in _states().items()))
    query = select(state, func.count(), rest).where(_in_month(month)).group_by(state)
    return {code: (count, fen) for code, count, fen in db.session.execute(query)}


def _sum(model: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    total = cast(func.coalesce(func.sum(model.amount_fen), 0), BigInteger)
    return (
        select(total)
        .where(model.firm_id == Statement.firm_id, model.statement_id == Statement.id, *conditions)
        .correlate(Statement)
        .scalar_subquery()
    )


def received_fen() -> ScalarSelect[int]:
    """What was allocated to a statement, un-matches taken off."""
    return _sum(A)


def written_off_fen() -> ScalarSelect[int]:
    """What was let go of a statement."""
    return _sum(WriteOff, WriteOff.status == WriteOffStatus.MADE)


def due_fen() -> ColumnElement[int]:
    """What the street says that it paid and the firm has neither received nor let go."""
    paid = func.coalesce(Statement.paid_fen, 0)
    due: ColumnElement[int] = paid - received_fen() - written_off_fen()
    return due


def receivables(q: str = "", *, is_open: bool = True) -> Select[Any]:
    """Select (statement, received, written off) of what streets have paid, the oldest first.

    is_open: only what is not settled yet.
    """
    query = (
        visible(Statement)
        .join(Statement.street)
        .options(joinedload(Statement.street))
        .add_columns(received_fen().label("received"), written_off_fen().label("written_off"))
        .where(Statement.status == StatementStatus.PAID if is_open else Statement.status.in_(PAID))
        .order_by(Statement.month, Street.code, Statement.id)
    )
    if q:
        query = query.where(
            or_(
                Statement.number.contains(q, autoescape=True),
                Street.name.contains(q, autoescape=True),
            )
        )
    return query


def balance(statement_id: UUID) -> tuple[int, int]:
    """Return (received, written off) of a statement, in fen."""
    query = select(received_fen(), written_off_fen()).where(Statement.id == statement_id)
    received, written = db.session.execute(query).one()
    return received, written


def balances(ids: Collection[UUID]) -> dict[UUID, int]:
    """Return what each of these statements has got already: received and let go, in fen."""
    query = select(Statement.id, received_fen() + written_off_fen()).where(among(Statement.id, ids))
    return dict(row for row in db.session.execute(query))


def dues() -> list[DueFact]:
    """Return the statements that are paid and not received whole, as the rules know them."""
    query = (
        select(
            Statement.id,
            Statement.number,
            Statement.street_code,
            Street.name,
            Statement.month,
            due_fen(),
            Statement.payment_reference,
        )
        .join(Statement.street)
        .where(Statement.status == StatementStatus.PAID, Statement.paid_fen > 0)
    )
    rows = db.session.execute(query).all()
    return [DueFact(*row[:6], row[6] or "") for row in rows if row[5] > 0]


def open_receipts(receipt_id: UUID | None = None) -> list[ReceiptFact]:
    """Return the receipts of which something is open, as the rules know them."""
    query = select(R.id, R.day, R.amount_fen - R.allocated_fen, R.payer, R.reference).where(
        R.status == ReceiptStatus.OPEN, R.allocated_fen < R.amount_fen
    )
    if receipt_id is not None:
        query = query.where(R.id == receipt_id)
    return [ReceiptFact(*row) for row in db.session.execute(query)]


def payers() -> dict[str, frozenset[str]]:
    """Return for which streets each payer has paid before, by `payer_key`."""
    query = select(R.payer, A.street_code).join(A.receipt).distinct()
    found: dict[str, set[str]] = {}
    for payer, street in db.session.execute(query):
        found.setdefault(payer_key(payer), set()).add(street)
    return {key: frozenset(streets) for key, streets in found.items()}


def allocations(receipt_id: UUID) -> list[ReceiptAllocation]:
    """Return the allocations of a receipt with statements and streets, oldest first."""
    query = (
        select(A)
        .where(A.receipt_id == receipt_id)
        .options(joinedload(A.statement).joinedload(Statement.street))
        .order_by(A.made_at, A.id)
    )
    return list(db.session.scalars(query))


def is_reversed(allocation_id: UUID) -> bool:
    """Say whether an allocation was taken back."""
    return bool(db.session.scalar(select(A.id).where(A.reverses_id == allocation_id)))


def waiting_write_offs() -> list[WriteOff]:
    """Return the write-offs that wait for another person, oldest first."""
    query = select(WriteOff).where(WriteOff.status == WriteOffStatus.ASKED)
    options = joinedload(WriteOff.statement).joinedload(Statement.street)
    return list(db.session.scalars(query.options(options).order_by(WriteOff.asked_at)))


def write_offs(statement_id: UUID) -> list[WriteOff]:
    """Return what was asked or let go of a statement, oldest first."""
    query = select(WriteOff).where(WriteOff.statement_id == statement_id)
    return list(db.session.scalars(query.order_by(WriteOff.asked_at, WriteOff.id)))


def receipts_of(statement_id: UUID) -> Sequence[Row[ReceiptAllocation, BankReceipt]]:
    """Return (allocation, receipt) of a statement, oldest first."""
    query = (
        select(A, R).join(A.receipt).where(A.statement_id == statement_id).order_by(A.made_at, A.id)
    )
    return db.session.execute(query).all()


def rule() -> WriteOffRule | None:
    """Return the firm's limit, None as long as it keeps the default."""
    return db.session.scalar(select(WriteOffRule))


def limit_fen() -> int:
    """Return up to which amount one person lets a difference go."""
    found = rule()
    return found.limit_fen if found else DEFAULT_LIMIT_FEN


def banks() -> list[str]:
    """Return the banks whose files were imported."""
    return list(db.session.scalars(select(BankFormat.name).order_by(BankFormat.name)))


def remembered(bank: str) -> Columns | None:
    """Return the columns of a bank's file as they were last used, None for a new bank."""
    columns = db.session.scalar(select(BankFormat.columns).where(BankFormat.name == bank))
    return Columns(columns) if columns else None


def known_digests(digests: Collection[str]) -> set[str]:
    """Return those of `digests` that were imported before."""
    if not digests:
        return set()
    return set(db.session.scalars(select(R.digest).where(R.digest == func.any(list(digests)))))
