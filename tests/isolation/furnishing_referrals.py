"""A referral with all that hangs on it, a team, the rules: each marked with the firm's token."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.referrals.after_models import FeedbackLink, HomeVisit, ReferralFeedback
from counselhub.referrals.models import (
    Referral,
    ReferralHandover,
    ReferralMember,
    ReferralOffer,
    ReferralPause,
)
from counselhub.referrals.team_models import CommunityNeed, ReferralRule, Team, TeamMember

if TYPE_CHECKING:
    from tests.isolation.furnishing import Room


def add_referral(room: "Room") -> None:
    """Furnish them for the service that the room has."""
    tenant, token = room.tenant, room.token
    now, today, place = clock.now(), clock.today(), tenant.town.communities[0]
    team = Team(name=f"团队{token}", specialities=["labour"], cluster=[place], starts_on=today)
    referral = Referral(
        number=f"ZJ-{token}",
        service_id=UUID(room.ids["service_id"]),
        community_code=place,
        speciality="labour",
        urgency="normal",
        words=f"难点{token}",
        status="accepted",
        asker_id=tenant.adviser_id,
        receiver_id=tenant.backup_id,
        asked_at=now,
        step_at=now,
        accepted_at=now,
        due_at=now + timedelta(days=3650),
        opinion=f"意见{token}",
    )
    _kept(team, referral, ReferralRule(), CommunityNeed(community_code=place, speciality="land"))
    feedback = ReferralFeedback(
        referral_id=referral.id, whom="client", told_on=today, words=f"反馈{token}", told_by="某"
    )
    of_it: dict[str, Any] = {"referral_id": referral.id}
    handover = ReferralHandover(
        kind="takeover",
        from_id=tenant.backup_id,
        to_id=tenant.adviser_id,
        words=f"接手{token}",
        asked_at=now,
        **of_it,
    )
    _kept(
        feedback,
        handover,
        TeamMember(team_id=team.id, adviser_id=tenant.backup_id, role="leader", joined_on=today),
        ReferralMember(adviser_id=tenant.adviser_id, role="member", **of_it),
        ReferralPause(began_at=now, ended_at=now, words=f"等{token}", **of_it),
        HomeVisit(
            visited_on=today,
            first_id=tenant.adviser_id,
            second_person=f"同行{token}",
            result=f"走访{token}",
            **of_it,
        ),
        ReferralOffer(
            adviser_id=tenant.backup_id,
            rank=0,
            score=1,
            state="accepted",
            offered_at=now,
            expires_at=now,
            words=f"答{token}",
            **of_it,
        ),
    )
    room.note(
        referral_id=referral.id,
        feedback_id=feedback.id,
        handover_id=handover.id,
        team_id=team.id,
    )
    with as_platform():
        link = FeedbackLink(
            digest=f"feedback{token}",
            firm_id=tenant.firm_id,
            feedback_id=feedback.id,
            expires_at=now,
        )
        db.session.add(link)


def _kept(*rows: Any) -> None:
    db.session.add_all(rows)
    db.session.flush()
