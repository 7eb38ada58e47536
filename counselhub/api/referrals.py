"""Referrals: where each stands and who has it; never what it is about."""

from uuid import UUID

from pydantic import AwareDatetime

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Code, Instant, Listed, PageOf, Shown
from counselhub.core.access import Permission, fetch
from counselhub.core.labels import N_
from counselhub.referrals import queries
from counselhub.referrals.kinds import ReferralStatus, Urgency
from counselhub.referrals.models import Referral

READ = "referrals:read"


class ReferralShown(Shown):
    """转介: a service that goes to a team; `due_at`: when its present step is due."""

    id: UUID
    revision: int
    number: str
    service_id: UUID
    community_code: str
    speciality: str
    urgency: str
    status: str
    asker_id: UUID
    receiver_id: UUID | None
    team_id: UUID | None
    asked_at: Instant
    accepted_at: Instant | None
    due_at: Instant | None
    concluded_at: Instant | None


class ReferralsAsked(Listed):
    """The filters of the list."""

    state: ReferralStatus | None = None
    urgency: Urgency | None = None
    community: Code | None = None
    changed_since: AwareDatetime | None = None


@operation(
    "GET",
    "/referrals",
    N_("列出转介"),
    READ,
    Permission.REFERRAL_USE,
    query=ReferralsAsked,
    answer=PageOf[ReferralShown],
)
def list_referrals(asked: ReferralsAsked) -> PageOf[ReferralShown]:
    """List the referrals in sight, those that ended too."""
    given = {
        "state": asked.state or "",
        "urgency": asked.urgency or "",
        "community": asked.community or "",
        "q": "",
    }
    query = queries.listed(given, "asked")
    if asked.changed_since:
        query = query.where(changed_since(Referral, asked.changed_since))
    return part_of(query, Referral.id, asked, ReferralShown.model_validate, PageOf[ReferralShown])


@operation(
    "GET",
    "/referrals/<uuid:referral_id>",
    N_("查看一项转介"),
    READ,
    Permission.REFERRAL_USE,
    answer=ReferralShown,
)
def referral(referral_id: UUID) -> ReferralShown:
    """Show one referral."""
    return ReferralShown.model_validate(fetch(Referral, referral_id))
