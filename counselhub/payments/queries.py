"""Payment lists as pages and actions ask for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Row, Select, cast, func, or_, select
from sqlalchemy.orm import joinedload

from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.core.sorting import Sorts, ordered
from counselhub.payments.kinds import LIVE, ItemStatus
from counselhub.payments.models import PaymentItem, PaymentLayout, PaymentList
from counselhub.people.models import Firm
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

ITEMS = {
    "items": func.count(PaymentItem.id),
    "amount_fen": cast(func.coalesce(func.sum(PaymentItem.amount_fen), 0), BigInteger),
    "bounced": func.count(PaymentItem.id).filter(PaymentItem.status == ItemStatus.BOUNCED),
}
LIST_SORTS: Sorts = {
    "made": (PaymentList.made_at, PaymentList.id),
    "number": (PaymentList.number,),
    "status": (PaymentList.status, PaymentList.made_at, PaymentList.id),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list of lists was asked for; '' for any."""

    q: str = ""
    status: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read it from an address."""
        return cls(**{name: args.get(name, "").strip() for name in cls.__slots__})


def lists(asked: Asked, sort: str) -> Select[Any]:
    """Select (list, rows, sum of fen, bounced rows); rows that were taken out do not count."""
    query = (
        visible(PaymentList)
        .outerjoin(
            PaymentItem,
            (PaymentItem.list_id == PaymentList.id) & (PaymentItem.status != ItemStatus.DROPPED),
        )
        .add_columns(*ITEMS.values())
        .group_by(PaymentList.id)
    )
    if asked.status:
        query = query.where(PaymentList.status == asked.status)
    if asked.q:
        query = query.where(or_(PaymentList.number.contains(asked.q, autoescape=True), _of(asked)))
    return ordered(query, LIST_SORTS, sort)


def _of(asked: Asked) -> ColumnElement[bool]:
    """The lists that hold a statement, or pay a payee, of these words."""
    payee = PaymentItem.payee["name"].astext
    found = (
        select(PaymentItem.list_id)
        .join(PaymentItem.statement)
        .where(
            Statement.number.contains(asked.q, autoescape=True)
            | payee.contains(asked.q, autoescape=True)
        )
    )
    return PaymentList.id.in_(found)


def items(list_id: UUID) -> list[PaymentItem]:
    """Return the rows of a list with statement and firm, as they stand on it."""
    query = (
        select(PaymentItem)
        .where(PaymentItem.list_id == list_id)
        .options(joinedload(PaymentItem.statement), joinedload(PaymentItem.firm))
        .order_by(PaymentItem.position, PaymentItem.id)
    )
    return list(db.session.scalars(query))


def payable(firm: str = "") -> Select[Statement]:
    """Select what the street may put on a list: signed, above 0, on no live list.

    firm: a part of its name, or its id.
    """
    taken = select(PaymentItem.statement_id).where(
        PaymentItem.firm_id == Statement.firm_id,
        PaymentItem.statement_id == Statement.id,
        PaymentItem.status.in_(LIVE),
    )
    query = (
        visible(Statement)
        .join(Statement.firm)
        .options(joinedload(Statement.firm))
        .where(
            Statement.status == StatementStatus.PAYABLE,
            Statement.total_fen > 0,
            ~taken.exists(),
        )
        .order_by(Firm.name, Statement.month, Statement.id)
    )
    if firm:
        query = query.where(Firm.name.contains(firm, autoescape=True))
    return query


def payable_of(ids: Collection[UUID]) -> list[Statement]:
    """Return those of `ids` that may still be put on a list, firm by firm, locked."""
    query = payable().where(Statement.id.in_(ids))
    return list(db.session.scalars(query.with_for_update(of=Statement)))


def waiting(firm: str = "") -> Row[int, int]:
    """Return how many statements `payable` finds, and what they come to in fen."""
    found = payable(firm).order_by(None).subquery()
    total_fen = cast(func.coalesce(func.sum(found.c.total_fen), 0), BigInteger)
    query = select(func.count(), total_fen).select_from(found)
    return db.session.execute(query).one()


def live_lists(ids: Collection[UUID]) -> Sequence[Row[str, str]]:
    """Return (statement's number, list's number) of those statements that stand on a live list."""
    query = (
        select(Statement.number, PaymentList.number)
        .join(PaymentItem.statement)
        .join(PaymentItem.payment_list)
        .where(PaymentItem.statement_id.in_(ids), PaymentItem.status.in_(LIVE))
        .order_by(Statement.number)
    )
    return db.session.execute(query).all()


def layout(street_code: str) -> PaymentLayout | None:
    """Return the layout that a street's finance wants, None for our own."""
    return db.session.scalar(select(PaymentLayout).where(PaymentLayout.street_code == street_code))


def last_number(street_code: str, prefix: str) -> str | None:
    """Return the last list's number that begins with `prefix`, None before the first."""
    query = select(func.max(PaymentList.number)).where(
        PaymentList.street_code == street_code, PaymentList.number.startswith(prefix)
    )
    return db.session.scalar(query)
