"""Set, move and remove duty points; lawyers propose, whoever manages duty decides."""

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.places.models import Community
from counselhub.points import queries
from counselhub.points.geo import Spot, distance_m
from counselhub.points.kinds import PROPOSAL_FLOW, PointSource
from counselhub.points.models import DEFAULT_RADIUS_M, DutyPoint, PointProposal

ONE_POINT = "uq_duty_point_firm_id_community_code"
ONE_PROPOSAL = "uq_point_proposal_waiting"
VAGUEST_M = 100
"""A phone's position with a larger error makes no point."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point as it was filled in; accuracy_m of a phone's own position, None from a map."""

    spot: Spot
    radius_m: int = DEFAULT_RADIUS_M
    accuracy_m: int | None = None
    is_same: bool = False
    """Whether only the radius was filled in: the point stays where and how it was set."""


def put(community: Community, place: Place, *, revision: int | None, by: Member) -> DutyPoint:
    """Set or move a community's point.

    Raises ConflictError for a stale page, and when somebody else was first; RefusedError for a
    phone's position that is too vague to be a point.
    """
    _refuse_vague(place)
    point = queries.point_of(community.code)
    if point is None and revision is not None:
        raise ConflictError(_("这个点位刚刚被删除了。请核对后再保存，保存就是重新设置。"))
    if point is not None:
        history.expect(point, revision if revision is not None else -1)
    return _written(point, community, place, _source(place, point), by)


def _source(place: Place, point: DutyPoint | None) -> PointSource:
    if place.is_same and point is not None:
        return PointSource.of(point.source)
    return PointSource.TYPED if place.accuracy_m is None else PointSource.PHONE


def _refuse_vague(place: Place) -> None:
    if place.accuracy_m is not None and place.accuracy_m > VAGUEST_M:
        raise RefusedError(
            _(
                "手机定位误差有 %(metres)d 米，超过 %(most)d 米，不能当作点位。"
                "请到门外或窗边再取一次，或从地图上复制坐标。",
                metres=place.accuracy_m,
                most=VAGUEST_M,
            )
        )


def _written(
    point: DutyPoint | None, community: Community, place: Place, source: PointSource, by: Member
) -> DutyPoint:
    is_new = point is None
    point = point or DutyPoint(community_code=community.code, street_code=community.street_code)
    point.latitude, point.longitude = place.spot.latitude, place.spot.longitude
    point.radius_m, point.source = place.radius_m, source
    point.set_at, point.set_by_name = clock.now(), by.name
    try:
        with db.session.begin_nested():
            db.session.add(point)
    except IntegrityError as error:
        if constraint_of(error) != ONE_POINT:
            raise
        raise ConflictError(_first_one(community)) from error
    history.record(
        point, "set_point" if is_new else "move_point", by=by, street_code=point.street_code
    )
    return point


def _first_one(community: Community) -> str:
    there = queries.point_of(community.code)
    return str(
        _(
            "%(who)s刚刚给%(place)s设了点位，下面是最新内容。",
            who=there.set_by_name if there else "",
            place=community.short_name,
        )
    )


def remove(point: DutyPoint, *, revision: int | None, by: Member) -> None:
    """Take a point away: positions of later taps say nothing. Raises ConflictError when stale."""
    history.expect(point, revision)
    history.record(point, "remove_point", by=by, street_code=point.street_code)
    db.session.delete(point)
    db.session.flush()


def propose(community: Community, place: Place, remark: str, *, by: Member) -> PointProposal:
    """Let a lawyer who serves a community say where its duty is done; a newer word replaces it.

    Raises ForbiddenError for an account without a lawyer, RefusedError where he does not serve or
    the position is too vague.
    """
    _refuse_vague(place)
    adviser_id = _serving(community, by)
    proposal = queries.waiting_of(adviser_id, community.code) or PointProposal(
        adviser_id=adviser_id, community_code=community.code
    )
    proposal.latitude, proposal.longitude = place.spot.latitude, place.spot.longitude
    proposal.accuracy_m, proposal.remark = place.accuracy_m, remark or None
    proposal.proposed_at = clock.now()
    try:
        with db.session.begin_nested():
            db.session.add(proposal)
    except IntegrityError as error:
        if constraint_of(error) != ONE_PROPOSAL:
            raise
        raise ConflictError(_("您刚刚已经提议过，主任确认后生效。")) from error
    history.record(proposal, "propose", by=by)
    return proposal


def _serving(community: Community, by: Member) -> UUID:
    if by.adviser_id is None:
        raise ForbiddenError(_("您的账号没有对应到名册中的律师，不能提议点位。"))
    if not queries.serves(by.adviser_id, community.code):
        raise RefusedError(
            _("今天没有指派您到%(place)s，不能提议它的点位。", place=community.short_name)
        )
    return by.adviser_id


def accept(
    proposal: PointProposal, *, radius_m: int, revision: int | None, by: Member
) -> DutyPoint:
    """Make a proposal the community's point; others that wait for it stay to be decided.

    Raises ConflictError when it was decided or changed since.
    """
    history.expect(proposal, revision)
    spot = spot_of(proposal)
    history.advance(proposal, PROPOSAL_FLOW, "accept", by=by)
    _forget(proposal)
    place = Place(spot, radius_m, proposal.accuracy_m)
    there = queries.point_of(proposal.community_code)
    return _written(there, proposal.community, place, PointSource.PROPOSED, by)


def decline(proposal: PointProposal, *, revision: int | None, by: Member) -> None:
    """Leave a proposal; where the lawyer was is forgotten. Raises ConflictError when stale."""
    history.expect(proposal, revision)
    history.advance(proposal, PROPOSAL_FLOW, "decline", by=by)
    _forget(proposal)


def _forget(proposal: PointProposal) -> None:
    proposal.latitude = proposal.longitude = None
    db.session.flush()


def spot_of(proposal: PointProposal) -> Spot:
    """Return where a proposal is. Raises ConflictError for one that was decided."""
    if proposal.latitude is None or proposal.longitude is None:
        raise ConflictError(_("这个提议已经处理过了，下面是最新内容。"), row=proposal)
    return Spot(proposal.latitude, proposal.longitude)


def away_m(proposal: PointProposal, point: DutyPoint | None) -> int | None:
    """Return how far a waiting proposal is from the present point, None without one."""
    return None if point is None else round(distance_m(spot_of(proposal), point.spot))
