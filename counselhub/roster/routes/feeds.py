"""A lawyer's calendar feed: its address on a page of the firm, the feed itself for a calendar."""

from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.advisers.models import Adviser
from counselhub.core import htmx
from counselhub.core.access import can, current_member, fetch, public, require
from counselhub.core.errors import ForbiddenError
from counselhub.core.permissions import Permission
from counselhub.roster import feed_actions as actions
from counselhub.roster.routes.blueprint import bp

PAGE = "roster/feed.html"


def _fetch(adviser_id: UUID) -> Adviser:
    """Return a lawyer whose feed the member may hold: the own one, or any as keeper of the roll."""
    adviser = fetch(Adviser, adviser_id)
    if current_member().adviser_id != adviser.id and not can(Permission.ADVISER_MANAGE):
        raise ForbiddenError(_("日历链接只有律师本人和管理名册的人可以看。"))
    return adviser


@bp.get("/advisers/<uuid:adviser_id>/feed")
@require(Permission.FIRM_READ)
def feed(adviser_id: UUID) -> ResponseReturnValue:
    """Show whether a lawyer has a feed; its address is shown only when it is made."""
    return htmx.show(PAGE, **_shown(_fetch(adviser_id)))


@bp.post("/advisers/<uuid:adviser_id>/feed")
@require(Permission.FIRM_READ)
def renew_feed(adviser_id: UUID) -> ResponseReturnValue:
    """Make an address, which ends the one before, and show it once."""
    adviser = _fetch(adviser_id)
    token = actions.renew(adviser, by=current_member())
    address = url_for(".calendar", token=token, _external=True)
    return htmx.show(PAGE, **_shown(adviser, address=address))


@bp.post("/advisers/<uuid:adviser_id>/feed/removal")
@require(Permission.FIRM_READ)
def create_feed_removal(adviser_id: UUID) -> ResponseReturnValue:
    """End the address."""
    adviser = _fetch(adviser_id)
    actions.end(adviser, by=current_member())
    flash(_("已停用日历链接"), "success")
    return htmx.gone_to(url_for(".feed", adviser_id=adviser.id))


def _shown(adviser: Adviser, address: str | None = None) -> dict[str, Any]:
    return {"adviser": adviser, "feed": actions.feed_of(adviser), "address": address}


@bp.get("/calendar/<token>.ics")
@public
def calendar(token: str) -> Response:
    """Give a calendar what its lawyer is planned for; 304 while nothing has changed."""
    answer = make_response(actions.read(token))
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
