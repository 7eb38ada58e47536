"""Which conferences a member sees: the conditions that `sights.py` deals out."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, union_all

from counselhub.conferences.models import Conference, ConferenceSeat, ConferenceTask
from counselhub.core.members import Member
from counselhub.matters.sight import beyond_walls
from counselhub.referrals.models import Referral
from counselhub.referrals.queries import taking_part as of_referrals
from counselhub.services.models import ServiceRecord


def conferences_seen(member: Member, *, is_all: bool) -> ColumnElement[bool]:
    """Return the condition of the conferences in sight. is_all: also those of colleagues."""
    return _behind_no_wall() if is_all else and_(_behind_no_wall(), taking_part(member.adviser_id))


def parts_seen(model: Any, conferences: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition of what hangs on the conferences that `conferences` are."""
    seen: ColumnElement[bool] = model.conference_id.in_(select(Conference.id).where(conferences))
    return seen


def _behind_no_wall() -> ColumnElement[bool]:
    """Return the condition of conferences on no service and no referral behind a wall."""
    return and_(
        beyond_walls("walled_services", Conference.service_id),
        beyond_walls("walled_referrals", Conference.referral_id),
    )


def taking_part(adviser_id: UUID | None) -> ColumnElement[bool]:
    """Return the condition of conferences that a lawyer chairs or was called to.

    Also those on his own services, and on referrals that he takes part in.
    """
    parts = union_all(
        select(Conference.id).where(Conference.chair_id == adviser_id),
        select(ConferenceSeat.conference_id).where(ConferenceSeat.adviser_id == adviser_id),
        select(ConferenceTask.conference_id).where(ConferenceTask.owner_id == adviser_id),
        select(Conference.id).where(
            Conference.service_id.in_(
                select(ServiceRecord.id).where(ServiceRecord.adviser_id == adviser_id)
            )
        ),
        select(Conference.id).where(
            Conference.referral_id.in_(select(Referral.id).where(of_referrals(adviser_id)))
        ),
    )
    return Conference.id.in_(select(parts.subquery().c[0]))
