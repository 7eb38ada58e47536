"""Let the operator in, take that back, enter, leave."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, update

from counselhub.core import clock, history
from counselhub.core.db import db, reached
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.history import AccountEvent
from counselhub.core.members import Member
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, apart, as_platform
from counselhub.support import queries, rules
from counselhub.support.kinds import ConsentState, VisitEnd
from counselhub.support.models import SupportConsent, SupportVisit

PLACES = (ScopeKind.FIRM, ScopeKind.OFFICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a place allows. membership_id: under whose account, None for anybody's."""

    membership_id: UUID | None
    why: str
    hours: int


def grant(given: Given, *, by: Member) -> SupportConsent:
    """Let the operator in from now on. Raises RefusedError for somebody who is not of the place."""
    if by.scope.kind not in PLACES:
        raise ForbiddenError()
    now = clock.now()
    row = SupportConsent(
        kind=by.scope.kind.value,
        key=by.scope.key,
        place_name=by.title,
        membership_id=given.membership_id,
        person_name=_name(by.scope, given.membership_id),
        why=given.why,
        granted_at=now,
        granted_by_name=by.name,
        expires_at=rules.until(now, given.hours),
    )
    with as_platform():
        db.session.add(row)
    history.note(
        "support_granted",
        scope=by.scope,
        by=by,
        in_place_of=row.person_name,
        reason=row.why,
        hours=given.hours,
    )
    return row


def _name(place: Scope, membership_id: UUID | None) -> str:
    """Return whose account it is, '' for anybody's. Raises RefusedError for no account there."""
    if membership_id is None:
        return ""
    found = queries.people(place, membership_id)
    if not found:
        raise RefusedError(_("本单位没有这个账号，或者它已停用。"), at="membership")
    return str(found[0].name)


def revoke(row: SupportConsent, *, by: Member) -> None:
    """Take a consent back: visits under it end with their next request.

    Raises ConflictError when it is over already.
    """
    values = {"revoked_at": clock.now(), "revoked_by_name": by.name}
    is_live = (
        SupportConsent.id == row.id,
        SupportConsent.revoked_at.is_(None),
        SupportConsent.expires_at > clock.now(),
    )
    with as_platform():
        if not reached(update(SupportConsent).where(*is_live).values(values)):
            raise ConflictError(_("这项同意已经到期或收回。"))
    history.note("support_revoked", scope=by.scope, by=by, reason=row.why)


def enter(
    row: SupportConsent, membership_id: UUID, *, by: Member, session_id: UUID
) -> SupportVisit:
    """Begin a visit of the operator's session, which is in none yet: a visitor sees no console.

    Raises ConflictError when the consent is over, RefusedError for an account that it does not
    name. One that is taken back at the same moment ends the visit with its first request.
    """
    if rules.state(row.expires_at, row.revoked_at, clock.now()) is not ConsentState.LIVE:
        raise ConflictError(_("这项同意已经到期或收回。"))
    found = {one.id: one for one in queries.people(row.scope, row.membership_id)}
    if membership_id not in found or by.person_id is None:
        raise RefusedError(_("请选择同意里写明的账号。"), at="membership")
    visit = SupportVisit(
        consent_id=row.id,
        session_id=session_id,
        operator_id=by.person_id,
        operator_name=by.name,
        membership_id=membership_id,
        person_name=found[membership_id].name,
        began_at=clock.now(),
    )
    with as_platform():
        db.session.add(visit)
        db.session.flush()
    _tell_both(row, visit, by)
    return visit


def _tell_both(row: SupportConsent, visit: SupportVisit, by: Member) -> None:
    for scope, place in ((row.scope, ""), (PLATFORM, row.place_name)):
        history.note(
            "support_begun",
            scope=scope,
            by=by,
            in_place_of=visit.person_name,
            reason=row.why,
            place=place,
        )


def leave(visit_id: UUID, place: Scope, *, by: Member) -> None:
    """End a visit at the operator's wish; one that is over stays as it is."""
    _end(visit_id, place, VisitEnd.LEFT, by.visit.operator_name if by.visit else by.name)


def end_over(visit: SupportVisit, why: VisitEnd) -> None:
    """End a visit that may not go on, whatever becomes of the request that found it so."""
    _end(visit.id, visit.consent.scope, why, visit.operator_name)


def _end(visit_id: UUID, place: Scope, why: VisitEnd, name: str) -> None:
    """End it past the request's own transaction; the record tells it once."""
    query = update(SupportVisit).where(SupportVisit.id == visit_id, SupportVisit.ended_at.is_(None))
    ended_at: datetime = clock.now()
    with apart(db.engine, PLATFORM) as connection:
        values = {"ended_at": ended_at, "ended_why": why.value}
        if not connection.execute(query.values(values)).rowcount:
            return
        acts = (
            history.account_act("support_ended", scope, name=name, why=why.value)
            for scope in (place, PLATFORM)
        )
        connection.execute(insert(AccountEvent), list(acts))
