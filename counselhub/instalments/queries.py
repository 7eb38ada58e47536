"""Instalments of a contract, lists of them and of invoices, what is in the way of one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock, pinyin
from counselhub.core.db import db
from counselhub.instalments.kinds import LIVE, OPEN, InstalmentStatus
from counselhub.instalments.models import Instalment, InstalmentFile, InstalmentPayment, Invoice
from counselhub.instalments.rules import BUCKETS, OLDEST
from counselhub.places.models import Community
from counselhub.statements.models import Statement, StatementLine

SORTS = {
    "due": (Instalment.due_on, Instalment.id),
    "contract": (Contract.number, Instalment.position),
    "amount": (Instalment.amount_fen, Instalment.id),
    "status": (Instalment.status, Instalment.id),
}
INVOICE_SORTS = {
    "issued": (Invoice.issued_on, Invoice.id),
    "number": (Invoice.number, Invoice.id),
    "amount": (Invoice.amount_fen, Invoice.id),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of instalments is asked for; blank asks for nothing. month: its first day."""

    words: str = ""
    status: str = ""
    bucket: str = ""
    month: date | None = None


def instalments(asked: Asked) -> Select[Instalment]:
    """Select instalments with contract, street and firm, as they are asked for, unordered."""
    query = (
        select(Instalment)
        .join(Instalment.contract)
        .options(
            contains_eager(Instalment.contract),
            joinedload(Instalment.street),
            joinedload(Instalment.firm),
        )
    )
    for word in asked.words.lower().split():
        query = query.where(_finds(word))
    if asked.status == "open":
        query = query.where(Instalment.status.in_(OPEN))
    elif asked.status:
        query = query.where(Instalment.status == asked.status)
    if asked.bucket in _bounds():
        query = query.where(Instalment.status.in_(OPEN), _waits(asked.bucket))
    if asked.month:
        after = clock.next_month(asked.month)
        query = query.where(Instalment.due_on >= asked.month, Instalment.due_on < after)
    return query


def _finds(word: str) -> ColumnElement[bool]:
    """Say that a word is in the contract's number, the instalment's name or a community of it."""
    of_places = (
        select(ContractCommunity.contract_id)
        .join(Community, Community.code == ContractCommunity.community_code)
        .where(pinyin.finds(Community.search, word))
    )
    return or_(
        func.lower(Contract.number).contains(word, autoescape=True),
        func.lower(Instalment.name).contains(word, autoescape=True),
        Contract.id.in_(of_places),
    )


def _bounds() -> dict[str, tuple[date | None, date]]:
    """Return the first and last due day of each bucket of ageing; the oldest has no first."""
    today = clock.today()
    bounds: dict[str, tuple[date | None, date]] = {}
    last = today
    for most, name in BUCKETS:
        bounds[name] = (today - timedelta(days=most), last)
        last = today - timedelta(days=most + 1)
    bounds[OLDEST] = (None, last)
    return bounds


def _waits(bucket: str) -> ColumnElement[bool]:
    first, last = _bounds()[bucket]
    since = Instalment.due_on <= last
    return since if first is None else and_(since, Instalment.due_on >= first)


def ageing() -> dict[str, tuple[int, int]]:
    """Return (number, fen) of what is unpaid by how long it has been due; one statement."""
    unpaid = Instalment.amount_fen - Instalment.paid_fen
    columns = []
    for name in _bounds():
        columns += [
            func.count().filter(_waits(name)).label(f"count_{name}"),
            func.coalesce(func.sum(unpaid).filter(_waits(name)), 0).label(f"fen_{name}"),
        ]
    found = db.session.execute(select(*columns).where(Instalment.status.in_(OPEN))).one()
    pairs = ((count, int(fen)) for count, fen in zip(found[::2], found[1::2], strict=True))
    return dict(zip(_bounds(), pairs, strict=True))


def months_ahead(first: date, months: int) -> list[tuple[date, int, int]]:
    """Return (month, number, unpaid fen) of what falls due in so many months from `first` on."""
    month = func.date_trunc("month", Instalment.due_on).cast(Instalment.due_on.type)
    last = first
    for _each in range(months):
        last = clock.next_month(last)
    query = (
        select(month, func.count(), func.sum(Instalment.amount_fen - Instalment.paid_fen))
        .where(
            Instalment.due_on >= first,
            Instalment.due_on < last,
            Instalment.status.not_in((InstalmentStatus.PAID, InstalmentStatus.CANCELLED)),
        )
        .group_by(month)
        .order_by(month)
    )
    return [(month, count, int(fen)) for month, count, fen in db.session.execute(query)]


def of_contract(contract: Contract) -> list[Instalment]:
    """Return a contract's instalments in their order."""
    query = select(Instalment).where(Instalment.contract_id == contract.id)
    return list(db.session.scalars(query.order_by(Instalment.position, Instalment.id)))


def open_from(instalment: Instalment) -> list[Instalment]:
    """Return what the contract still owes, this instalment first, then the others in order.

    They are locked until the end of the transaction.
    """
    query = (
        select(Instalment)
        .where(Instalment.contract_id == instalment.contract_id, Instalment.status.in_(OPEN))
        .order_by(Instalment.id != instalment.id, Instalment.due_on, Instalment.position)
        .with_for_update()
    )
    return list(db.session.scalars(query))


def invoices_of(ids: Collection[UUID]) -> list[Invoice]:
    """Return the invoices of some instalments, oldest first."""
    query = select(Invoice).where(Invoice.instalment_id.in_(ids))
    return list(db.session.scalars(query.order_by(Invoice.issued_on, Invoice.id)))


def payments_of(ids: Collection[UUID]) -> list[InstalmentPayment]:
    """Return the payments of some instalments and their reversals, oldest first."""
    query = select(InstalmentPayment).where(InstalmentPayment.instalment_id.in_(ids))
    return list(db.session.scalars(query.order_by(InstalmentPayment.paid_on, InstalmentPayment.id)))


def files_of(ids: Collection[UUID]) -> list[InstalmentFile]:
    """Return the files of some instalments, without their bytes, oldest first."""
    query = select(InstalmentFile).where(InstalmentFile.instalment_id.in_(ids))
    return list(db.session.scalars(query.order_by(InstalmentFile.added_at, InstalmentFile.id)))


def invoices(words: str) -> Select[Invoice]:
    """Select invoices with instalment, contract and firm by a word in number, code or buyer."""
    query = (
        select(Invoice)
        .join(Invoice.instalment)
        .join(Instalment.contract)
        .options(
            contains_eager(Invoice.instalment).contains_eager(Instalment.contract),
            contains_eager(Invoice.instalment).joinedload(Instalment.firm),
        )
    )
    if words:
        pattern = pinyin.patterns("".join(words.split()))[0]
        found = func.invoices_matching(pattern).column_valued("found")
        query = query.where(Invoice.id.in_(select(found)))
    return query


def same_invoice(number: str, code: str | None) -> Invoice | None:
    """Return the firm's invoice of this number and code, with its contract; None for none."""
    query = (
        select(Invoice)
        .where(Invoice.number == number, Invoice.code.is_not_distinct_from(code))
        .options(joinedload(Invoice.instalment).joinedload(Instalment.contract))
    )
    return db.session.scalars(query).first()


def line_in_the_way(
    contract_id: UUID, subjects: Collection[str]
) -> Row[StatementLine, Statement] | None:
    """Return the first (line, statement) that has paid one of `subjects` under a contract."""
    query = (
        select(StatementLine, Statement)
        .join(
            Statement,
            (Statement.firm_id == StatementLine.firm_id)
            & (Statement.id == StatementLine.statement_id),
        )
        .options(joinedload(StatementLine.community))
        .where(
            StatementLine.contract_id == contract_id,
            StatementLine.kind.in_(subjects),
            StatementLine.amount_fen != 0,
            Statement.status != "void",
        )
        .order_by(StatementLine.month, StatementLine.position)
        .limit(1)
    )
    return db.session.execute(query).first()


def live_of(contract_id: UUID, subjects: Collection[str]) -> Sequence[Instalment]:
    """Return the instalments of a contract that pay one of `subjects`."""
    query = select(Instalment).where(
        Instalment.contract_id == contract_id,
        Instalment.subject.in_(subjects),
        Instalment.status.in_(LIVE),
    )
    return db.session.scalars(query.order_by(Instalment.position)).all()


def falling_due(today: date) -> Sequence[Instalment]:
    """Return planned instalments whose day has come with their contracts, locked."""
    query = (
        select(Instalment)
        .options(joinedload(Instalment.contract))
        .where(
            Instalment.status == InstalmentStatus.PLANNED,
            Instalment.condition == "day",
            Instalment.due_on <= today,
        )
        .order_by(Instalment.id)
        .with_for_update(of=Instalment)
    )
    return db.session.scalars(query).all()
