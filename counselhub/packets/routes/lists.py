"""Received and sent packets of the firm; what the office knows."""

from flask import request
from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import current_member, require
from counselhub.core.permissions import Permission
from counselhub.packets import queries
from counselhub.packets.routes.blueprint import KINDS, bp


@bp.get("/packets")
@require(Permission.REFERRAL_MANAGE)
def packets() -> ResponseReturnValue:
    """List what came from other firms, or what was sent to them (`?tab=sent`)."""
    tab = "sent" if request.args.get("tab") == "sent" else "received"
    counts = queries.tallies()
    if tab == "sent":
        sort = sorting.asked_sort(queries.SENT_SORTS)
        page = paging.paged(queries.sent_list(sort), total=counts["sent"])
    else:
        sort = sorting.asked_sort(queries.RECEIVED_SORTS)
        page = paging.paged(queries.received_list(sort))
    return htmx.show(
        "packets/list.html",
        page=page,
        tab=tab,
        counts=counts,
        sort=sort,
        now=clock.now(),
        **KINDS,
    )


@bp.get("/packets/known")
@require(Permission.REVIEW_READ)
def known() -> ResponseReturnValue:
    """List for the office who sent a case of its street to whom, when, and how it stands."""
    words = request.args.get("q", "").strip()
    sort = sorting.asked_sort(queries.KNOWN_SORTS)
    page = paging.paged(queries.known_list(current_member().street_code, words, sort))
    return htmx.show("packets/known.html", page=page, q=words, sort=sort, **KINDS)
