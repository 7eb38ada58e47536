"""The database: declarative base, session, one transaction a request."""

import select
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, cast
from uuid import UUID

import orjson
from flask import Flask, Response, g
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import (
    BigInteger,
    CursorResult,
    Date,
    DateTime,
    Executable,
    MetaData,
    Numeric,
    Select,
    Text,
    event,
    text,
)
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DisconnectionError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapper, registry

from counselhub.core import tenancy
from counselhub.core.ids import uuid7
from counselhub.core.row_security import APP_ROLE

SCHEMA = "counselhub.schema"
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
TYPES: dict[Any, Any] = {
    int: BigInteger,
    str: Text,
    date: Date,
    datetime: DateTime(timezone=True),
    UUID: pg.UUID(as_uuid=True),
    Decimal: Numeric(9, 4),
    list[str]: pg.ARRAY(Text),
    dict[str, Any]: pg.JSONB,
    list[Any]: pg.JSONB,
}


class Base(DeclarativeBase):
    """Base of every table; a new row has its id from the start, so that others can name it."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map=TYPES)


@event.listens_for(Mapper, "before_configured")
def know_every_table() -> None:
    """Import the whole schema before relationships are resolved, wherever the program began.

    Foreign keys name tables of features that the one which is imported first need not know.
    """
    import_module(SCHEMA)


@event.listens_for(Base, "init", propagate=True)
def give_id(row: Any, _args: Any, values: dict[str, Any]) -> None:
    """Give a new row its id before it is flushed."""
    column = type(row).__table__.columns.get("id")
    if column is not None and column.primary_key:
        values.setdefault("id", uuid7())


db = SQLAlchemy(
    model_class=Base,
    engine_options={
        "pool_size": 8,
        "json_deserializer": orjson.loads,
        "hide_parameters": True,  # a fault's log never holds a hash or a client's name
    },
)


class PrivilegedRoleError(RuntimeError):
    """The application was about to connect as a role that row security does not bind."""


def refuse_privileged_role(engine: Engine) -> None:
    """Raise PrivilegedRoleError unless the connection's role is bound by row security."""
    if privileged := _privileges(engine):
        raise PrivilegedRoleError(
            f"role {privileged} is superuser, bypasses row security or owns tables;"
            " refusing to start"
        )


def _privileges(engine: Engine) -> str | None:
    """Return the name of the role in force when row security does not bind it."""
    with engine.connect() as connection:
        role: str | None = connection.scalar(
            text(
                "select current_user from pg_roles r where rolname = current_user"
                " and (rolsuper or rolbypassrls or exists (select from pg_class c"
                " join pg_namespace n on n.oid = c.relnamespace"
                " where n.nspname = 'public' and c.relkind = 'r' and c.relowner = r.oid))"
            )
        )
    engine.dispose()  # what was opened so far has not met the hooks that follow
    return role


def init_app(app: Flask) -> None:
    """Bind the session to the application's role, guarded by the tenancy."""
    db.init_app(app)
    with app.app_context():
        engine = db.engine
        if app.config["DATABASE_SET_ROLE"] and _privileges(engine):
            _set_role(engine)
        tenancy.guard_engine(engine)
        _leave_closed(engine)
        _keep_prepared(engine)
        try:
            refuse_privileged_role(engine)
        finally:
            engine.dispose()  # gunicorn forks: each worker opens its own


tenancy.guard_session(db.session)


def _set_role(engine: Engine) -> None:
    """Give up the owner's rights on every new connection."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.execute(f"SET ROLE {APP_ROLE}")
        connection.commit()


def _leave_closed(engine: Engine) -> None:
    """Take no connection that the server has closed, as when it was started anew.

    Between transactions a server says nothing: a socket with something to read is at its end. To
    look costs no round trip, which asking the server before each request would.
    """

    @event.listens_for(engine, "checkout")
    def checkout(connection: Any, _record: Any, _proxy: Any) -> None:
        sockets = select.poll()
        sockets.register(connection.fileno(), select.POLLIN)
        if sockets.poll(0):
            raise DisconnectionError("closed by the server")


def _keep_prepared(engine: Engine) -> None:
    """Let a connection keep its prepared statements when a transaction is rolled back.

    The driver forgets them all there, for fear of tables that the transaction had made; the
    application's role makes none. To plan a statement under row security takes several times as
    long as to run it, and every refusal ends in a rollback.
    """
    usual = engine.dialect.do_rollback

    def do_rollback(connection: Any) -> None:
        server = getattr(connection, "driver_connection", connection).pgconn
        if server.transaction_status == TransactionStatus.IDLE:
            return
        if server.exec_(b"ROLLBACK").status != ExecStatus.COMMAND_OK:
            usual(connection)

    engine.dialect.do_rollback = do_rollback  # type: ignore[assignment, method-assign]  # of this engine


class TransactionalFlask(Flask):
    """One transaction a request: committed when the answer is below 400, else rolled back."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return what is to be called as it is: Flask would look at each hook for `async`."""
        return func

    def dispatch_request(self) -> Response:
        """Answer and settle here, where a refused commit still meets the error handlers."""
        response = self.make_response(super().dispatch_request())
        if response.status_code < 400:
            if refusal := g.pop("unheeded", None):
                raise refusal  # of a request that came too often and was done nevertheless
            db.session.commit()
        else:
            db.session.rollback()
        return response


def columns_of(query: Select[*tuple[Any, ...]]) -> CursorResult[*tuple[Any, ...]]:
    """Send a query of columns past the session, which would make it ready to load objects of.

    It is bound to the scope all the same; what the session holds unwritten is not written before.
    Raises NoScopeError outside any scope.
    """
    return db.session.connection().execute(tenancy.bound(query))


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def take_lock(name: str) -> None:
    """Wait for whoever else holds the lock of this name; it ends with the transaction.

    For what a constraint cannot keep: the second one then finds what the first one wrote.
    """
    db.session.execute(_LOCK, {"name": name})


def reached(statement: Executable, parameters: Mapping[str, object] | None = None) -> int:
    """Send an UPDATE or DELETE, text with parameters too, and return how many rows it reached."""
    return cast("CursorResult[Any]", db.session.execute(statement, parameters)).rowcount


def constraint_of(error: IntegrityError) -> str:
    """Return the name of the constraint that refused a statement, '' when it has none."""
    diagnosis = getattr(error.orig, "diag", None)
    return (diagnosis and diagnosis.constraint_name) or ""
