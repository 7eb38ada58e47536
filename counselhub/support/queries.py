"""Consents and visits, as a place and the operator find them; all under the platform's scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from counselhub.admins.queries import running_in
from counselhub.core.columns import containing
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.tenancy import Scope, as_platform
from counselhub.people.models import Membership, Person
from counselhub.support.kinds import ConsentState
from counselhub.support.models import SupportConsent, SupportVisit


def _in_state(state: ConsentState, now: datetime) -> tuple[ColumnElement[bool], ...]:
    stands = SupportConsent.revoked_at.is_(None)
    return {
        ConsentState.LIVE: (stands, SupportConsent.expires_at > now),
        ConsentState.EXPIRED: (stands, SupportConsent.expires_at <= now),
        ConsentState.REVOKED: (~stands,),
    }[state]


def consents(
    words: str, state: ConsentState | None, now: datetime, *conditions: ColumnElement[bool]
) -> Select[SupportConsent]:
    """Select consents, newest first. words: each is in the place's name or the reason."""
    found = containing(words, SupportConsent.place_name, SupportConsent.why)
    query = select(SupportConsent).where(found, *conditions)
    if state is not None:
        query = query.where(*_in_state(state, now))
    return query.order_by(SupportConsent.granted_at.desc(), SupportConsent.id.desc())


def visits(consent_ids: Sequence[UUID]) -> dict[UUID, list[SupportVisit]]:
    """Return the visits under these consents by consent, oldest first."""
    query = select(SupportVisit).where(SupportVisit.consent_id.in_(consent_ids))
    found: dict[UUID, list[SupportVisit]] = {}
    with as_platform():
        for visit in db.session.scalars(query.order_by(SupportVisit.began_at, SupportVisit.id)):
            found.setdefault(visit.consent_id, []).append(visit)
    return found


def consent(consent_id: UUID) -> SupportConsent:
    """Return one consent of whatever place. Raises NotFoundError."""
    with as_platform():
        found = db.session.get(SupportConsent, consent_id)
    if found is None:
        raise NotFoundError()
    return found


def people(scope: Scope, only: UUID | None = None) -> Sequence[Any]:
    """Return (membership id, role, name) of who has an account in a place, by name.

    only: of one membership alone; nobody when it has ended.
    """
    query = select(Membership.id, Membership.role, Person.name).join(
        Person, Person.id == Membership.person_id
    )
    if only is not None:
        query = query.where(Membership.id == only)
    with as_platform():
        return db.session.execute(
            query.where(*running_in(scope)).order_by(Person.name, Membership.id)
        ).all()


def running(visit_id: UUID, session_id: UUID) -> SupportVisit | None:
    """Return a session's visit with its consent, None for one that has ended or is another's."""
    query = (
        select(SupportVisit)
        .where(
            SupportVisit.id == visit_id,
            SupportVisit.session_id == session_id,
            SupportVisit.ended_at.is_(None),
        )
        .options(joinedload(SupportVisit.consent))
    )
    with as_platform():
        return db.session.scalar(query)


def person_of(membership_id: UUID) -> UUID | None:
    """Return whose running membership it is."""
    query = select(Membership.person_id).where(
        Membership.id == membership_id, Membership.ended_at.is_(None)
    )
    with as_platform():
        return db.session.scalar(query)
