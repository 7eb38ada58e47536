"""What happens to referrals by itself: the next lawyer is asked, the liaison is told."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import WHEN_DUE, Member
from counselhub.core.permissions import Role
from counselhub.core.rounds import Round
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.people.queries import every_firm
from counselhub.referrals import offering, timing
from counselhub.referrals.kinds import LIVE, OfferState
from counselhub.referrals.models import Referral, ReferralOffer


@dataclass(frozen=True, slots=True)
class Done:
    """How many offers ended past their limit, and of how many referrals the liaison was told."""

    expired: int
    escalated: int


def hand(scope: Scope) -> Member:
    """Return who acts when a limit passes: nobody."""
    return Member(None, WHEN_DUE, Role.OPERATOR, scope, "CounselHub")


def run() -> dict[str, Done]:
    """Look after every firm's referrals; each is kept before the next begins. Idempotent."""
    done = {}
    with Round() as each:
        for firm_id, code in every_firm():
            with each.firm(firm_id) as by:
                done[code] = _look_after(hand(by.scope))
    return done


def _look_after(by: Member) -> Done:
    expired = escalated = 0
    for row in _with_late_offers():
        expired += offering.pass_on(row, by=by)
        db.session.commit()
    for row in _overdue():
        escalated += timing.escalate(row, _("超过时限"), by=by)
        db.session.commit()
    return Done(expired, escalated)


def _with_late_offers() -> list[Referral]:
    late = select(ReferralOffer.referral_id).where(
        ReferralOffer.state == OfferState.OPEN, ReferralOffer.expires_at <= clock.now()
    )
    query = select(Referral).where(Referral.id.in_(late)).order_by(Referral.id)
    return list(db.session.scalars(query))


def _overdue() -> list[Referral]:
    query = select(Referral).where(
        Referral.status.in_(LIVE),
        Referral.due_at <= clock.now(),
        Referral.escalated_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Referral.due_at, Referral.id)))


def pass_on_late(referral: Referral) -> None:
    """End the late offers of one referral while it is read, so that nobody sees a dead one."""
    query = select(ReferralOffer.id).where(
        ReferralOffer.referral_id == referral.id,
        ReferralOffer.state == OfferState.OPEN,
        ReferralOffer.expires_at <= clock.now(),
    )
    if db.session.scalar(query.limit(1)) is not None:
        offering.pass_on(referral, by=hand(Scope(ScopeKind.FIRM, str(referral.firm_id))))
