"""The clock of a referral: what is due when, standing while the client is waited for, escalated."""

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError
from counselhub.core.members import Member
from counselhub.referrals import clocks, gather
from counselhub.referrals.kinds import HANDLED, LIVE, UNPLACED, ReferralStatus, Urgency
from counselhub.referrals.models import Referral, ReferralPause
from counselhub.referrals.team_models import ReferralRule

ANSWERED_IN_TIME = UNPLACED | {
    ReferralStatus.FORMED,
    ReferralStatus.OPINED,
    ReferralStatus.FED_BACK,
}
"""States whose limit is the one for answers; the handling has its own."""


def begin_step(referral: Referral, rule: ReferralRule | None = None) -> None:
    """Let the limit of the referral's present state run from now on."""
    referral.step_at = clock.now()
    referral.escalated_at = referral.escalation_words = None
    reckon(referral, rule)


def reckon(referral: Referral, rule: ReferralRule | None = None) -> None:
    """Write when the present step is due, none for what has ended or waits for the client."""
    if referral.status not in LIVE:
        referral.due_at = None
        return
    limits, urgency = rule or gather.rule(), Urgency(referral.urgency)
    is_handled = referral.status in HANDLED
    hours = limits.handle_hours(urgency) if is_handled else limits.answer_hours(urgency)
    referral.due_at = clocks.due_at(
        referral.step_at, hours, urgency, gather.is_worked(), _pauses(referral)
    )


def _pauses(referral: Referral) -> list[clocks.Pause]:
    return [clocks.Pause(row.began_at, row.ended_at) for row in pauses_of(referral)]


def pauses_of(referral: Referral) -> list[ReferralPause]:
    """Return when the clock stood, oldest first."""
    query = select(ReferralPause).where(ReferralPause.referral_id == referral.id)
    return list(db.session.scalars(query.order_by(ReferralPause.began_at)))


def open_pause(referral: Referral) -> ReferralPause | None:
    """Return the pause that goes on, None when the clock runs."""
    return next((one for one in pauses_of(referral) if one.ended_at is None), None)


def pause(referral: Referral, words: str, *, revision: int | None, by: Member) -> None:
    """Stop the clock: the client is waited for. Raises ConflictError when stale or standing."""
    lock(referral)
    history.expect(referral, revision)
    if referral.status not in HANDLED:
        raise IllegalMoveError(_("只有办理中的转介可以停止计时。"), row=referral)
    if open_pause(referral):
        raise ConflictError(_("已经在等待当事人，计时已停。"), row=referral)
    now = clock.now()
    db.session.add(ReferralPause(referral_id=referral.id, began_at=now, words=words))
    db.session.flush()
    reckon(referral)
    history.record(referral, "pause", by=by, words=words)


def resume(referral: Referral, *, revision: int | None, by: Member) -> None:
    """Let the clock run on. Raises ConflictError for a stale page or a clock that runs."""
    lock(referral)
    history.expect(referral, revision)
    if not end_pause(referral):
        raise IllegalMoveError(_("计时没有停，不用恢复。"), row=referral)
    reckon(referral)
    history.record(referral, "resume", by=by)


def end_pause(referral: Referral) -> bool:
    """End the pause that goes on; return whether there was one."""
    standing = open_pause(referral)
    if standing is None:
        return False
    standing.ended_at = clock.now()
    db.session.flush()
    return True


def escalate(referral: Referral, words: str, *, by: Member) -> bool:
    """Tell the emergency liaison, once a step; return whether he was told now.

    Raises IllegalMoveError for a referral that has ended.
    """
    lock(referral)
    if referral.status not in LIVE:
        raise IllegalMoveError(_("转介已经结束，不用上报。"), row=referral)
    if referral.escalated_at is not None:
        return False
    referral.escalated_at, referral.escalation_words = clock.now(), words
    history.record(referral, "escalate", by=by, words=words)
    return True


def settle_escalation(referral: Referral, words: str, *, revision: int | None, by: Member) -> None:
    """Say what the liaison did about it: the step's limit begins anew."""
    lock(referral)
    history.expect(referral, revision)
    if referral.escalated_at is None:
        raise IllegalMoveError(_("没有待处理的上报。"), row=referral)
    history.record(referral, "settle_escalation", by=by, words=words)
    begin_step(referral)


def lock(referral: Referral) -> None:
    """Let two who act at once wait for each other, and see what the first one did."""
    db.session.flush()
    db.session.refresh(referral, with_for_update={"of": Referral})
