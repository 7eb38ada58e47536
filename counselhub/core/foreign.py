"""The third net: a row of another scope that reaches the session after all raises the alarm.

The criterion of the session and row security keep such rows away. Should both fail, the row that
the ORM loads is compared with the scope: the request is answered 404 and the alarm is on record.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import current_app, g, has_app_context, has_request_context, request
from sqlalchemy import event

from counselhub.core import history
from counselhub.core.access import Member
from counselhub.core.errors import NotFoundError
from counselhub.core.tenancy import PLATFORM, FirmOwned, Scope, ScopeKind, current_scope

ALARM = "isolation_alarm"


class ForeignRowError(NotFoundError):
    """A row of another scope was loaded: a fault of ours; whoever asked learns nothing of it."""


def raise_alarm(owner: UUID | None, reader: Scope | None, what: str) -> None:
    """Put on record that `reader` reached a row of the firm `owner`.

    The platform's record says who read; the owner's says only that and what, for neither tenant is
    told of the other. what: the table, or the marker of a honey row. Written apart, so that it
    stays when the request is rolled back.
    """
    member: Member | None = g.get("member") if has_request_context() else None
    detail: dict[str, Any] = {
        "what": what,
        "owner": str(owner),
        "reader": f"{reader.kind}:{reader.key}" if reader else "",
        "path": request.path if has_request_context() else "",
    }
    current_app.logger.critical("isolation alarm: %s", detail)
    history.note(ALARM, scope=PLATFORM, by=member, outcome=history.Outcome.REFUSED, **detail)
    if owner is not None:
        scope = Scope(ScopeKind.FIRM, str(owner))
        history.note(ALARM, scope=scope, outcome=history.Outcome.REFUSED, what=what)


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
