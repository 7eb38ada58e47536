"""What was booked between a firm and a street, and the statements of account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import joinedload

from counselhub.balances.kinds import EntryKind
from counselhub.balances.models import Balance, BalanceDispute
from counselhub.balances.rules import Entry, Owed
from counselhub.core import clock
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.core.sorting import Sorts, ordered
from counselhub.people.models import Firm
from counselhub.places.models import Street
from counselhub.receipts.kinds import WriteOffStatus
from counselhub.receipts.models import ReceiptAllocation, WriteOff
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

SIGNED = (
    StatementStatus.SIGNED,
    StatementStatus.PAYABLE,
    StatementStatus.PAID,
    StatementStatus.RECONCILED,
)
BALANCE_SORTS: Sorts = {
    "last": (Balance.last_on, Balance.id),
    "status": (Balance.status, Balance.last_on, Balance.id),
}


@dataclass(frozen=True, slots=True)
class Booked:
    """All that was booked between one firm and one street, ever."""

    entries: Sequence[Entry]
    owed: Sequence[Owed]


def booked(firm_id: UUID, street_code: str) -> Booked:
    """Return it with three statements: what was signed and paid, received, let go."""
    statements = _statements(firm_id, street_code)
    entries = [one for row in statements for one in _of_statement(row)]
    entries += _received(firm_id, street_code) + _written_off(firm_id, street_code)
    owed = [
        Owed(clock.local(row.signed_at).date(), row.paid_on, row.payable_fen)
        for row in statements
        if row.signed_at
    ]
    return Booked(entries, owed)


def _statements(firm_id: UUID, street_code: str) -> list[Statement]:
    query = select(Statement).where(
        Statement.firm_id == firm_id,
        Statement.street_code == street_code,
        Statement.status.in_(SIGNED),
        Statement.signed_at.is_not(None),
    )
    return list(db.session.scalars(query.order_by(Statement.month, Statement.id)))


def _of_statement(row: Statement) -> list[Entry]:
    signed_on = clock.local(row.signed_at).date() if row.signed_at else row.month
    key = str(row.id)
    found = [Entry(signed_on, EntryKind.DUE, f"due:{row.id}", row.number, row.payable_fen, key)]
    if row.paid_on is not None:
        label = " ".join(filter(None, (row.number, row.payment_reference)))
        paid_fen = row.paid_fen or 0
        found.append(Entry(row.paid_on, EntryKind.PAID, f"paid:{key}", label, paid_fen, key))
    return found


def _received(firm_id: UUID, street_code: str) -> list[Entry]:
    """Allocations by the day on which they were booked: a period that is past does not change."""
    query = (
        select(ReceiptAllocation, Statement.number)
        .join(ReceiptAllocation.statement)
        .where(ReceiptAllocation.firm_id == firm_id, ReceiptAllocation.street_code == street_code)
    )
    return [
        Entry(
            clock.local(row.made_at).date(),
            EntryKind.RECEIVED,
            f"received:{row.id}",
            f"{number} {row.received_on}",
            row.amount_fen,
            str(row.statement_id),
        )
        for row, number in db.session.execute(query)
    ]


def _written_off(firm_id: UUID, street_code: str) -> list[Entry]:
    query = (
        select(WriteOff, Statement.number)
        .join(WriteOff.statement)
        .where(
            WriteOff.firm_id == firm_id,
            WriteOff.street_code == street_code,
            WriteOff.status == WriteOffStatus.MADE,
        )
    )
    return [
        Entry(
            row.made_on,
            EntryKind.WRITTEN_OFF,
            f"written_off:{row.id}",
            f"{number} {row.words}",
            row.amount_fen,
            str(row.statement_id),
        )
        for row, number in db.session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list was asked for; '' for any."""

    q: str = ""
    status: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read it from an address."""
        return cls(**{name: args.get(name, "").strip() for name in cls.__slots__})


def balances(asked: Asked, sort: str) -> Select[Balance]:
    """Select statements of account, the newest period first unless sorted otherwise."""
    query = (
        visible(Balance)
        .join(Balance.street)
        .outerjoin(Balance.firm)
        .options(joinedload(Balance.street), joinedload(Balance.firm))
    )
    if asked.status:
        query = query.where(Balance.status == asked.status)
    if asked.q:
        query = query.where(
            Street.name.contains(asked.q, autoescape=True)
            | Firm.name.contains(asked.q, autoescape=True)
        )
    return ordered(query, BALANCE_SORTS, sort)


def partners() -> Sequence[Row[UUID, str, str, str]]:
    """Return (firm, its name, street, its name) of everybody who has a signed statement here."""
    query = (
        select(Statement.firm_id, Firm.name, Statement.street_code, Street.name)
        .join(Statement.firm)
        .join(Statement.street)
        .where(Statement.status.in_(SIGNED))
        .distinct()
        .order_by(Firm.name, Street.name, Statement.firm_id, Statement.street_code)
    )
    return db.session.execute(query).all()


def disputes(balance_id: UUID) -> list[BalanceDispute]:
    """Return what is or was disputed on a statement of account, oldest first."""
    query = select(BalanceDispute).where(BalanceDispute.balance_id == balance_id)
    return list(db.session.scalars(query.order_by(BalanceDispute.raised_at, BalanceDispute.id)))


def of_period(firm_id: UUID, street_code: str, first: date, last: date) -> Balance | None:
    """Return the statement of account of exactly this period, None when there is none yet."""
    query = select(Balance).where(
        Balance.firm_id == firm_id,
        Balance.street_code == street_code,
        Balance.first_on == first,
        Balance.last_on == last,
    )
    return db.session.scalar(query)
