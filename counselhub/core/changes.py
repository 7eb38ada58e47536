"""What an act changed: the columns of its row, before and after, as the session writes them.

The session notes at each flush what changes in a firm's rows; the act on a row takes along what
was noted since the last one. So a status, its reason and its date stand in one act, whether they
were written before the act was recorded or after.
"""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import InstanceState, Mapper, Session, scoped_session

from counselhub.core.row_security import DataClass

NOTED = "changes"
ROW = "changes_of"
FRESH = "fresh"
LONGEST = 200
"""Characters of a text that an act keeps; what is longer stands in the row and its documents."""
NEVER = frozenset({"firm_id", "id", "revision", "pinyin", "search"})
"""Columns that say nothing to a reader."""
SECRET = ("hash", "digest", "secret", "token", "password", "sealed", "cipher", "key")
"""No column whose name has one of these parts is ever kept, nor any whose value is bytes."""

Changes = dict[str, list[Any]]


def of_state(state: InstanceState[Any]) -> Changes:
    """Return what a stored row holds unwritten: {column: [before, after]}.

    Rows of the firm-private class give nothing: an act may be read by an office, they never are.
    """
    found: Changes = {}
    for name in _columns(state.mapper):
        history = state.attrs[name].history
        if not history.added or not history.deleted:
            continue  # unchanged, or only marked as changed
        before, after = _told(history.deleted[0]), _told(history.added[0])
        if before != after and _SKIP not in (before, after):
            found[name] = [before, after]
    return found


def of_new(state: InstanceState[Any]) -> Changes:
    """Return what a new row begins with, each column with None before; blank ones are left out."""
    values = {name: _told(state.dict.get(name)) for name in _columns(state.mapper)}
    return {name: [None, value] for name, value in values.items() if value not in (None, "", _SKIP)}


@cache
def _columns(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Return the columns of a table that an act may tell."""
    if getattr(mapper.class_, "data_class", None) is not DataClass.FIRM_SHARED:
        return ()
    names = (column.key for column in mapper.column_attrs)
    return tuple(
        name for name in names if name not in NEVER and not any(part in name for part in SECRET)
    )


def merged(earlier: Mapping[str, list[Any]], later: Mapping[str, list[Any]]) -> Changes:
    """Join two changes of one row: from the first before to the last after; undone ones go."""
    joined = {name: list(pair) for name, pair in earlier.items()}
    for name, (before, after) in later.items():
        joined[name] = [joined[name][0] if name in joined else before, after]
    return {name: pair for name, pair in joined.items() if pair[0] != pair[1]}


_SKIP = object()


def _told(value: Any) -> Any:
    """Return a value as JSON holds it, _SKIP for what is secret, long or nested."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value) if len(value) <= LONGEST else _SKIP
        case UUID() | Decimal():
            return str(value)
        case date() | time():
            return value.isoformat()
        case _:
            return _SKIP


def tell(act: Any, row: Any) -> None:
    """Let `act`, which is not flushed yet, take along the changes of `row`."""
    state: InstanceState[Any] | None = inspect(row, raiseerr=False)
    if state is not None:
        inspect(act).info[ROW] = state


def guard_session(session: scoped_session[Any]) -> None:
    """Note changes at every flush; forget them when what wrote them is done or undone."""
    event.listen(session, "before_flush", _note)
    event.listen(session, "after_commit", _done)
    event.listen(session, "after_rollback", _forget)


def _note(session: Session, _context: Any, _instances: Any) -> None:
    for row in session.dirty:
        state = inspect(row)
        if found := of_state(state):
            _keep(session, state, NOTED, merged(state.info.get(NOTED, {}), found))
    for row in session.new:
        state = inspect(row)
        told: InstanceState[Any] | None = state.info.pop(ROW, None)
        if told is None:
            _keep(session, state, FRESH, True)
        else:
            row.changes = _taken(told)


def _keep(session: Session, state: InstanceState[Any], name: str, value: Any) -> None:
    state.info[name] = value
    session.info.setdefault(NOTED, []).append(state)


def _taken(state: InstanceState[Any]) -> Changes:
    """Give an act what its row became since the last act."""
    changed = state.info.pop(NOTED, {})
    return of_new(state) if state.info.pop(FRESH, False) or state.pending else changed


def _done(session: Session) -> None:
    if not session.in_nested_transaction():  # the end of a savepoint is not the act's
        _forget(session)


def _forget(session: Session) -> None:
    for state in session.info.pop(NOTED, ()):
        state.info.pop(NOTED, None)
        state.info.pop(FRESH, None)
