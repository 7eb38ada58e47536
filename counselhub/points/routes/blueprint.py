"""The blueprint of duty points, and the page of one community's that its acts share."""

from typing import Any

import segno
from flask import Blueprint, url_for
from flask_babel import gettext as _

from counselhub.core.errors import NotFoundError
from counselhub.places.models import Community
from counselhub.points import actions, queries
from counselhub.points.code_rules import Code
from counselhub.points.forms import PointForm
from counselhub.points.kinds import PointSource
from counselhub.points.models import DutyPoint, PointProposal
from counselhub.points.reading import SHOWN_DIGITS

bp = Blueprint("points", __name__)
PAGE = "points/point.html"
FAR_KM = 10


@bp.app_template_filter("metres")
def metres(value: int) -> str:
    """Return a distance as people say it: 85米, 1.2公里."""
    if value < 1000:
        return str(_("%(n)s米", n=value))
    return str(_("%(n)s公里", n=f"{value / 1000:.1f}" if value < FAR_KM * 1000 else value // 1000))


@bp.app_template_filter("spot")
def spot(value: DutyPoint | PointProposal) -> str:
    """Return coordinates as maps in China copy them: longitude first."""
    return f"{value.longitude:.{SHOWN_DIGITS}f},{value.latitude:.{SHOWN_DIGITS}f}"


def place_of(code: str) -> Community:
    """Return a community of the firm. Raises NotFoundError for any other."""
    found = queries.served_community(code)
    if found is None:
        raise NotFoundError()
    return found


def page_of(community: Community, **given: Any) -> dict[str, Any]:
    """What the page of a community's point shows."""
    point = queries.point_of(community.code)
    waiting = queries.proposals(community.code)
    return {
        "community": community,
        "point": point,
        "form": given.pop("form", None) or form_of(point, fresh=True),
        "proposals": [(one, actions.away_m(one, point)) for one in waiting],
        "code": queries.code_of(community.code),
        "sources": PointSource,
        "link": None,
        "refusal": None,
    } | given


def form_of(point: DutyPoint | None, *, fresh: bool = False) -> PointForm:
    """Return the form for a point; fresh: as it now is, never from what was sent."""
    sent: dict[str, Any] = {"formdata": None} if fresh else {}
    data = {"radius_m": point.radius_m, "revision": point.revision} if point else {}
    return PointForm(point.spot if point else None, data=data, **sent)


def qr(code: Code | str) -> str:
    """Return a QR code as an image's address: of a code the page that takes it, or any address."""
    is_code = isinstance(code, Code)
    address = url_for("duty.today", code=str(code), _external=True) if is_code else str(code)
    return str(segno.make(address, error="m").svg_data_uri(scale=8, border=4))
