"""Departures as pages list them, and what is still open when a firm thinks of leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import joinedload

from counselhub.billing.kinds import BillStatus
from counselhub.billing.models import Bill
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.people.departures import Departure
from counselhub.people.models import Firm
from counselhub.people.sign_ins import digest
from counselhub.people.states import DepartureStatus
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

FETCHED_DAYS = timedelta(days=90)
"""How long the former contact gets the certificate by its link; the platform keeps it."""
OVER = (StatementStatus.VOID, StatementStatus.PAID, StatementStatus.RECONCILED)


@dataclass(frozen=True, slots=True)
class Open:
    """What is not settled yet. statements, fen: not paid; drafts: among them, at no office yet.

    bills: of this service, not paid.
    """

    statements: int
    fen: int
    drafts: int
    bills: int


def live(firm_id: UUID) -> Departure | None:
    """Return the departure that the firm waits for, None when it stays."""
    query = select(Departure).where(
        Departure.firm_id == firm_id, Departure.status != DepartureStatus.WITHDRAWN
    )
    with as_platform():
        return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def unsettled() -> Open:
    """Return what the firm in scope has not settled, with one statement."""
    unpaid = Statement.status.not_in(OVER)
    bills = select(func.count()).where(Bill.status == BillStatus.OPEN.value).scalar_subquery()
    query = select(
        func.count().filter(unpaid),
        func.coalesce(func.sum(Statement.total_fen).filter(unpaid), 0),
        func.count().filter(unpaid, Statement.submitted_at.is_(None)),
        bills,
    ).select_from(Statement)
    return Open(*map(int, db.session.execute(query).one()))


def departures(words: str, status: DepartureStatus | None) -> Select[Departure]:
    """Select departures, those whose day comes first on top, then what is over; with the firm."""
    query = select(Departure).join(Departure.firm).options(joinedload(Departure.firm))
    if words:
        found = (Firm.name, Firm.code)
        query = query.where(or_(*(one.contains(words, autoescape=True) for one in found)))
    if status is not None:
        query = query.where(Departure.status == status.value)
    return query.order_by(
        Departure.ended_at.is_not(None), Departure.deletes_on, Departure.asked_at.desc()
    )


def by_code(code: str) -> Departure | None:
    """Return the departure whose certificate bears `code`, with the firm, None for none."""
    query = select(Departure).where(
        Departure.code_digest == digest(code), Departure.status != DepartureStatus.WITHDRAWN
    )
    with as_platform():
        return db.session.scalars(query.options(joinedload(Departure.firm))).one_or_none()


def paper_of(departure: Departure) -> bytes | None:
    """Return the certificate, None as long as there is none."""
    with as_platform():
        query = select(Departure.certificate).where(Departure.id == departure.id)
        return db.session.scalar(query)


def is_fetched(departure: Departure) -> bool:
    """Say whether the link still gives the certificate itself."""
    return departure.ended_at is not None and clock.now() < departure.ended_at + FETCHED_DAYS


def waiting(today: date) -> Sequence[Row[UUID, UUID]]:
    """Return departure and firm where the deletion is due, or was begun and not ended."""
    is_due = (Departure.status == DepartureStatus.ASKED) & (Departure.deletes_on <= today)
    query = select(Departure.id, Departure.firm_id).where(
        is_due | (Departure.status == DepartureStatus.DELETING)
    )
    with as_platform():
        return db.session.execute(query.order_by(Departure.deletes_on, Departure.id)).all()
