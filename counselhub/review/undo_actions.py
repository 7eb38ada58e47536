"""Undo: whoever did the last thing to lines takes it back within ten minutes (REV-1)."""

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.review import rules
from counselhub.review.filters import is_of
from counselhub.review.moving import Moved, hold_in_review, record_on, update_where
from counselhub.review.thread_actions import open_query
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview

UNDONE = {LineReview.ACCEPTED.value: "undo_accept", LineReview.QUERIED.value: "withdraw_query"}
"""What is taken back of a line, and the act that says so."""


def undo(statement: Statement, *, by: Member) -> Moved:
    """Take back the reader's own last acceptance or question, of one line or of many.

    Raises ConflictError when there is none, or it is more than ten minutes old.
    """
    hold_in_review(statement)
    last = _last(statement, by)
    if last is None:
        raise ConflictError(
            _("没有可以撤销的操作：您还没有通过明细，也没有提出疑问。"), row=statement
        )
    if not rules.may_undo(last.reviewed_at, last.reviewed_by_id, now=clock.now(), by=by.person_id):
        raise ConflictError(
            _(
                "您最近一次操作在 %(time)s，已超过 10 分钟，不能撤销。"
                "要改动请打开那一项，写明理由后重新审核。",
                time=clock.local(last.reviewed_at).strftime("%H:%M") if last.reviewed_at else "",
            ),
            row=statement,
        )
    return _take_back(statement, last, by)


def _last(statement: Statement, by: Member) -> StatementLine | None:
    """Return a line of the newest gesture of `by`; several of one gesture share its time."""
    query = select(StatementLine).where(
        is_of(statement),
        StatementLine.reviewed_by_id == by.person_id,
        StatementLine.review.in_(UNDONE),
    )
    newest = (StatementLine.reviewed_at.desc(), StatementLine.position)
    return db.session.scalar(query.order_by(*newest).limit(1))


def _take_back(statement: Statement, last: StatementLine, by: Member) -> Moved:
    act, asked = UNDONE[last.review], open_query(last)
    undone = update_where(
        [
            is_of(statement),
            StatementLine.reviewed_by_id == by.person_id,
            StatementLine.reviewed_at == last.reviewed_at,
            StatementLine.review == last.review,
        ],
        review=LineReview.PENDING,
        reviewed_at=None,
        reviewed_by_id=None,
        reviewed_by_name=None,
    )
    if undone.lines > 1:
        history.record(statement, "undo_matching", by=by, street_code=statement.street_code,
                       **undone._asdict())  # fmt: skip
    else:
        record_on(last, act, by, **({"query": str(asked.id)} if asked else {}))
    return undone
