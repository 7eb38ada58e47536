"""Sessions of duty: a firm's as its list shows them, a street's as its picture does.

Programs do what the desk does; nobody is signed in or out by one.
"""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from flask_babel import gettext as _
from pydantic import AwareDatetime, Field

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import expect, operation
from counselhub.api.shapes import (
    LEFT_OUT,
    Asked,
    Code,
    Day,
    Instant,
    Listed,
    PageOf,
    Shown,
    TimeOfDay,
    Words,
)
from counselhub.core import clock
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import ScopeKind
from counselhub.duty import desk, queries, session_queries
from counselhub.duty.kinds import CorrectionReason, SessionStatus
from counselhub.duty.models import DutySession
from counselhub.reports import records

READ, WRITE = "duty:read", "duty:write"
Why = Annotated[str, Field(min_length=1, max_length=500)]


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


class SessionGiven(Asked):
    """A session that was missed (补录); `signed_out` null: nobody knows when, it counts nothing."""

    adviser_id: UUID
    community_code: Code
    day: Day
    signed_in: TimeOfDay
    signed_out: TimeOfDay | None = None
    substitute_for_id: UUID | None = None
    community_confirmed: bool = False
    reason: CorrectionReason
    remark: Why


class SessionCorrected(Asked):
    """What is to be corrected, and why; what is left out stays, null empties what may be empty."""

    adviser_id: UUID = LEFT_OUT
    community_code: Code = LEFT_OUT
    day: Day = LEFT_OUT
    signed_in: TimeOfDay = LEFT_OUT
    signed_out: TimeOfDay | None = None
    substitute_for_id: UUID | None = None
    community_confirmed: bool = LEFT_OUT
    reason: CorrectionReason
    remark: Why


class Voiding(Asked):
    """Why a session is taken out of every count."""

    reason: str = Field(min_length=1, max_length=200)


@operation(
    "POST",
    "/duty/sessions",
    N_("补录一次值班"),
    WRITE,
    Permission.DUTY_MANAGE,
    body=SessionGiven,
    answer=SessionShown,
    made=True,
)
def create_session(body: SessionGiven) -> SessionShown:
    """Add a missed session as the desk does; it is told as added by hand, never as a sign-in."""
    entry = _entry(body.model_dump(exclude={"reason"}))
    return shown(desk.add(entry, by=current_member(), reason=body.reason))


@operation(
    "PATCH",
    "/duty/sessions/<uuid:session_id>",
    N_("更正一次值班"),
    WRITE,
    Permission.DUTY_MANAGE,
    body=SessionCorrected,
    answer=SessionShown,
)
def correct_session(session_id: UUID, body: SessionCorrected) -> SessionShown:
    """Correct what is given of a session while its month is open; both versions stay on record."""
    row = fetch(DutySession, session_id, Permission.DUTY_MANAGE)
    expect(shown(row))
    changed = body.model_dump(exclude_unset=True, exclude={"reason"})
    entry = _entry(_as_it_is(row) | changed)
    desk.correct(row, entry, revision=None, by=current_member(), reason=body.reason)
    db.session.flush()
    return shown(row)


@operation(
    "POST",
    "/duty/sessions/<uuid:session_id>/voiding",
    N_("作废一次值班"),
    WRITE,
    Permission.DUTY_MANAGE,
    body=Voiding,
    answer=SessionShown,
)
def void_session(session_id: UUID, body: Voiding) -> SessionShown:
    """Take a session out of every count; it stays to be seen."""
    row = fetch(DutySession, session_id, Permission.DUTY_MANAGE)
    desk.void(row, by=current_member(), reason=body.reason)
    db.session.flush()
    return shown(row)


def _entry(told: dict[str, Any]) -> desk.Entry:
    """Return the entry of what the page offers to choose from. Raises RefusedError at a field."""
    lawyers, places = queries.advisers_and_communities()
    people = {None, *(one.id for one in lawyers)}
    for name in ("adviser_id", "substitute_for_id"):
        if told[name] not in people:
            raise RefusedError(_("没有这位律师。"), at=name)
    if told["community_code"] not in {one.code for one in places}:
        raise RefusedError(_("没有这个社区。"), at="community_code")
    end = told["signed_out"]
    times = {
        "signed_in": time.fromisoformat(told["signed_in"]),
        "signed_out": time.fromisoformat(end) if end else None,
    }
    return desk.Entry(**told | times)


def _as_it_is(row: DutySession) -> dict[str, Any]:
    return {
        "adviser_id": row.adviser_id,
        "community_code": row.community_code,
        "day": row.day,
        "signed_in": _time_of_day(row.signed_in_at),
        "signed_out": _time_of_day(row.signed_out_at) if row.signed_out_at else None,
        "substitute_for_id": row.substitute_for_id,
        "community_confirmed": bool(row.community_confirmed),
    }


def _time_of_day(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M}"


def shown(row: DutySession) -> SessionShown:
    """Return what is told of a session."""
    return SessionShown.model_validate(row)
