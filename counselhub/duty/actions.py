"""Sign in and out on site, forget, cancel, void; the desk adds and corrects in desk.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.advisers.models import Adviser
from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.i18n import hour
from counselhub.core.members import Member
from counselhub.duty import queries, rules, settling
from counselhub.duty.kinds import SESSION_FLOW, DutySource, SessionStatus
from counselhub.duty.models import DutySession
from counselhub.roster import slot_queries

TAKEN = (
    "ex_duty_session_two_places",
    "uq_duty_session_firm_id_adviser_id_community_code_signed_in_at",
)


def adviser_of(by: Member) -> UUID:
    """Return the adviser that an account belongs to. Raises ForbiddenError when to none."""
    if by.adviser_id is None:
        raise ForbiddenError(
            _("您的账号没有对应到名册中的律师，不能签到。请主任在“账号”里为您选择对应的律师。")
        )
    return by.adviser_id


def sign_in(
    by: Member,
    community_code: str,
    *,
    substitute_for_id: UUID | None = None,
    remark: str = "",
    source: DutySource = DutySource.PHONE,
) -> DutySession:
    """Begin a session now, whole minutes; a second tap gives the session that is open already.

    Raises RefusedError where he is not assigned today and stands in for nobody who is,
    ConflictError while another session is open (`row`), FrozenError in a closed month.
    """
    adviser_id = adviser_of(by)
    one_at_a_time(adviser_id)
    now = clock.to_minute(clock.now())
    if running := queries.open_session(adviser_id):
        return _same_or_refused(running, community_code, now)
    substitute_for_id = substitute_for_id or slot_queries.covers_for(
        adviser_id, community_code, clock.local(now)
    )
    if not queries.is_assigned(substitute_for_id or adviser_id, community_code, clock.today()):
        raise RefusedError(
            _("今天没有指派到这个社区，签到不会计入。替班请选择替谁；指派有误请联系内勤。")
        )
    session = _begun(adviser_id, community_code, now)
    session.substitute_for_id, session.remark = substitute_for_id, remark or None
    session.source = source
    with written(session.id, adviser_id, community_code, now, None):
        db.session.add(session)
    history.record(session, "sign_in", by=by, street_code=session.street_code)
    return session


def _begun(adviser_id: UUID, community_code: str, now: datetime) -> DutySession:
    return DutySession(
        adviser_id=adviser_id,
        community_code=community_code,
        street_code=community_code[:9],
        day=clock.local(now).date(),
        signed_in_at=now,
        status=SessionStatus.OPEN,
        source=DutySource.PHONE,
    )


def one_at_a_time(adviser_id: UUID) -> None:
    """Let two taps of one adviser wait for each other, until the end of the transaction."""
    mine = select(Adviser.id).where(Adviser.id == adviser_id)
    db.session.execute(mine.with_for_update(key_share=True))


def _same_or_refused(running: DutySession, community_code: str, now: datetime) -> DutySession:
    if is_forgotten(running, now):
        raise ConflictError(question(running), row=running)
    if running.community_code == community_code:
        return running
    raise ConflictError(
        _(
            "您 %(time)s 已在%(place)s签到，请先签退，再到下一个社区签到。",
            time=hour(running.signed_in_at),
            place=running.community.short_name,
        ),
        row=running,
    )


def is_forgotten(session: DutySession, now: datetime) -> bool:
    """Tell whether an open session must be asked about: too old, or its lawyer went on since."""
    begin = clock.local(session.signed_in_at)
    return rules.is_forgotten(begin, clock.local(now)) or queries.went_on(session)


def question(session: DutySession) -> str:
    """Return the sentence that asks when a forgotten session ended."""
    return str(
        _(
            "%(month)d月%(day)d日 在%(place)s %(time)s 签到后没有签退，请填写离开时间。",
            month=session.day.month,
            day=session.day.day,
            place=session.community.short_name,
            time=hour(session.signed_in_at),
        )
    )


def sign_out(
    session: DutySession,
    *,
    by: Member,
    left_at: time | None = None,
    remark: str = "",
) -> None:
    """End a session now; a forgotten one at `left_at` of its day, which nobody guesses.

    Raises RefusedError for a missing or impossible time, ConflictError for presence elsewhere at
    the same time, IllegalMoveError when it is not open, FrozenError in a closed month.
    """
    if session.status != SessionStatus.OPEN:
        raise IllegalMoveError(_("这次值班已经结束，下面是最新内容。"), row=session)
    now = clock.to_minute(clock.now())
    end = _end_of(session, left_at, now)
    refuse_impossible(session.signed_in_at, end, now)
    with written(session.id, session.adviser_id, session.community_code, session.signed_in_at, end):
        session.signed_out_at = end
        session.remark = remark or session.remark
        told = {} if end == now else {"told_later": True}
        place = session.street_code
        history.advance(session, SESSION_FLOW, "sign_out", by=by, street_code=place, **told)
    settling.after(session, by=by)


def _end_of(session: DutySession, left_at: time | None, now: datetime) -> datetime:
    """Return now, or for a forgotten session the told time. Raises RefusedError without one."""
    if not is_forgotten(session, now):
        return now
    if left_at is None:
        raise RefusedError(question(session))
    return clock.instant(session.day, left_at)


def refuse_impossible(begin: datetime, end: datetime, now: datetime) -> None:
    """Raise RefusedError with what is wrong with a sign-out, nothing when it may stand."""
    match rules.sign_out_fault(clock.local(begin), clock.local(end), clock.local(now)):
        case rules.SignOutFault.BEFORE if begin == now:
            words = _("签到还不到1分钟，请稍后再签退。签错了社区，可以撤销签到。")
        case rules.SignOutFault.BEFORE:
            words = _("离开时间要晚于签到时间 %(time)s。", time=hour(begin))
        case rules.SignOutFault.FUTURE:
            words = _("签退时间不能晚于现在（%(time)s）。", time=hour(now))
        case rules.SignOutFault.OTHER_DAY:
            words = _("签到和签退要在同一天，跨过零点的请分两次记录。")
        case None:
            return
    raise RefusedError(words, at="signed_out")


def leave_untold(session: DutySession, *, by: Member) -> None:
    """Close a session whose end nobody remembers: no sign-out, no minutes, no further question."""
    with guarded():
        history.advance(
            session, SESSION_FLOW, "leave_untold", by=by, street_code=session.street_code
        )
    settling.after(session, by=by)


def cancel(session: DutySession, *, by: Member) -> None:
    """Take back a sign-in of the last ten minutes. Raises IllegalMoveError later on."""
    now = clock.to_minute(clock.now())
    young = rules.may_be_cancelled(clock.local(session.signed_in_at), clock.local(now))
    if session.status != SessionStatus.OPEN or not young:
        raise IllegalMoveError(
            _("签到超过10分钟就不能自己撤销了，确有错误请联系内勤作废。"), row=session
        )
    void(session, by=by, reason=_("签错，本人撤销"))


def void(session: DutySession, *, by: Member, reason: str) -> None:
    """Take a session out of every count, with a reason; it stays to be seen."""
    with guarded():
        history.advance(
            session, SESSION_FLOW, "void", by=by, street_code=session.street_code, reason=reason
        )
    settling.after(session, by=by)


@contextmanager
def written(
    own_id: UUID, adviser_id: UUID, community_code: str, begin: datetime, end: datetime | None
) -> Iterator[None]:
    """Write a session inside; what the database refuses is told with the row in the way."""
    try:
        with guarded():
            yield
    except IntegrityError as error:
        if constraint_of(error) not in TAKEN:
            raise
        other = queries.in_the_way(adviser_id, community_code, begin, end, own_id)
        raise ConflictError(collision(other), row=other) from error


def collision(other: DutySession | None) -> str:
    """Return the sentence that names the session in the way."""
    if other is None:
        return str(_("同一时间已有另一条值班记录，请刷新后再试。"))
    return str(
        _(
            "%(day)s %(begin)s–%(end)s 已有一条在%(place)s的值班记录（%(status)s），"
            "一个人不能同时在两处，同一签到时间也只记一次。",
            day=other.day,
            begin=hour(other.signed_in_at),
            end=hour(other.signed_out_at),
            place=other.community.short_name,
            status=SessionStatus(other.status).label,
        )
    )
