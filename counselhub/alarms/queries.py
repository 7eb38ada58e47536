"""The alarms of one tenant, and the answers to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from counselhub.core.db import db
from counselhub.core.foreign import ALARM, seen_by
from counselhub.core.history import AccountEvent
from counselhub.core.tenancy import Scope

_alarm, _seen = AccountEvent.__table__.alias("alarm"), AccountEvent.__table__.alias("seen")


class State(StrEnum):
    """Whether somebody has answered for an alarm."""

    OPEN = "open"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm; `what` is the table that was read, or the marker of a honey row.

    side: the kind of tenant that read, "" for none. page: its route, address: its network address,
    both "" for a command. seen_at: None while nobody has answered for it.
    """

    id: UUID
    at: datetime
    what: str
    side: str
    page: str
    address: str
    seen_at: datetime | None
    seen_by: str | None
    words: str | None


def alarm_list(scope: Scope, state: State | None = None) -> Select[Any]:
    """Select the alarms of a tenant as the fields of `Alarm`, newest first; None: of any state."""
    query = (
        select(
            _alarm.c.id,
            _alarm.c.at,
            *(_detail(_alarm, name) for name in ("what", "side", "page")),
            _alarm.c.address,
            _seen.c.at.label("seen_at"),
            _seen.c.name.label("seen_by"),
            _seen.c.detail["words"].astext.label("words"),
        )
        .select_from(_alarm.outerjoin(_seen, seen_by(_alarm, _seen)))
        .where(*_of(scope))
        .order_by(_alarm.c.at.desc(), _alarm.c.id.desc())
    )
    if state is None:
        return query
    return query.where(_seen.c.id.is_(None) if state is State.OPEN else _seen.c.id.is_not(None))


def _detail(table: Any, name: str) -> Any:
    return func.coalesce(table.c.detail[name].astext, "").label(name)


def _of(scope: Scope) -> tuple[Any, ...]:
    return _alarm.c.act == ALARM, _alarm.c.kind == scope.kind.value, _alarm.c.key == scope.key


def tallies(scope: Scope) -> dict[State, int]:
    """Return how many alarms of a tenant are in each state."""
    query = (
        select(func.count(), func.count(_seen.c.id))
        .select_from(_alarm.outerjoin(_seen, seen_by(_alarm, _seen)))
        .where(*_of(scope))
    )
    every, seen = db.session.execute(query).one()
    return {State.OPEN: every - seen, State.SEEN: seen}


def chosen(scope: Scope, ids: Collection[UUID]) -> Sequence[Alarm]:
    """Return those of `ids` that are alarms of the tenant, newest first."""
    rows = db.session.execute(alarm_list(scope).where(_alarm.c.id.in_(ids)))
    return [Alarm(*row) for row in rows]
