"""What the office does to lines, and what the firm answers. Amounts never change here.

Every act first locks its statement, so that acts on one statement follow one another: whoever
comes second is shown what the first one did.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select, update

from counselhub.core import clock, history
from counselhub.core.access import Member
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.money import format_yuan
from counselhub.review.filters import LineFilter, is_of
from counselhub.review.states import LINE_FLOW
from counselhub.statements.models import LineQuery, Statement, StatementLine
from counselhub.statements.states import LineReview, QueryReason, StatementStatus


class Accepted(NamedTuple):
    """How many lines one gesture accepted, and their sum in fen."""

    lines: int
    amount_fen: int


def hold(statement: Statement, revision: int | None = None) -> None:
    """Lock the statement until the transaction ends. Raises ConflictError when it has moved on."""
    db.session.refresh(statement, with_for_update={"of": Statement})
    history.expect(statement, revision)


def accept(line: StatementLine, *, by: Member, revision: int | None = None) -> None:
    """Accept a pending line, which seals it. Raises ConflictError."""
    _hold_line(line, revision)
    _move(line, "accept", by, amount_fen=line.amount_fen)


def undo_accept(line: StatementLine, *, by: Member, revision: int | None = None) -> None:
    """Take an acceptance back while the statement is in review. Raises ConflictError."""
    _hold_line(line, revision)
    _move(line, "undo_accept", by)


def accept_matching(
    statement: Statement,
    matching: LineFilter,
    *,
    by: Member,
    expected: Accepted | None = None,
) -> Accepted:
    """Accept all pending lines of the filter that carry no warning, in one statement.

    expected: what the button named. Raises ConflictError when that is no longer what it would be.
    """
    _hold_in_review(statement)
    accepted = _accept_where(matching.matching(statement))
    if not accepted.lines or (expected is not None and accepted != expected):
        raise ConflictError(
            _(
                "可一次通过的明细已变成 %(count)s 项、%(amount)s 元，请核对后再操作。",
                count=accepted.lines,
                amount=format_yuan(accepted.amount_fen),
            ),
            row=statement,
        )
    _record_many(statement, "accept_matching", accepted, by)
    return accepted


def accept_selected(statement: Statement, line_ids: Iterable[UUID], *, by: Member) -> Accepted:
    """Accept the pending ones of `line_ids`, with warnings too. Raises ConflictError.

    When one of them is no longer pending nothing is accepted.
    """
    _hold_in_review(statement)
    chosen = set(line_ids)
    accepted = _accept_where(
        [
            is_of(statement),
            StatementLine.id.in_(chosen),
            StatementLine.review == LineReview.PENDING,
        ]
    )
    if accepted.lines != len(chosen) or not chosen:
        raise ConflictError(
            _(
                "所选的 %(chosen)s 项里只有 %(count)s 项还是待审核，请重新选择。",
                chosen=len(chosen),
                count=accepted.lines,
            ),
            row=statement,
        )
    _record_many(statement, "accept_selected", accepted, by)
    return accepted


def _accept_where(conditions: list[ColumnElement[bool]]) -> Accepted:
    """Accept with one UPDATE, whatever the number of lines; loaded rows read themselves again."""
    change = (
        update(StatementLine)
        .where(*conditions)
        .values(review=LineReview.ACCEPTED, revision=StatementLine.revision + 1)
        .returning(StatementLine.amount_fen)
        .cte("accepted")
    )
    total = func.coalesce(func.sum(change.c.amount_fen), 0)
    count, amount_fen = db.session.execute(select(func.count(), total).select_from(change)).one()
    db.session.expire_all()
    return Accepted(count, int(amount_fen))


def _record_many(statement: Statement, act: str, accepted: Accepted, by: Member) -> None:
    history.record(
        statement,
        act,
        by=by,
        street_code=statement.street_code,
        lines=accepted.lines,
        amount_fen=accepted.amount_fen,
    )


def query(
    line: StatementLine, reason: QueryReason, words: str, *, by: Member, revision: int | None = None
) -> LineQuery:
    """Ask the firm about a pending line. Raises ConflictError, RefusedError without words."""
    if not words.strip():
        raise RefusedError(_("请写明疑问，让律所知道要说明或更正什么。"))
    statement = _hold_line(line, revision)
    asked = LineQuery(
        firm_id=line.firm_id,
        statement_id=line.statement_id,
        line_id=line.id,
        street_code=statement.street_code,
        version=statement.version,
        reason=reason,
        words=words.strip(),
        asked_at=clock.now(),
        asked_by_name=by.name,
    )
    db.session.add(asked)
    _move(line, "query", by, query=str(asked.id), reason=reason.value, words=asked.words)
    return asked


def withdraw_query(line: StatementLine, *, by: Member, revision: int | None = None) -> None:
    """Take back the open query of a line; it stays in the line's history. Raises ConflictError."""
    _hold_line(line, revision)
    asked = open_query(line)
    _move(line, "withdraw_query", by, query=str(asked.id) if asked else None)


def answer(asked: LineQuery, words: str, *, by: Member) -> None:
    """Give the firm's answer, once. Raises RefusedError without words, ConflictError."""
    if not words.strip():
        raise RefusedError(_("请写明答复，或者直接更正记录后重新计算。"))
    db.session.refresh(asked, with_for_update={"of": LineQuery})
    line = db.session.get_one(StatementLine, (asked.firm_id, asked.line_id))
    statement = db.session.get_one(Statement, (asked.firm_id, asked.statement_id))
    if asked.answer is not None:
        raise ConflictError(
            _("%(name)s 已经答复过这个疑问。", name=asked.answered_by_name), row=statement
        )
    is_open = statement.status == StatementStatus.QUERIED and line.review == LineReview.QUERIED
    if not is_open or asked.version != statement.version:
        raise IllegalMoveError(_("这个疑问已经不需要答复，请看最新内容。"), row=statement)
    asked.answer, asked.answered_at, asked.answered_by_name = words.strip(), clock.now(), by.name
    _record(line, "answer", by, query=str(asked.id), words=asked.answer)


def open_query(line: StatementLine) -> LineQuery | None:
    """Return the query that a queried line waits on: its newest, None on any other line."""
    if line.review != LineReview.QUERIED:
        return None
    newest = (
        select(LineQuery)
        .where(LineQuery.firm_id == line.firm_id, LineQuery.line_id == line.id)
        .order_by(LineQuery.asked_at.desc(), LineQuery.id.desc())
        .limit(1)
    )
    return db.session.scalar(newest)


def _hold_line(line: StatementLine, revision: int | None) -> Statement:
    """Lock the line's statement, which must be in review, and read the line as it now is."""
    statement = db.session.get_one(Statement, (line.firm_id, line.statement_id))
    _hold_in_review(statement)
    db.session.refresh(line)
    history.expect(line, revision)
    return statement


def _hold_in_review(statement: Statement) -> None:
    hold(statement)
    if statement.status != StatementStatus.IN_REVIEW:
        status = StatementStatus.of(statement.status).label
        raise IllegalMoveError(
            _("结算单现在是“%(status)s”，不能再改动明细的审核结果。", status=status),
            row=statement,
        )


def _move(line: StatementLine, act: str, by: Member, **detail: object) -> None:
    """Move a line's review by the table of moves, and record it."""
    move = LINE_FLOW[act]
    if line.review not in move.sources:
        status = LineReview.of(line.review).label
        raise IllegalMoveError(
            _("这一项现在是“%(status)s”，不能进行这项操作。", status=status), row=line
        )
    line.review = move.target
    _record(line, act, by, **detail)


def _record(line: StatementLine, act: str, by: Member, **detail: object) -> None:
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
