"""Late entries as a firm lists them, what proves them, and what is settled of earlier months."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager

from counselhub.adjustments.models import Adjustment
from counselhub.advisers.models import Adviser
from counselhub.core import pinyin, sorting
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.corrections.models import SessionCorrection
from counselhub.corrections.queries import NAMES, Shown
from counselhub.corrections.queries import files_of as files_of_correction
from counselhub.duty.queries import advisers_and_communities
from counselhub.earlier.models import LateEntry, LateFile
from counselhub.places.models import Community
from counselhub.statements.models import Statement, StatementLine

__all__ = ["advisers_and_communities"]

SORTS: sorting.Sorts = {
    "asked": (LateEntry.asked_at, LateEntry.id),
    "day": (LateEntry.day, LateEntry.id),
    "community": (Community.pinyin, LateEntry.day),
    "amount": (LateEntry.amount_fen, LateEntry.id),
}
MONTHS: sorting.Sorts = {
    "entered": (Adjustment.entered_at, Adjustment.id),
    "month": (Adjustment.month, Adjustment.id),
    "amount": (Adjustment.amount_fen, Adjustment.id),
}
STATES = {
    "open": and_(Adjustment.statement_id.is_(None), Adjustment.withdrawn_at.is_(None)),
    "taken": Adjustment.statement_id.is_not(None),
    "withdrawn": Adjustment.withdrawn_at.is_not(None),
}


def listed(asked: dict[str, str], sort: str) -> Select[LateEntry]:
    """Select the entries that the present member sees, with lawyer and community.

    asked: status, kind and q (a lawyer or a community), '' for all. sort: a key of SORTS.
    """
    query = (
        visible(LateEntry)
        .join(LateEntry.adviser)
        .join(LateEntry.community)
        .options(contains_eager(LateEntry.adviser), contains_eager(LateEntry.community))
        .where(*_asked(asked))
    )
    return sorting.ordered(query, SORTS, sort)


def _asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if status := asked["status"]:
        yield LateEntry.status == status
    if kind := asked["kind"]:
        yield LateEntry.kind == kind
    for word in asked["q"].split():
        yield pinyin.finds(Adviser.search, word) | pinyin.finds(Community.search, word)


def counts() -> dict[str, int]:
    """Return how many entries that the present member sees stand in each state."""
    seen = visible(LateEntry).with_only_columns(LateEntry.status, func.count().label("total"))
    rows = db.session.execute(seen.group_by(LateEntry.status))
    return {one.status: one.total for one in rows}


def files_of(row: LateEntry) -> Sequence[LateFile]:
    """Return what proves an entry, in the order in which it was sent."""
    query = select(LateFile).where(LateFile.firm_id == row.firm_id, LateFile.entry_id == row.id)
    return db.session.scalars(query.order_by(LateFile.place)).all()


def content_of(file: LateFile, *, small: bool) -> bytes | None:
    """Return what is kept of a file, None when its time is over or a scan has no small picture."""
    column = LateFile.thumb if small else LateFile.content
    query = select(column).where(LateFile.firm_id == file.firm_id, LateFile.id == file.id)
    return db.session.scalar(query)


def entered_for(row: LateEntry) -> list[tuple[Adjustment, Statement | None]]:
    """Return what an entry is settled by, with the statement that takes each."""
    query = _with_statement().where(
        Adjustment.firm_id == row.firm_id, Adjustment.late_entry_id == row.id
    )
    rows = db.session.execute(query.order_by(Adjustment.month, Adjustment.id))
    return [(adjustment, statement) for adjustment, statement in rows]


def _with_statement() -> Any:
    return select(Adjustment, Statement).outerjoin(
        Statement,
        and_(Statement.firm_id == Adjustment.firm_id, Statement.id == Adjustment.statement_id),
    )


def adjustments(asked: dict[str, str], sort: str) -> Select[Any]:
    """Select adjustments in sight with the statement that takes each, and the community.

    asked: state (open, taken, withdrawn), cause and q (a community), '' for all.
    """
    query: Select[Any] = (
        _with_statement()
        .join(Adjustment.community)
        .options(contains_eager(Adjustment.community))
        .where(*_adjustments_asked(asked))
    )
    return sorting.ordered(query, MONTHS, sort)


def _adjustments_asked(asked: dict[str, str]) -> Iterable[ColumnElement[bool]]:
    if asked["state"] in STATES:
        yield STATES[asked["state"]]
    if cause := asked["cause"]:
        yield Adjustment.cause == cause
    for word in asked["q"].split():
        yield pinyin.finds(Community.search, word)


def statement_of(adjustment: Adjustment) -> Statement | None:
    """Return the statement that takes an adjustment, as far as it is in sight."""
    return _statement(adjustment.firm_id, adjustment.statement_id)


def source_of(adjustment: Adjustment) -> tuple[StatementLine, Statement] | None:
    """Return the line that an adjustment comes from, with its statement."""
    query = (
        select(StatementLine, Statement)
        .join(
            Statement,
            and_(
                Statement.firm_id == StatementLine.firm_id,
                Statement.id == StatementLine.statement_id,
            ),
        )
        .where(StatementLine.firm_id == adjustment.firm_id, StatementLine.id == adjustment.line_id)
    )
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def correction_of(adjustment: Adjustment) -> tuple[SessionCorrection, list[Shown]] | None:
    """Return the correction that an adjustment settles, with the files that prove it."""
    query = select(SessionCorrection).where(
        SessionCorrection.firm_id == adjustment.firm_id,
        SessionCorrection.id == adjustment.correction_id,
    )
    row = db.session.scalar(query.options(*NAMES))
    return (row, files_of_correction(row)) if row else None


def _statement(firm_id: UUID, statement_id: UUID | None) -> Statement | None:
    query = select(Statement).where(Statement.firm_id == firm_id, Statement.id == statement_id)
    return db.session.scalar(query)
