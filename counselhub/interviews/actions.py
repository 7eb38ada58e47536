"""Write an interview down, deliver it, acknowledge it, close it, take it back."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.db import db, take_lock
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.interviews import queries
from counselhub.interviews.kinds import INTERVIEW_FLOW, InterviewReason, InterviewStatus
from counselhub.interviews.models import Interview


@dataclass(frozen=True, slots=True)
class Entry:
    """What the office writes down. month: its first day, None when it is about none."""

    firm_id: UUID
    community_code: str | None
    adviser_id: UUID | None
    month: date | None
    held_on: date
    present: str
    reason: InterviewReason
    words: str
    agreed: str
    due_on: date


def draft(entry: Entry, *, by: Member) -> Interview:
    """Write an interview down; the firm does not see it yet.

    Raises RefusedError, ConflictError with the draft of the same talk: a second tap makes none.
    """
    _judge(entry)
    take_lock(f"interviews {by.street_code}")
    if there := queries.same_draft(
        entry.firm_id, entry.adviser_id, entry.community_code, entry.held_on
    ):
        raise ConflictError(_("这次约谈的草稿已经有了，请在这一份上修改。"), row=there)
    row = Interview(
        **asdict(entry), street_code=by.street_code, made_at=clock.now(), made_by_name=by.name
    )
    db.session.add(row)
    db.session.flush()
    history.record(row, "draft_interview", by=by, reason=entry.reason.value)
    return row


def change(row: Interview, entry: Entry, *, by: Member, revision: int | None = None) -> None:
    """Write a draft anew. Raises RefusedError, IllegalMoveError once it is delivered."""
    history.expect(row, revision)
    if row.status != InterviewStatus.DRAFT:
        raise IllegalMoveError(_("约谈记录已经送达，不能再改。"), row=row)
    if entry.firm_id != row.firm_id:
        raise RefusedError(_("律所不能更换，请撤销这份草稿后另起一份。"), at="firm_id")
    _judge(entry)
    for name, value in asdict(entry).items():
        setattr(row, name, value)
    history.record(row, "change_interview", by=by)


def _judge(entry: Entry) -> None:
    if entry.held_on > clock.today():
        raise RefusedError(_("约谈日期不能晚于今天。"), at="held_on")
    if entry.due_on < entry.held_on:
        raise RefusedError(_("整改期限不能早于约谈日期。"))


def publish(row: Interview, *, by: Member, revision: int | None = None) -> None:
    """Deliver it to the firm."""
    history.expect(row, revision)
    row.published_at, row.published_by_name = clock.now(), by.name
    _move(row, "publish_interview", by)


def acknowledge(row: Interview, words: str, *, by: Member, revision: int | None = None) -> None:
    """Acknowledge it for the firm, with words or without."""
    history.expect(row, revision)
    _move(row, "acknowledge_interview", by, words)
    row.acknowledged_at, row.acknowledged_by_name = clock.now(), by.name
    row.answer = words or None


def close(row: Interview, words: str, *, by: Member, revision: int | None = None) -> None:
    """Close it: what was agreed has been done. Raises RefusedError without words."""
    history.expect(row, revision)
    if not words:
        raise RefusedError(_("请写明整改的结果。"))
    _end(row, "close_interview", words, by)


def withdraw(row: Interview, words: str, *, by: Member, revision: int | None = None) -> None:
    """Take it back. Raises RefusedError without words."""
    history.expect(row, revision)
    if not words:
        raise RefusedError(_("请写明撤销的原因。"))
    _end(row, "withdraw_interview", words, by)


def _end(row: Interview, act: str, words: str, by: Member) -> None:
    _move(row, act, by, words)
    row.closed_at, row.closed_by_name, row.closing_words = clock.now(), by.name, words


def _move(row: Interview, act: str, by: Member, words: str = "") -> None:
    history.advance(
        row, INTERVIEW_FLOW, act, by=by, street_code=row.street_code, words=words or None
    )
