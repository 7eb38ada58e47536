"""Whose rows a transaction may touch: one firm's, one street's, one district's, or the platform's.

Two nets, each closing the other's holes. The session adds the firm to every ORM statement on a
firm's table and raises when there is no scope; PostgreSQL row security (`row_security.py`) covers
raw SQL, Core tables and counts, which the session cannot see.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from psycopg import IsolationLevel
from psycopg.pq import Escaping, ExecStatus, TransactionStatus
from sqlalchemy import Connection, Engine, Select, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass


class ScopeKind(StrEnum):
    """On which side of the programme somebody stands."""

    FIRM = "firm"
    OFFICE = "office"
    BUREAU = "bureau"
    PLATFORM = "platform"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Scope:
    """Carried by a transaction; `key` is the firm's id, the street's or the district's code."""

    kind: ScopeKind
    key: str = ""


class NoScopeError(RuntimeError):
    """A firm's table was asked for outside any scope: a fault of ours, never the user's."""


PLATFORM = Scope(ScopeKind.PLATFORM)
PUBLIC = Scope(ScopeKind.PUBLIC)

SCOPE = (
    b"SET LOCAL app.scope_kind = %s; SET LOCAL app.scope_key = %s; SET LOCAL app.scope_person = %s"
)
BEGIN_AT = {
    level: f"BEGIN ISOLATION LEVEL {level.name.replace('_', ' ')}; ".encode()
    for level in IsolationLevel
}

_scope: ContextVar[Scope | None] = ContextVar("scope", default=None)
_person: ContextVar[UUID | None] = ContextVar("person", default=None)
_is_visit: ContextVar[bool] = ContextVar("is_visit", default=False)

VISITED = {ScopeKind.FIRM: "support_firm", ScopeKind.OFFICE: "support_office"}
"""What a visit tells the database instead: kinds to which only `support_*` policies answer."""


def current_scope() -> Scope | None:
    """Return the scope of the running request, job, command or test."""
    return _scope.get()


def current_firm_id() -> UUID:
    """Return the firm whose rows may be written. Raises NoScopeError outside a firm's scope."""
    scope = _scope.get()
    if scope is None or scope.kind is not ScopeKind.FIRM:
        raise NoScopeError("this needs a firm's scope")
    return UUID(scope.key)


@contextmanager
def as_scope(scope: Scope | None) -> Iterator[None]:
    """Work inside `scope`; what was written so far reaches the database under the scope it had."""
    before = _scope.get()
    if scope == before:
        yield
        return
    change_scope(scope)
    try:
        yield
    except BaseException:
        # What failed is rolled back by its owner; the next transaction carries the scope before.
        _scope.set(before)
        with suppress(SQLAlchemyError):  # an aborted transaction takes no more words
            _tell_database(before)
        raise
    change_scope(before)


def begin_request(scope: Scope) -> Token[Scope | None]:
    """Put the rest of a request under `scope`; give the token back to `end_request`."""
    token = _scope.set(scope)
    _person.set(None)
    _is_visit.set(False)
    _tell_database(scope)
    return token


def name_person(person_id: UUID | None) -> None:
    """Let transactions carry who acts: what a person is walled off from, the database hides too.

    It tells the database with the next scope or transaction; a request begins with nobody.
    """
    _person.set(person_id)


@contextmanager
def as_person(person_id: UUID | None) -> Iterator[None]:
    """Work as somebody, shut out by that person's walls; None is nobody, whom no wall shuts out."""
    before = _person.get()
    name_person(person_id)
    change_scope(_scope.get())
    try:
        yield
        change_scope(_scope.get())  # it also writes what was left to be written
    finally:
        name_person(before)
        with suppress(SQLAlchemyError):  # as in `as_scope`
            _tell_database(_scope.get())


def name_visit(is_visit: bool) -> None:
    """Let transactions say that the platform's support acts in somebody's place.

    As `name_person`: the database is told with the next scope or transaction, and a request begins
    without. Under a firm's or an office's scope row security then shows what a visit may see only.
    """
    _is_visit.set(is_visit)


def is_visit() -> bool:
    """Say whether the transactions are those of a visit."""
    return _is_visit.get()


def current_person() -> UUID | None:
    """Return who acts, as far as the transactions know it."""
    return _person.get()


def end_request(token: Token[Scope | None]) -> None:
    """Leave no scope, no person and no visit on the thread that served the request."""
    _scope.reset(token)
    _person.set(None)
    _is_visit.set(False)


@contextmanager
def as_firm(firm_id: UUID) -> Iterator[None]:
    """Work as one law firm."""
    with as_scope(Scope(ScopeKind.FIRM, str(firm_id))):
        yield


@contextmanager
def as_office(street_code: str) -> Iterator[None]:
    """Work as the justice office of one street (nine digits)."""
    with as_scope(Scope(ScopeKind.OFFICE, street_code)):
        yield


@contextmanager
def as_platform() -> Iterator[None]:
    """Work as the platform: reference and platform tables, never a firm's case content."""
    with as_scope(PLATFORM):
        yield


@contextmanager
def apart(engine: Engine, scope: Scope) -> Iterator[Connection]:
    """Open a transaction of its own under `scope`; the session and what it holds stay untouched."""
    token = _scope.set(scope)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        _scope.reset(token)


def change_scope(scope: Scope | None) -> None:
    """Put what follows under `scope`; what was written so far reaches the database before."""
    from counselhub.core.db import db

    if db.session.registry.has():
        db.session.flush()
    _scope.set(scope)
    _tell_database(scope)


def _tell_database(scope: Scope | None) -> None:
    from counselhub.core.db import db

    if not db.session.registry.has():
        return
    session = db.session()
    if (transaction := session.get_transaction()) and transaction.is_active:
        _carry(session.connection(), scope)


def _carry(connection: Connection, scope: Scope | None) -> None:
    """Tell this transaction its scope: local to it, so that a pooled connection keeps nothing."""
    kind, key = (scope.kind.value, scope.key) if scope else ("", "")
    if scope and _is_visit.get():
        kind = VISITED.get(scope.kind, kind)
    told = (kind, key, str(_person.get() or ""))
    if _said(connection, SCOPE, *told):
        return
    connection.exec_driver_sql(
        "select set_config('app.scope_kind', %s, true), set_config('app.scope_key', %s, true),"
        " set_config('app.scope_person', %s, true)",
        told,
    )


def _said(connection: Connection, command: bytes, *texts: str) -> bool:
    """Say `command` past the driver's cursors; with it, in one trip, the BEGIN that it still lacks.

    Every request begins with two of these. Returns whether the server did it: what went wrong is
    left for the usual way to meet, and to raise.
    """
    driver: Any = connection.connection.driver_connection
    if driver.autocommit or driver.read_only is not None or driver.deferrable is not None:
        return False  # no transaction, or one that begins in a way of its own
    if driver.info.transaction_status == TransactionStatus.IDLE:
        level = driver.isolation_level
        command = (BEGIN_AT[level] if level else b"BEGIN; ") + command
    quote = Escaping(driver.pgconn).escape_literal
    said = driver.pgconn.exec_(command % tuple(quote(text.encode()) for text in texts))
    return bool(said.status == ExecStatus.COMMAND_OK)


def guard_engine(engine: Engine) -> None:
    """Make every transaction of `engine` carry the current scope; no scope, no rows."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if (scope := _scope.get()) is not None:
            _carry(connection, scope)


class FirmOwned:
    """A firm's table, whatever its key: the session adds the firm to every ORM statement on it."""

    data_class: ClassVar[DataClass]

    firm_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_firm_id, sort_order=-2)


class FirmScoped(FirmOwned):
    """A firm's table: primary key (firm_id, id), so that it can be sharded by firm."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-1)


def guard_session(session: type[Session] | Any) -> None:
    """Add the firm to every ORM statement on firm tables; refuse one without any scope."""

    @event.listens_for(session, "do_orm_execute")
    def execute(state: ORMExecuteState) -> None:
        if state.is_column_load or not state.is_orm_statement:
            return
        scope = _scope.get()
        if scope is None and any(issubclass(one.class_, FirmOwned) for one in state.all_mappers):
            raise NoScopeError(f"no scope for {state.statement}")
        if scope is not None and scope.kind is ScopeKind.FIRM:
            state.statement = _with_firm(state.statement, UUID(scope.key))


def bound(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return an ORM query with the firm in scope added, for one that no session is to send.

    Raises NoScopeError outside any scope.
    """
    scope = _scope.get()
    if scope is None:
        raise NoScopeError(f"no scope for {query}")
    return _with_firm(query, UUID(scope.key)) if scope.kind is ScopeKind.FIRM else query


def _with_firm(statement: Any, firm_id: UUID) -> Any:
    return statement.options(_of_firm(firm_id))


@lru_cache(maxsize=1024)
def _of_firm(firm_id: UUID) -> ORMOption:
    """Return the criterion of one firm: the same object each time, for it is dear to make."""
    return with_loader_criteria(
        FirmOwned, lambda table: table.firm_id == firm_id, include_aliases=True
    )
