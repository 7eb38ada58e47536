"""How lines move: locked with their statement, by the table of moves, and recorded.

Every act first locks its statement, so that acts on one statement follow one another: whoever
comes second is shown what the first one did.
"""

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select, update

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError
from counselhub.core.members import Member
from counselhub.review.states import LINE_FLOW
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, StatementStatus


class Moved(NamedTuple):
    """How many lines one gesture moved, and their sum in fen."""

    lines: int
    amount_fen: int


def hold(statement: Statement, revision: int | None = None) -> None:
    """Lock the statement until the transaction ends. Raises ConflictError when it has moved on."""
    db.session.refresh(statement, with_for_update={"of": Statement})
    history.expect(statement, revision)


def hold_line(line: StatementLine, revision: int | None) -> Statement:
    """Lock the line's statement, which must be in review, and read the line as it now is."""
    statement = db.session.get_one(Statement, (line.firm_id, line.statement_id))
    hold_in_review(statement)
    db.session.refresh(line)
    history.expect(line, revision)
    return statement


def hold_in_review(statement: Statement, revision: int | None = None) -> None:
    """Lock a statement that must be in review. Raises ConflictError."""
    hold(statement, revision)
    if statement.status != StatementStatus.IN_REVIEW:
        status = StatementStatus.of(statement.status).label
        raise IllegalMoveError(
            _("结算单现在是“%(status)s”，不能再改动明细的审核结果。", status=status),
            row=statement,
        )


def move(line: StatementLine, act: str, by: Member, **detail: object) -> None:
    """Move a line's review by the table of moves, and record who did it and when."""
    refuse_move(line, act)
    line.review = LINE_FLOW[act].target
    is_open = line.review == LineReview.PENDING
    line.reviewed_at = None if is_open else clock.now()
    line.reviewed_by_id = None if is_open else by.person_id
    line.reviewed_by_name = None if is_open else by.name
    record_on(line, act, by, **detail)


def refuse_move(line: StatementLine, act: str) -> None:
    """Raise IllegalMoveError unless the line's state allows the act."""
    if line.review not in LINE_FLOW[act].sources:
        status = LineReview.of(line.review).label
        raise IllegalMoveError(
            _("这一项现在是“%(status)s”，不能进行这项操作。", status=status), row=line
        )


def record_on(line: StatementLine, act: str, by: Member, **detail: object) -> None:
    """Record an act on a line, with what names it in the statement's history."""
    history.record(
        line,
        act,
        by=by,
        street_code=line.street_code,
        kind=line.kind,
        community=line.community_code,
        **detail,
    )
    db.session.flush()


def update_where(conditions: Iterable[ColumnElement[bool]], **values: object) -> Moved:
    """Give the lines of `conditions` new values with one UPDATE; return how many, and their sum."""
    change = (
        update(StatementLine)
        .where(*conditions)
        .values(revision=StatementLine.revision + 1, **values)
        .returning(StatementLine.amount_fen)
        .cte("changed")
    )
    total = func.coalesce(func.sum(change.c.amount_fen), 0)
    count, amount_fen = db.session.execute(select(func.count(), total).select_from(change)).one()
    db.session.expire_all()
    return Moved(count, int(amount_fen))
