"""Claw-backs as both sides list them, and whether a later statement can carry one."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased, contains_eager

from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.models import Adjustment
from counselhub.clawbacks.kinds import ClawbackStatus
from counselhub.clawbacks.models import Clawback
from counselhub.contracts.kinds import IN_FORCE
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock, pinyin, sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.places.models import Community
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, StatementStatus

SORTS: sorting.Sorts = {
    "asked": (Clawback.asked_at, Clawback.id),
    "amount": (Clawback.amount_fen, Clawback.id),
}


def listed(asked: dict[str, str], sort: str) -> Select[Clawback]:
    """Select claw-backs in sight with statement, line and community.

    asked: status and q (a community), '' for all. sort: a key of SORTS.
    """
    line = contains_eager(Clawback.line)
    query = (
        visible(Clawback)
        .join(Clawback.statement)
        .join(Clawback.line)
        .outerjoin(Community, Community.code == StatementLine.community_code)
        .options(
            contains_eager(Clawback.statement), line, line.contains_eager(StatementLine.community)
        )
        .where(*_asked(asked))
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if status := asked["status"]:
        yield Clawback.status == status
    for word in asked["q"].split():
        yield pinyin.finds(Community.search, word)


def of_line(line: StatementLine) -> Clawback | None:
    """Return the claw-back of a line that stands, None when there is none."""
    query = select(Clawback).where(
        Clawback.firm_id == line.firm_id,
        Clawback.line_id == line.id,
        Clawback.status != "withdrawn",
    )
    return db.session.scalar(query)


def awaiting(statement: Statement) -> Sequence[Row[Clawback, StatementLine, UUID | None]]:
    """Return what a statement was to take back, with the line that was paid.

    Third: the adjustment that carries it on, where the office has put its line off. That line
    carries in one sum all that it corrects of a month.
    """
    query = (
        select(Clawback, StatementLine, CARRIED.id)
        .join(Clawback.adjustment)
        .join(Clawback.line)
        .outerjoin(CARRIER, IS_CARRIER)
        .outerjoin(CARRIED, IS_CARRIED)
        .where(
            Adjustment.firm_id == statement.firm_id,
            Adjustment.statement_id == statement.id,
            Clawback.status == ClawbackStatus.AWAITING,
        )
    )
    return db.session.execute(query).all()


CARRIER, CARRIED = aliased(StatementLine), aliased(Adjustment)
IS_CARRIER = and_(
    CARRIER.firm_id == Adjustment.firm_id,
    CARRIER.statement_id == Adjustment.statement_id,
    CARRIER.contract_id == Adjustment.contract_id,
    CARRIER.community_code == Adjustment.community_code,
    CARRIER.month == Adjustment.month,
    CARRIER.kind == LineKind.ADJUSTMENT,
    CARRIER.review == LineReview.DEFERRED,
)
IS_CARRIED = and_(
    CARRIED.firm_id == CARRIER.firm_id,
    CARRIED.line_id == CARRIER.id,
    CARRIED.cause == AdjustmentCause.DEFERRED,
    CARRIED.withdrawn_at.is_(None),
)


def has_later(statement: Statement) -> bool:
    """Tell whether the firm has, or will have, a later statement of the street to hand in.

    Under the firm's own scope: drafts are its alone.
    """
    here = Statement.street_code == statement.street_code
    live = Statement.status != StatementStatus.VOID
    drafts = select(Statement.id).where(
        here, live, Statement.month > statement.month, Statement.submitted_at.is_(None)
    )
    if db.session.scalar(drafts.limit(1)) is not None:
        return True
    last: date = db.session.scalar(
        select(func.max(Statement.month)).where(here, live, Statement.submitted_at.is_not(None))
    ) or (statement.month)
    served = (
        select(Contract.id)
        .join(ContractCommunity, ContractCommunity.contract_id == Contract.id)
        .where(
            ContractCommunity.street_code == statement.street_code,
            Contract.status.in_(IN_FORCE),
            func.coalesce(Contract.terminated_on, Contract.ends_on) >= clock.next_month(last),
        )
    )
    return db.session.scalar(served.limit(1)) is not None
