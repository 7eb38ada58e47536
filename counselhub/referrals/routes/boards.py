"""The board by state, the list with its filters, what waits for the reader."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from counselhub.core import clock, htmx, paging, sorting
from counselhub.core.access import can, current_member, require
from counselhub.core.permissions import Permission
from counselhub.referrals import queries, reminding
from counselhub.referrals.kinds import ReferralStatus, Urgency
from counselhub.referrals.routes.blueprint import KINDS, bp

FILTERS = ("state", "urgency", "community", "q")


@bp.get("/referrals")
@require(Permission.REFERRAL_USE)
def board() -> ResponseReturnValue:
    """Show the referrals in sight by state, and first what waits for the reader."""
    counted = queries.counts()
    waiting = reminding.reminders(current_member(), is_desk=can(Permission.REFERRAL_MANAGE))
    return htmx.show(
        "referrals/board.html",
        columns=queries.board(counted),
        total=sum(counted.values()),
        reminders=waiting,
        **_shared(),
    )


@bp.get("/referrals/list")
@require(Permission.REFERRAL_USE)
def referrals() -> ResponseReturnValue:
    """List the referrals in sight, those that ended too."""
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    sort = sorting.asked_sort(queries.SORTS)
    page = paging.paged(queries.listed(asked, sort), total=queries.total(asked))
    return htmx.show(
        "referrals/list.html",
        page=page,
        asked=asked,
        sort=sort,
        statuses=ReferralStatus,
        urgencies=Urgency,
        **_shared(),
    )


def _shared() -> dict[str, Any]:
    return KINDS | {"now": clock.now()}
