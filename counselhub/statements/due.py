"""Which statements a firm is to hand in by its streets' cut-off days (CUT-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from counselhub.claims import dossier_queries as claims
from counselhub.contracts import queries as contracts
from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.cutoffs.models import OverdueMonth, SettlementRule
from counselhub.cutoffs.queries import terms_in
from counselhub.cutoffs.rules import Terms, due_on, is_reminded
from counselhub.places.models import Street
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus


@dataclass(frozen=True, slots=True)
class Due:
    """A street whose statement of a month is not handed in; due: its last day."""

    street: str
    month: date
    due: date
    is_over: bool


@dataclass(frozen=True, slots=True)
class Open:
    """What stands before a statement that the firm may still change.

    due: None without a cut-off, and once it was handed in. lacking: as in `Notices`. closed: the
    month that the cut-off has closed to it.
    """

    due: Due | None = None
    lacking: int = 0
    closed: OverdueMonth | None = None


def of_statement(statement: Statement) -> Open:
    """Return until when a statement is to be handed in, and what its claims lack; one statement."""
    month = statement.month
    lacking = claims.count_lacking(month, clock.last_day(month)).scalar_subquery()
    one = select(lacking.label("lacking")).subquery()
    of_street = SettlementRule.street_code == statement.street_code
    of_month = and_(OverdueMonth.street_code == statement.street_code, OverdueMonth.month == month)
    query = (
        select(one.c.lacking, SettlementRule, OverdueMonth)
        .select_from(one)
        .outerjoin(SettlementRule, of_street)
        .outerjoin(OverdueMonth, of_month)
    )
    count, rule, closed = db.session.execute(query).one()
    due = closed.due_on if closed else due_on(month, terms_in(rule) if rule else Terms())
    if due is None or statement.submitted_at is not None:
        return Open(None, count)
    return Open(Due(statement.street.name, month, due, clock.today() > due), count, closed)


@dataclass(frozen=True, slots=True)
class Notices:
    """What a firm's month page warns of.

    due: streets that wait for the last month, from the days of reminder on, by name. ending: how
    many contracts that nobody continues end within 30, 60, 90 days. lacking: how many claims of the
    month cannot be paid as they stand.
    """

    due: Sequence[Due]
    ending: Mapping[int, int]
    lacking: int


def notices(month: date) -> Notices:
    """Return what the page of a month warns of, under the firm's scope; one statement."""
    today, last = clock.today(), clock.previous_month(clock.this_month())
    ending = contracts.count_ending(today).subquery()
    lacking = claims.count_lacking(month, clock.last_day(month)).scalar_subquery()
    street_code = SettlementRule.street_code
    waiting = and_(
        SettlementRule.cutoff_day > 0,
        served(street_code, last, clock.next_month(last)),
        ~handed_in(street_code, last),
    )
    query = (
        select(lacking, SettlementRule, Street.name, *ending.c)
        .select_from(ending)
        .outerjoin(SettlementRule, waiting)
        .outerjoin(Street, Street.code == SettlementRule.street_code)
        .order_by(Street.name)
    )
    rows = db.session.execute(query).all()
    due = [_due(rule, street, last, today) for _lacking, rule, street, *_counts in rows if rule]
    return Notices([one for one in due if one], contracts.counted(rows[0][3:]), rows[0][0])


def _due(rule: SettlementRule, street: str, month: date, today: date) -> Due | None:
    """Return what is told of a street, None before the days of reminder."""
    terms = terms_in(rule)
    due = due_on(month, terms)
    if due is None or not (is_reminded(month, terms, today) or today > due):
        return None
    return Due(street, month, due, today > due)


def served(street_code: Any, month: Any, following: Any) -> ColumnElement[bool]:
    """Return the condition that the firm has a contract in force in the street in the month.

    following: the first day of the next month. All are values or columns.
    """
    return exists(
        select(Contract.id)
        .join(ContractCommunity, ContractCommunity.contract_id == Contract.id)
        .where(
            ContractCommunity.street_code == street_code,
            Contract.status.in_(IN_FORCE),
            Contract.starts_on < following,
            func.coalesce(Contract.terminated_on, Contract.ends_on) >= month,
        )
    )


def handed_in(street_code: Any, month: Any) -> ColumnElement[bool]:
    """Return the condition that the office has, or had, the firm's statement of the month."""
    return exists(
        select(Statement.id).where(
            Statement.street_code == street_code,
            Statement.month == month,
            Statement.status != StatementStatus.VOID,
            Statement.submitted_at.is_not(None),
        )
    )
