"""A referral and the matter that it belongs to: tied in one act, so that the walls keep both."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, union

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.matters import queries as matters
from counselhub.matters import rules as matter_rules
from counselhub.matters import service_links
from counselhub.matters.models import Matter
from counselhub.referrals import conflicts, timing
from counselhub.referrals.kinds import LIVE, OfferState
from counselhub.referrals.models import Referral, ReferralMember, ReferralOffer


def tie(referral: Referral, number: str, *, revision: int | None, by: Member) -> None:
    """Let a referral and its service belong to a matter in sight; what its checks say holds now.

    Raises RefusedError for a number that is not in sight or has ended, for a service of another
    matter, and naming who works on the referral and is kept from the matter; ConflictError for a
    stale page or a referral that is tied.
    """
    timing.lock(referral)
    history.expect(referral, revision)
    if referral.status not in LIVE:
        raise IllegalMoveError(_("转介已经结束，不能再关联事项。"), row=referral)
    if referral.matter_id is not None:
        raise ConflictError(_("这个转介已经关联了事项，要换先取消关联。"), row=referral)
    matter = _open_matter(number.strip().upper())
    found = conflicts.found(referral, matter.id)
    conflicts.refuse(found, _working_on(referral))
    service_links.let_belong(matter, referral.service, by=by)
    referral.matter_id = matter.id
    history.record(referral, "tie_matter", by=by, matter=matter.number)
    conflicts.note(referral, found, by=by)


def _open_matter(number: str) -> Matter:
    matter = db.session.scalars(matters.visible().where(Matter.number == number)).one_or_none()
    if matter is None:
        raise RefusedError(_("没有编号为%(number)s的事项，请核对。", number=number))
    if matter.status not in matter_rules.LIVE:
        raise RefusedError(_("%(number)s已经结束，不能再关联。", number=number))
    return matter


def _working_on(referral: Referral) -> list[UUID]:
    """Return the lawyers who know the referral by its offers and its team."""
    asked = select(ReferralOffer.adviser_id).where(
        ReferralOffer.referral_id == referral.id, ReferralOffer.state == OfferState.OPEN
    )
    helping = select(ReferralMember.adviser_id).where(ReferralMember.referral_id == referral.id)
    known = list(db.session.scalars(union(asked, helping)))
    return known if referral.receiver_id is None else [referral.receiver_id, *known]


def untie(referral: Referral, *, revision: int | None, by: Member) -> None:
    """Take a referral and its service off the matter: its walls hide them no longer.

    Raises ConflictError for a stale page, IllegalMoveError for one that is not tied.
    """
    timing.lock(referral)
    history.expect(referral, revision)
    if referral.matter_id is None:
        raise IllegalMoveError(_("这个转介没有关联事项。"), row=referral)
    matter = db.session.get_one(Matter, (referral.firm_id, referral.matter_id))
    service_links.detach(matter, referral.service, by=by)
    referral.matter_id = None
    db.session.flush()
    history.record(referral, "untie_matter", by=by, matter=matter.number)
    conflicts.note(referral, conflicts.found(referral), by=by)


def matters_of(referral: Referral) -> dict[str, Any]:
    """Return `own`, its matter, and `against`, the one that stands against it; None unseen."""
    ids = [one for one in (referral.matter_id, referral.conflict_matter_id) if one]
    found = matters.near(ids, referral.service_id)
    own = [one for one in found if one.id == referral.matter_id or one.of_service]
    against = [one for one in found if one not in own]
    return {"own": next(iter(own), None), "against": next(iter(against), None)}
