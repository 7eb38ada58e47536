"""Hand-overs of referrals: a colleague is asked to take one over, or asks for it himself."""

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from flask_babel import gettext as _
from pydantic import Field

from counselhub.api.cursors import part_of
from counselhub.api.operations import operation
from counselhub.api.shapes import Asked, Instant, Listed, PageOf, Shown
from counselhub.core.access import current_member, fetch, visible
from counselhub.core.db import db
from counselhub.core.errors import ForbiddenError
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.referrals import handing
from counselhub.referrals.allowing import fetched, must
from counselhub.referrals.kinds import HandKind
from counselhub.referrals.models import Referral, ReferralHandover

READ, WRITE = "referrals:read", "referrals:write"


class HandoverShown(Shown):
    """移交 or 请求接手: from whom to whom a referral is to go, and what came of it."""

    id: UUID
    referral_id: UUID
    kind: str
    from_id: UUID
    to_id: UUID
    status: str
    asked_at: Instant
    answered_at: Instant | None


class HandoversAsked(Listed):
    """All of one referral."""


class Transfer(Asked):
    """Who is asked to take it over, and why."""

    to_id: UUID
    words: str = Field(min_length=1, max_length=300)


class HandoverMove(Asked):
    """What the desk answers for the lawyer who has it, or that nobody is asked any more."""

    act: Literal["agree", "refuse", "take_back"]


@operation(
    "GET",
    "/referrals/<uuid:referral_id>/handovers",
    N_("列出一项转介的移交"),
    READ,
    Permission.REFERRAL_USE,
    query=HandoversAsked,
    answer=PageOf[HandoverShown],
)
def list_handovers(referral_id: UUID, asked: HandoversAsked) -> PageOf[HandoverShown]:
    """List the hand-overs of a referral, oldest first."""
    of = fetch(Referral, referral_id)
    query = visible(ReferralHandover).where(ReferralHandover.referral_id == of.id)
    return part_of(query, ReferralHandover.id, asked, shown, PageOf[HandoverShown])


@operation(
    "GET",
    "/referrals/handovers/<uuid:handover_id>",
    N_("查看一次移交"),
    READ,
    Permission.REFERRAL_USE,
    answer=HandoverShown,
)
def handover(handover_id: UUID) -> HandoverShown:
    """Show one hand-over of a referral in sight."""
    return shown(fetch(ReferralHandover, handover_id))


@operation(
    "POST",
    "/referrals/<uuid:referral_id>/handovers",
    N_("请同事接手一项转介"),
    WRITE,
    Permission.REFERRAL_USE,
    body=Transfer,
    answer=HandoverShown,
    made=True,
)
def create_handover(referral_id: UUID, body: Transfer) -> HandoverShown:
    """Ask a colleague to take it over; he answers in person, until then it stays where it is."""
    row = fetched(referral_id)
    must(row, "ask_transfer")
    made = handing.ask_transfer(row, body.to_id, body.words, revision=None, by=current_member())
    db.session.flush()
    return shown(made)


@operation(
    "POST",
    "/referrals/handovers/<uuid:handover_id>/moves",
    N_("答复或撤回一次移交"),
    WRITE,
    Permission.REFERRAL_MANAGE,
    body=HandoverMove,
    answer=HandoverShown,
)
def move_handover(handover_id: UUID, body: HandoverMove) -> HandoverShown:
    """Answer for a lawyer who may be away, or take a request back.

    Whoever is to take a referral over must want it: that is answered on the page alone.
    """
    asked = fetch(ReferralHandover, handover_id)
    if asked.kind == HandKind.TRANSFER and body.act != "take_back":
        raise ForbiddenError(_("移交由接手的律师本人在页面上答复。"))
    MOVES[body.act](asked, fetched(asked.referral_id), by=current_member())
    db.session.flush()
    return shown(asked)


MOVES: dict[str, Callable[..., None]] = {
    "agree": handing.agree,
    "refuse": handing.refuse,
    "take_back": handing.take_back,
}


def shown(row: ReferralHandover) -> HandoverShown:
    """Return what is told of a hand-over."""
    return HandoverShown.model_validate(row)
