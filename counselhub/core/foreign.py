"""The third net: a row of another scope that reaches the session after all raises the alarm.

The criterion of the session and row security keep such rows away. Should both fail, the row that
the ORM loads is compared with the scope: the request is answered 404 and the alarm is on record.
"""

import re
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import current_app, g, has_app_context, has_request_context, request
from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    event,
    func,
    insert,
    literal_column,
    select,
)

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.history import AccountEvent
from counselhub.core.members import Member
from counselhub.core.tenancy import PLATFORM, FirmOwned, Scope, ScopeKind, apart, current_scope

ALARM = "isolation_alarm"
SEEN = "alarm_seen"
"""The act of somebody who answers for an alarm; its detail names the alarm."""
PARAMETER = re.compile("<[^>]*>")
"""Of an address the owner is told the page, not the reader's row."""
_events = AccountEvent.__table__


class ForeignRowError(NotFoundError):
    """A row of another scope was loaded: a fault of ours; whoever asked learns nothing of it."""


def raise_alarm(owner: UUID | None, reader: Scope | None, what: str) -> None:
    """Put on record that `reader` reached a row of the firm `owner`.

    The platform's record says who read whose row. The owner's says what was read, by which side,
    on which page and from which address, but not by whom; the reader's says nothing at all: neither
    tenant is told of the other. what: the table, or the marker of a honey row. Written apart, so
    that it stays when the request is rolled back.
    """
    asked = request if has_request_context() else None
    detail: dict[str, Any] = {
        "what": what,
        "owner": str(owner),
        "reader": f"{reader.kind}:{reader.key}" if reader else "",
        "path": asked.path if asked else "",
    }
    rows = []
    if owner is not None:
        side = reader.kind.value if reader else ""
        page = PARAMETER.sub("…", str(asked.url_rule or "")) if asked else ""
        rows.append(_alarm(Scope(ScopeKind.FIRM, str(owner)), what=what, side=side, page=page))
        detail["alarm"] = str(rows[0]["id"])
    current_app.logger.critical("isolation alarm: %s", detail)
    member: Member | None = g.get("member") if asked else None
    with apart(db.engine, PLATFORM) as connection:
        connection.execute(insert(AccountEvent), [*rows, _alarm(PLATFORM, by=member, **detail)])


def _alarm(scope: Scope, *, by: Member | None = None, **detail: Any) -> dict[str, Any]:
    return history.account_act(ALARM, scope, by=by, outcome=history.Outcome.REFUSED, **detail)


def seen_by(alarm: Any, seen: Any) -> ColumnElement[bool]:
    """Return the condition that `seen` is the act by which somebody answered for `alarm`.

    Both are account_event, or aliases of it.
    """
    return and_(
        seen.c.act == SEEN,
        seen.c.kind == alarm.c.kind,
        seen.c.key == alarm.c.key,
        seen.c.detail["alarm"].astext == cast(alarm.c.id, Text),
    )


def unseen_alarms(kind: Any, key: Any) -> ColumnElement[int]:
    """Count the alarms of a tenant that nobody has answered for; kind, key: of an outer query."""
    told = _events.alias("told")
    # In the words of the partial index: a plan that is kept for every request cannot use it else.
    alarm, seen = (literal_column(f"'{act}'", Text) for act in (ALARM, SEEN))
    raised = told.c.act == alarm
    each = (
        select(func.bool_or(told.c.act == seen).label("is_seen"))
        .where(told.c.act.in_((alarm, seen)), told.c.kind == kind, told.c.key == key)
        # An alarm and the acts that answer for it together: in one pass over the index.
        .group_by(case((raised, cast(told.c.id, Text)), else_=told.c.detail["alarm"].astext))
        .having(func.bool_or(raised))
        .correlate_except(told)
        .subquery()
    )
    return select(func.count().filter(~each.c.is_seen)).scalar_subquery().label("alarms")


@event.listens_for(FirmOwned, "load", propagate=True)
def check_owner(row: Any, _context: Any) -> None:
    """Compare every row of a firm that the ORM loads with the scope."""
    scope = current_scope()
    if scope is not None and _is_foreign(row, scope):
        if has_app_context():
            raise_alarm(row.firm_id, scope, row.__tablename__)
        raise ForeignRowError()


def _is_foreign(row: Any, scope: Scope) -> bool:
    if scope.kind is ScopeKind.FIRM:
        return bool(row.firm_id != _firm(scope.key))
    if scope.kind is ScopeKind.OFFICE:
        return bool(row.__dict__.get("street_code", scope.key) != scope.key)
    if scope.kind is ScopeKind.BUREAU:
        street = row.__dict__.get("street_code", scope.key)
        return bool(street is None or street[:6] != scope.key)
    return True


@lru_cache(maxsize=1024)
def _firm(key: str) -> UUID:
    return UUID(key)
