"""Threads on lines: the office asks, both sides go on; nothing said is ever edited."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind
from counselhub.review import rules
from counselhub.review.keeping import Whole, attach
from counselhub.review.moving import hold, hold_line, move, record_on
from counselhub.services.attachments import Attachment
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, QueryReason, Side, StatementStatus
from counselhub.statements.thread_models import LineEntry, LineQuery

TALKING = frozenset({StatementStatus.IN_REVIEW, StatementStatus.QUERIED})
"""States in which a thread goes on, whichever side has the statement."""


def query(
    line: StatementLine,
    reason: QueryReason,
    words: str,
    files: Sequence[Attachment] = (),
    *,
    by: Member,
    revision: int | None = None,
) -> LineQuery:
    """Ask the firm about a pending line.

    Raises ConflictError, RefusedError without words or with an open blank (REV-2).
    """
    _refuse_words(words, _("请写明疑问，让律所知道要说明或更正什么。"))
    statement = hold_line(line, revision)
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
    move(line, "query", by, query=str(asked.id), reason=reason.value, words=asked.words)
    _keep(asked, None, files, Side.OFFICE, by)
    return asked


def withdraw_query(line: StatementLine, *, by: Member, revision: int | None = None) -> None:
    """Take back the open query of a line; it stays in the line's history. Raises ConflictError."""
    hold_line(line, revision)
    asked = open_query(line)
    move(line, "withdraw_query", by, query=str(asked.id) if asked else None)


def reply(
    asked: LineQuery,
    words: str,
    files: Sequence[Attachment] = (),
    *,
    by: Member,
    seen: int | None = None,
) -> LineEntry:
    """Add to the thread of a question that is still open, from either side.

    seen: how many entries the writer had before him. Raises RefusedError without words,
    ConflictError when somebody has written in the meantime or nothing is open any more.
    """
    _refuse_words(words, _("请写明要说的话，或者直接更正记录后重新计算。"))
    statement = db.session.get_one(Statement, (asked.firm_id, asked.statement_id))
    hold(statement)
    line = db.session.get_one(StatementLine, (asked.firm_id, asked.line_id), populate_existing=True)
    if statement.status not in TALKING or open_query(line) is not asked:
        raise IllegalMoveError(_("这个疑问已经了结，不需要再答复，请看最新内容。"), row=statement)
    _refuse_unseen(asked, seen, statement)
    side = Side.FIRM if by.scope.kind is ScopeKind.FIRM else Side.OFFICE
    entry = _entry(asked, side, words, by)
    act = "answer" if side is Side.FIRM else "ask_again"
    record_on(line, act, by, query=str(asked.id), words=entry.words)
    _keep(asked, entry, files, side, by)
    db.session.expire(asked, ["entries", "files"])
    return entry


def _entry(asked: LineQuery, side: Side, words: str, by: Member) -> LineEntry:
    entry = LineEntry(
        firm_id=asked.firm_id,
        query_id=asked.id,
        street_code=asked.street_code,
        side=side,
        words=words.strip(),
        at=clock.now(),
        by_id=by.person_id,
        by_name=by.name,
    )
    db.session.add(entry)
    return entry


def _refuse_words(words: str, sentence: str) -> None:
    if not words.strip():
        raise RefusedError(sentence, at="words")
    if left := rules.blanks(words):
        raise RefusedError(
            _("还有空白没有填写：%(blanks)s。请填好后再发出。", blanks=listed(left)), at="words"
        )


def _refuse_unseen(asked: LineQuery, seen: int | None, statement: Statement) -> None:
    """Raise ConflictError when the thread has entries that the writer did not see."""
    of_thread = (LineEntry.firm_id == asked.firm_id, LineEntry.query_id == asked.id)
    if seen is None or db.session.scalar(select(func.count()).where(*of_thread)) == seen:
        return
    query = select(LineEntry.by_name).where(*of_thread).order_by(LineEntry.id.desc()).limit(1)
    raise ConflictError(
        _(
            "%(name)s 刚刚在这里写了新的内容，请看过再发出。您写的话还在。",
            name=db.session.scalar(query),
        ),
        row=statement,
    )


def _keep(
    asked: LineQuery,
    entry: LineEntry | None,
    files: Sequence[Attachment],
    side: Side,
    by: Member,
) -> None:
    whole = Whole(
        firm_id=asked.firm_id,
        street_code=asked.street_code,
        side=side,
        query_id=asked.id,
        entry_id=entry.id if entry else None,
    )
    attach(files, whole, by=by)


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
