"""One referral for the present member: fetched as it stands now, and what may be done to it."""

from uuid import UUID

from flask_babel import gettext as _

from counselhub.core.access import can, current_member, fetch
from counselhub.core.errors import ConflictError, ForbiddenError
from counselhub.core.i18n import page_text
from counselhub.core.permissions import Permission
from counselhub.referrals import hourly, queries, rules
from counselhub.referrals.kinds import HANDLED, ReferralStatus
from counselhub.referrals.models import Referral


def fetched(referral_id: UUID) -> Referral:
    """Return a referral in sight with its names; its late offers are passed on first.

    Raises NotFoundError.
    """
    row = seen(referral_id)
    if row.status == ReferralStatus.FORMED:
        hourly.pass_on_late(row)
    return row


def seen(referral_id: UUID) -> Referral:
    """Return a referral in sight with its names, for its page, which passes on what is late.

    Raises NotFoundError.
    """
    return fetch(Referral, referral_id, None, *queries.names())


def acts_of(row: Referral) -> frozenset[str]:
    """Return what the present member may do to a referral now."""
    is_desk = can(Permission.REFERRAL_MANAGE)
    who = queries.standing(row, current_member(), is_desk=is_desk)
    return rules.acts(
        ReferralStatus(row.status),
        who,
        is_paused=is_paused(row),
        is_escalated=row.escalated_at is not None,
        is_tied=row.matter_id is not None,
    )


def is_paused(row: Referral) -> bool:
    """Whether the clock stands for the client: what is handled has a due time otherwise."""
    return row.status in HANDLED and row.due_at is None


def must(row: Referral, act: str) -> None:
    """Raise ForbiddenError for who may never do it, ConflictError where the state forbids it."""
    if act in acts_of(row):
        return
    owned = rules.owned(
        queries.standing(row, current_member(), is_desk=can(Permission.REFERRAL_MANAGE))
    )
    if act in owned or act in ("accept", "decline", "ask_takeover"):
        raise ConflictError(_("它现在的状态不允许这项操作，请看最新内容。"), row=row)
    who = page_text(rules.DOERS.get(act, rules.DESK))
    raise ForbiddenError(_("这一步由%(who)s来做。", who=who))
