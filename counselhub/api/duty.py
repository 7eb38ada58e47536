"""Sessions of duty: a firm's as its list shows them, a street's as its picture does."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Code, Day, Instant, Listed, PageOf, Shown, Words
from counselhub.core.access import Permission, current_member, fetch
from counselhub.core.labels import N_
from counselhub.core.tenancy import ScopeKind
from counselhub.duty import session_queries
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.reports import records

READ = "duty:read"


class SessionShown(Shown):
    """值班: `signed_out_at` is null while it is open, and where nobody told: it counts nothing."""

    id: UUID
    revision: int
    firm_id: UUID
    community_code: str
    street_code: str
    adviser_id: UUID
    substitute_for_id: UUID | None
    day: date
    signed_in_at: Instant
    signed_out_at: Instant | None
    status: str
    source: str
    community_confirmed: bool | None
    is_corrected: bool


class SessionsAsked(Listed):
    """The days from `from` to `to`, both included; a community, an adviser, words, a state."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    community: Code | None = None
    adviser: UUID | None = None
    q: Words | None = None
    status: SessionStatus | None = None
    changed_since: AwareDatetime | None = None


@operation(
    "GET",
    "/duty/sessions",
    N_("列出值班"),
    READ,
    Permission.FIRM_READ,
    Permission.REVIEW_READ,
    query=SessionsAsked,
    answer=PageOf[SessionShown],
)
def list_sessions(asked: SessionsAsked) -> PageOf[SessionShown]:
    """List the sessions of some days; a lawyer's token sees the own ones, an office's no void."""
    query = _of_office(asked) if _is_office() else _of_firm(asked)
    if asked.changed_since:
        query = query.where(changed_since(DutySession, asked.changed_since))
    return part_of(query, DutySession.id, asked, lambda row: shown(row[0]), PageOf[SessionShown])


def _is_office() -> bool:
    return current_member().scope.kind is ScopeKind.OFFICE


def _of_firm(asked: SessionsAsked) -> Any:
    given = _words(asked) | {"status": asked.status or ""}
    return session_queries.session_list(asked.first, asked.last, given, "day")


def _of_office(asked: SessionsAsked) -> Any:
    given = _words(asked) | {"firm": "", "street": ""}
    query = records.sessions(asked.first, asked.last, given, "", "day")
    return query.where(DutySession.status == asked.status) if asked.status else query


def _words(asked: SessionsAsked) -> dict[str, str]:
    return {
        "community": asked.community or "",
        "adviser": str(asked.adviser or ""),
        "q": asked.q or "",
    }


@operation(
    "GET",
    "/duty/sessions/<uuid:session_id>",
    N_("查看一次值班"),
    READ,
    Permission.FIRM_READ,
    answer=SessionShown,
)
def session(session_id: UUID) -> SessionShown:
    """Show one session of the firm."""
    return shown(fetch(DutySession, session_id))


def shown(row: DutySession) -> SessionShown:
    """Return what is told of a session."""
    return SessionShown.model_validate(row)
