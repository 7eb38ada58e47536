"""Promises made to a community, and its groups."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.handovers.kinds import GroupLevel
from counselhub.handovers.models import ONE_NAME, ChatGroup, Promise


@dataclass(frozen=True, slots=True)
class PromiseEntry:
    """What a lawyer promises to whom; due_on None: no day was named."""

    adviser_id: UUID
    to_whom: str
    words: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A group of a community; owner_id None: somebody outside the firm owns it."""

    name: str
    level: GroupLevel
    owner_id: UUID | None
    member_count: int | None
    is_real_name: bool


def promise(code: str, entry: PromiseEntry, *, by: Member) -> Promise:
    """Write a promise down. Raises RefusedError for a day that has passed."""
    today = clock.today()
    if entry.due_on and entry.due_on < today:
        raise RefusedError(_("兑现日期不能早于今天。"), at="due_on")
    row = Promise(
        community_code=code,
        adviser_id=entry.adviser_id,
        to_whom=entry.to_whom,
        words=entry.words,
        made_on=today,
        due_on=entry.due_on,
    )
    db.session.add(row)
    db.session.flush()
    history.record(row, "promise", by=by)
    return row


def keep(row: Promise, *, by: Member, revision: int | None = None) -> None:
    """Say that a promise has been kept today. Raises IllegalMoveError when it has been before."""
    history.expect(row, revision)
    if row.done_on is not None:
        raise IllegalMoveError(_("这项承诺已经兑现。"), row=row)
    row.done_on = clock.today()
    history.record(row, "keep_promise", by=by)


def withdraw(row: Promise, *, by: Member, revision: int | None = None) -> None:
    """Take back a promise that was written down wrongly. Raises IllegalMoveError once kept."""
    history.expect(row, revision)
    if row.done_on is not None:
        raise IllegalMoveError(_("这项承诺已经兑现，不能撤下。"), row=row)
    history.record(row, "withdraw_promise", by=by)
    db.session.delete(row)


def add_group(code: str, entry: GroupEntry, *, by: Member) -> ChatGroup:
    """Write a group down. Raises RefusedError for a name that another one there has."""
    row = ChatGroup(community_code=code)
    _fill(row, entry)
    _write(row)
    history.record(row, "add_group", by=by)
    return row


def change_group(
    row: ChatGroup, entry: GroupEntry, *, by: Member, revision: int | None = None
) -> None:
    """Mend a group. Raises as `add_group`, IllegalMoveError for one that is closed."""
    history.expect(row, revision)
    _refuse_closed(row)
    _fill(row, entry)
    _write(row)
    history.record(row, "change_group", by=by)


def close_group(row: ChatGroup, *, by: Member, revision: int | None = None) -> None:
    """Say that a group is dissolved. Raises IllegalMoveError when it was before."""
    history.expect(row, revision)
    _refuse_closed(row)
    row.closed_on = clock.today()
    history.record(row, "close_group", by=by)


def _refuse_closed(row: ChatGroup) -> None:
    if row.closed_on is not None:
        raise IllegalMoveError(_("这个群已经解散。"), row=row)


def _fill(row: ChatGroup, entry: GroupEntry) -> None:
    row.name, row.level = entry.name, entry.level
    row.owner_id, row.member_count = entry.owner_id, entry.member_count
    row.is_real_name = entry.is_real_name


def _write(row: ChatGroup) -> None:
    name = row.name
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != ONE_NAME:
            raise
        raise RefusedError(_("这个社区已经登记过名为“%(name)s”的群。", name=name)) from error
