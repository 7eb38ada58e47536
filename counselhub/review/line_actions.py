"""What the office accepts, and what it takes back. Amounts never change here."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from counselhub.core import clock, history
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.review import rules
from counselhub.review.filters import LineFilter, is_of
from counselhub.review.moving import (
    Moved,
    hold_in_review,
    hold_line,
    move,
    refuse_move,
    update_where,
)
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview


def accept(line: StatementLine, *, by: Member, revision: int | None = None) -> None:
    """Accept a pending line, which seals it. Raises ConflictError."""
    hold_line(line, revision)
    move(line, "accept", by, amount_fen=line.amount_fen)


def undo_accept(
    line: StatementLine, words: str = "", *, by: Member, revision: int | None = None
) -> None:
    """Take an acceptance back while the statement is in review.

    words: why, needed once it can no longer be undone (REV-1). Raises RefusedError without them,
    ConflictError.
    """
    hold_line(line, revision)
    refuse_move(line, "undo_accept")
    if not words.strip() and not is_undoable(line, by):
        raise RefusedError(
            _(
                "这一项由 %(name)s 通过，只有本人在 10 分钟内可以直接撤回。请写明重新审核的理由。",
                name=line.reviewed_by_name or _("同事"),
            ),
            at="words",
        )
    move(line, "undo_accept", by, **({"words": words.strip()} if words.strip() else {}))


def is_undoable(line: StatementLine, by: Member) -> bool:
    """Say whether `by` may still undo at once what was last done to a line (REV-1)."""
    return rules.may_undo(line.reviewed_at, line.reviewed_by_id, now=clock.now(), by=by.person_id)


def accept_matching(
    statement: Statement,
    matching: LineFilter,
    *,
    by: Member,
    expected: Moved | None = None,
) -> Moved:
    """Accept all pending lines of the filter that carry no warning, in one statement.

    expected: what the button named. Raises ConflictError when that is no longer what it would be.
    """
    hold_in_review(statement)
    accepted = _accept_where(matching.matching(statement), by)
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


def accept_selected(statement: Statement, line_ids: Iterable[UUID], *, by: Member) -> Moved:
    """Accept the pending ones of `line_ids`, with warnings too. Raises ConflictError.

    When one of them is no longer pending nothing is accepted.
    """
    hold_in_review(statement)
    chosen = set(line_ids)
    accepted = _accept_where(
        [
            is_of(statement),
            StatementLine.id.in_(chosen),
            StatementLine.review == LineReview.PENDING,
        ],
        by,
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


def _accept_where(conditions: list[ColumnElement[bool]], by: Member) -> Moved:
    """Accept with one UPDATE, whatever the number of lines; loaded rows read themselves again."""
    return update_where(
        conditions,
        review=LineReview.ACCEPTED,
        reviewed_at=clock.now(),
        reviewed_by_id=by.person_id,
        reviewed_by_name=by.name,
    )


def _record_many(statement: Statement, act: str, accepted: Moved, by: Member) -> None:
    history.record(
        statement,
        act,
        by=by,
        street_code=statement.street_code,
        lines=accepted.lines,
        amount_fen=accepted.amount_fen,
    )
