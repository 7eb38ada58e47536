"""Invitations as their inviter, the operator and the invited person find them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select, union
from sqlalchemy.orm import joinedload

from counselhub.admins.queries import of_place, running_in
from counselhub.contracts.models import ContractCommunity
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.tenancy import Scope, ScopeKind, as_platform
from counselhub.invitations.models import Invitation
from counselhub.invitations.states import InvitationStatus
from counselhub.people.models import Membership, Person
from counselhub.people.sign_ins import digest
from counselhub.places.models import Street
from counselhub.starting.models import ChosenStreet

GOVERNMENT = (ScopeKind.OFFICE.value, ScopeKind.BUREAU.value)


def of_inviter(scope: Scope) -> Select[Invitation]:
    """Select what a place has sent, newest first."""
    return (
        select(Invitation)
        .where(Invitation.by_kind == scope.kind.value, Invitation.by_key == scope.key)
        .order_by(Invitation.made_at.desc(), Invitation.id.desc())
    )


def of_government(status: InvitationStatus | None) -> Select[Invitation]:
    """Select the invitations of offices and bureaus by somebody else, newest first."""
    query = select(Invitation).where(
        Invitation.kind.in_(GOVERNMENT), Invitation.by_kind.not_in(GOVERNMENT)
    )
    if status:
        query = query.where(Invitation.status == status)
    return query.order_by(Invitation.made_at.desc(), Invitation.id.desc())


def one_of(query: Select[Invitation], invitation_id: UUID) -> Invitation:
    """Return one invitation of `query`, locked. Raises NotFoundError for any other."""
    with as_platform():
        found = db.session.scalar(query.where(Invitation.id == invitation_id).with_for_update())
    if found is None:
        raise NotFoundError()
    return found


def by_token(token: str) -> Invitation | None:
    """Return the invitation that a token opens, locked; None for a token of none."""
    query = select(Invitation).where(Invitation.digest == digest(token)).with_for_update()
    with as_platform():
        return db.session.scalar(query)


def open_for(scope: Scope, email: str) -> Sequence[Invitation]:
    """Return what still waits for one address in one place."""
    query = select(Invitation).where(
        Invitation.kind == scope.kind.value,
        Invitation.key == scope.key,
        Invitation.email == email,
        Invitation.status.in_((InvitationStatus.PROPOSED, InvitationStatus.OPEN)),
    )
    with as_platform():
        return db.session.scalars(query.with_for_update()).all()


def is_overtaken(row: Invitation) -> bool:
    """Tell whether the invited person has come to the place since, or gone from it, another way."""
    query = select(Membership.id).join(Person, Person.id == Membership.person_id)
    query = query.where(
        Person.email == row.email,
        *of_place(Membership, row.scope),
        or_(Membership.ended_at.is_(None), Membership.ended_at >= row.made_at),
    )
    with as_platform():
        return db.session.scalar(query.limit(1)) is not None


def has_people(scope: Scope) -> bool:
    """Tell whether anybody has a running account in a place."""
    with as_platform():
        found = db.session.scalar(select(Membership.id).where(*running_in(scope)).limit(1))
    return found is not None


def own_streets() -> Sequence[Street]:
    """Return the streets of the firm in scope, chosen or contracted, with their districts."""
    own = union(select(ContractCommunity.street_code), select(ChosenStreet.street_code))
    query = select(Street).where(Street.code.in_(own)).options(joinedload(Street.district))
    return db.session.scalars(query.order_by(Street.code)).all()
