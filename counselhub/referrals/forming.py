"""A team formed for a referral: whom the desk chose, or whom the rules suggest."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.referrals import conflicts, gather, offering, timing
from counselhub.referrals.conflicts import Found
from counselhub.referrals.gather import Suggestion
from counselhub.referrals.kinds import REFERRAL_FLOW, OfferState, TeamRole
from counselhub.referrals.models import Referral, ReferralMember, ReferralOffer
from counselhub.referrals.suggesting import Candidate
from counselhub.referrals.team_models import Team

MOST_ASKED = 3
"""Lawyers whom the suggestion asks, the best first."""


def form(
    referral: Referral,
    chosen: Sequence[UUID],
    team_id: UUID | None,
    helpers: Sequence[UUID],
    *,
    revision: int | None,
    by: Member,
) -> None:
    """Form the team and ask `chosen` in this order; with none chosen, as the rules suggest.

    Raises RefusedError naming who cannot be asked and why, ConflictError for a stale page.
    """
    timing.lock(referral)
    history.expect(referral, revision)
    found = gather.suggestion(referral)
    asked = _chosen(found, chosen) if chosen else _best(found.ranked)
    team = _team(referral, found, team_id, is_suggested=not chosen)
    referral.team_id = team.id if team else None
    conflicts.note(referral, found.found, by=by)
    history.advance(
        referral, REFERRAL_FLOW, "form", by=by, asked=[str(one.lawyer.id) for one in asked]
    )
    _write_helpers(referral, found.found, helpers, team)
    before = len(offering.offers_of(referral))
    db.session.add_all(_offer(referral, one, before + rank) for rank, one in enumerate(asked))
    db.session.flush()
    timing.begin_step(referral)
    offering.open_next(referral, found.found, by=by)


def _chosen(found: Suggestion, chosen: Sequence[UUID]) -> list[Candidate]:
    known = {one.lawyer.id: one for one in found.ranked}
    asked = []
    for adviser_id in dict.fromkeys(chosen):
        if adviser_id not in known:
            raise RefusedError(_("名册里没有这位律师，请重新选择。"), at="asked")
        one = known[adviser_id]
        if why := found.why_not(one):
            words = _("不能征询%(name)s：%(why)s。", name=one.lawyer.name, why=why)
            raise RefusedError(words, at="asked")
        asked.append(one)
    return asked


def _best(found: Sequence[Candidate]) -> list[Candidate]:
    asked = [one for one in found if not one.blocks][:MOST_ASKED]
    if not asked:
        raise RefusedError(
            _("没有可以征询的律师：%(count)d 位都不能接收，原因见下表。", count=len(found))
        )
    return asked


def _team(
    referral: Referral, found: Suggestion, team_id: UUID | None, *, is_suggested: bool
) -> Team | None:
    if team_id is None and is_suggested and found.team:
        team_id = found.team.id
    if team_id is None:
        return None
    if team_id not in found.teams:
        raise RefusedError(_("这个团队已经停用，请选别的团队。"), at="team_id")
    return db.session.get_one(Team, (referral.firm_id, team_id))


def _write_helpers(
    referral: Referral, found: Found, helpers: Sequence[UUID], team: Team | None
) -> None:
    """Write who helps: those chosen, and the team's leader, who is to see it unless he may not.

    Raises RefusedError naming who may not help for a conflict of interest.
    """
    query = select(ReferralMember).where(ReferralMember.referral_id == referral.id)
    for row in db.session.scalars(query):
        db.session.delete(row)
    db.session.flush()
    roles = dict.fromkeys(helpers, TeamRole.MEMBER)
    leader = offering.leader_of(team.id) if team else None
    if leader and leader not in found.barred:
        roles[leader] = TeamRole.LEADER
    if not set(roles) <= gather.roll():
        raise RefusedError(_("名册里没有这位律师，请重新选择。"), at="helpers")
    conflicts.refuse(found, roles)
    roles.pop(referral.asker_id, None)
    for adviser_id, role in roles.items():
        db.session.add(ReferralMember(referral_id=referral.id, adviser_id=adviser_id, role=role))


def _offer(referral: Referral, one: Candidate, rank: int) -> ReferralOffer:
    return ReferralOffer(
        referral_id=referral.id,
        adviser_id=one.lawyer.id,
        rank=rank,
        score=one.score,
        pluses=[[plus.value, points] for plus, points in one.points.items()],
        state=OfferState.QUEUED,
    )
