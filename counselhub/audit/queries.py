"""Search the acts of a tenant: both tables as one list, paged by key."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from counselhub.advisers.models import Adviser
from counselhub.audit.filters import Asked, Cursor
from counselhub.audit.wording import ACCOUNTS
from counselhub.core.chain import ChainDay
from counselhub.core.db import db
from counselhub.core.history import AccountEvent, Event, Outcome
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind
from counselhub.people.models import Firm
from counselhub.places.models import Community

PER_PAGE = 50
_e, _a = Event.__table__.c, AccountEvent.__table__.c


@dataclass(frozen=True, slots=True)
class Act:
    """An act of either table."""

    id: UUID
    at: datetime
    subject: str
    subject_id: UUID | None
    act: str
    outcome: str
    who: str
    side: str
    address: str
    from_status: str | None
    to_status: str | None
    detail: dict[str, Any]
    changes: dict[str, Any]


def _on_rows() -> Select[Any]:
    return select(
        _e.id,
        _e.at,
        _e.subject,
        _e.subject_id,
        _e.act,
        literal(Outcome.DONE.value).label("outcome"),
        _e.actor_name.label("who"),
        _e.actor_side.label("side"),
        _e.address,
        _e.from_status,
        _e.to_status,
        _e.detail,
        _e.changes,
    )


def _on_accounts() -> Select[Any]:
    blank = cast(null(), Text)
    return select(
        _a.id,
        _a.at,
        literal(ACCOUNTS).label("subject"),
        cast(null(), PG_UUID(as_uuid=True)).label("subject_id"),
        _a.act,
        _a.outcome,
        _a.name.label("who"),
        _a.kind.label("side"),
        _a.address,
        blank.label("from_status"),
        blank.label("to_status"),
        _a.detail,
        type_coerce(func.jsonb_build_object(), JSONB).label("changes"),
    )


def acts(member: Member, asked: Asked, after: Cursor | None = None, *, limit: int) -> list[Act]:
    """Return acts of the member's tenant, newest first unless asked otherwise, with one statement.

    An office's are those of its own people, on whatever firm's statement, and on its accounts.
    """
    parts = []
    for table, query, own in (
        (_e, _on_rows(), _own_rows(member)),
        (_a, _on_accounts(), _own_accounts(member)),
    ):
        if (conditions := _conditions(table, asked)) is not None:
            ordered = _ordered(query.where(own, *conditions), table.at, table.id, asked, after)
            parts.append(select(ordered.limit(limit).subquery()))
    if not parts:
        return []
    every = union_all(*parts).subquery()
    query = _ordered(select(every), every.c.at, every.c.id, asked, None).limit(limit)
    return [Act(*row) for row in db.session.connection().execute(query)]


def _own_rows(member: Member) -> ColumnElement[bool]:
    if member.scope.kind is ScopeKind.FIRM:
        return _e.firm_id == member.firm_id
    return and_(_e.street_code == member.scope.key, _e.actor_side == ScopeKind.OFFICE.value)


def _own_accounts(member: Member) -> ColumnElement[bool]:
    return and_(_a.kind == member.scope.kind.value, _a.key == member.scope.key)


def _conditions(table: Any, asked: Asked) -> list[ColumnElement[bool]] | None:
    """Return what `asked` asks of one of the two tables, None when nothing of it can match."""
    of_rows = table is _e
    if asked.subject and (asked.subject == ACCOUNTS) is of_rows:
        return None
    if of_rows and asked.outcome == Outcome.REFUSED:
        return None
    begin, end = asked.span
    wanted = [] if begin is None else [table.at >= begin]
    wanted += [] if end is None else [table.at < end]
    if asked.thing is not None:
        wanted.append(_thing(table, asked.thing, of_rows=of_rows))
    if asked.outcome and not of_rows:
        wanted.append(_a.outcome == asked.outcome)
    return wanted + _of_words(table, asked, of_rows=of_rows)


def _of_words(table: Any, asked: Asked, *, of_rows: bool) -> list[ColumnElement[bool]]:
    name = table.actor_name if of_rows else table.name
    wanted: list[tuple[str, ColumnElement[bool]]] = [
        (asked.who, name.contains(asked.who, autoescape=True)),
        (asked.address, table.address.startswith(asked.address, autoescape=True)),
        (asked.act, table.act == asked.act),
    ]
    if of_rows:
        wanted.append((asked.subject, _e.subject == asked.subject))
    return [condition for given, condition in wanted if given]


def _thing(table: Any, thing: UUID | None, *, of_rows: bool) -> ColumnElement[bool]:
    """Match acts on one row; refusals name it among the ids of their address."""
    if of_rows:
        return _e.subject_id == thing
    return cast(table.detail["ids"], Text).contains(str(thing))


def _ordered(
    query: Select[Any], at: Any, key: Any, asked: Asked, after: Cursor | None
) -> Select[Any]:
    if after is not None:
        place, limit = tuple_(at, key), tuple_(literal(after.at), literal(after.id))
        query = query.where(place > limit if asked.is_oldest_first else place < limit)
    if asked.is_oldest_first:
        return query.order_by(at.asc(), key.asc())
    return query.order_by(at.desc(), key.desc())


def names(keys: Collection[str]) -> dict[str, str]:
    """Return the names of lawyers and communities among `keys`, with one statement."""
    ids = [UUID(key) for key in keys if _is_id(key)]
    codes = [key for key in keys if len(key) == 12 and key.isdigit()]
    if not ids and not codes:
        return {}
    lawyers = select(cast(Adviser.id, Text), Adviser.name).where(Adviser.id.in_(ids))
    places = select(Community.code, Community.name).where(Community.code.in_(codes))
    rows = db.session.execute(union_all(lawyers, places))
    return {row[0]: row[1] for row in rows}


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class DayHead:
    """The last link of a firm's chain on a day."""

    firm: str
    day: date
    seq: int
    digest: str

    @property
    def short(self) -> str:
        """The first letters, enough to compare two by eye."""
        return self.digest[:12]


def day_heads(firm_id: UUID | None = None) -> Select[Any]:
    """Select the days' heads of every firm in sight, newest day first. firm_id: of one only."""
    query = (
        select(Firm.name, ChainDay.day, ChainDay.seq, func.encode(ChainDay.digest, "hex"))
        .join(Firm, Firm.id == ChainDay.firm_id)
        .order_by(ChainDay.day.desc(), Firm.name, Firm.id)
    )
    return query if firm_id is None else query.where(ChainDay.firm_id == firm_id)


def firms_in_sight() -> Sequence[Any]:
    """Return id and name of the firms whose heads the reader may see."""
    seen = select(ChainDay.firm_id).where(ChainDay.firm_id == Firm.id).exists()
    return db.session.execute(select(Firm.id, Firm.name).where(seen).order_by(Firm.name)).all()
