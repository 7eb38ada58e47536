"""Where duty is done in the demonstration: made-up points, and a screen at each with a code."""

from collections.abc import Iterable

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.places.models import Community
from counselhub.points import actions, code_actions
from counselhub.points.actions import Place
from counselhub.points.geo import Spot

CORNER = Spot(22.612, 114.112)
"""Somewhere in the street; no point is a real door."""
STEP = 0.0031


def spot_of(code: str) -> Spot:
    """Return the made-up place of a community's duty."""
    number = int(code[-3:])
    return Spot(CORNER.latitude + number % 4 * STEP, CORNER.longitude + number // 4 * STEP)


def set_points(codes: Iterable[str], *, by: Member) -> None:
    """Give each community its point and its screen, as a manager does."""
    query = select(Community).where(Community.code.in_(list(codes))).order_by(Community.code)
    for community in db.session.scalars(query):
        actions.put(community, Place(spot_of(community.code)), revision=None, by=by)
        code_actions.open_screen(community, by=by)
