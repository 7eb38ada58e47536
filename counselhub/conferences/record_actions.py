"""What comes of a conference: each one's opinion, the record, the conclusion, its minutes."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from counselhub.conferences import minutes
from counselhub.conferences.actions import lock, must_be, own_seat
from counselhub.conferences.kinds import CONFERENCE_FLOW
from counselhub.conferences.models import Conference, ConferenceMinutes
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.referrals import actions as referrals
from counselhub.referrals import after_actions
from counselhub.referrals.kinds import HANDLED, FeedbackTo, ReferralStatus

TELLABLE = after_actions.TOLD | {ReferralStatus.OPINED}


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down of a conference."""

    disputes: list[str]
    summary: str
    conclusion: str


def give_opinion(conference: Conference, opinion: str, *, revision: int | None, by: Member) -> None:
    """Write one's own opinion, or write it anew.

    revision: of the own seat. Raises ConflictError when stale or once there is a conclusion
    (CONF-1), ForbiddenError for one who was not called.
    """
    lock(conference, None)
    must_be(conference, "planned", "held")
    seat = own_seat(conference, by)
    history.expect(seat, revision)
    seat.opinion, seat.opined_at = opinion, clock.now()
    history.record(conference, "give_opinion", by=by)


def note(conference: Conference, record: Record, *, revision: int | None, by: Member) -> None:
    """Keep the record while it is worked on. Raises ConflictError when stale or not held."""
    lock(conference, revision)
    must_be(conference, "held")
    _write(conference, record)
    history.record(conference, "note", by=by)


def _write(conference: Conference, record: Record) -> None:
    conference.disputes = record.disputes
    conference.summary, conference.conclusion = record.summary, record.conclusion


def conclude(
    conference: Conference, *, settles: bool, revision: int | None, by: Member
) -> ConferenceMinutes:
    """Seal what was said and issue the minutes.

    settles: whether the conclusion is the opinion that its referral waits for. Raises RefusedError
    while the conclusion is blank, ConflictError when stale or not held.
    """
    lock(conference, revision)
    must_be(conference, "held")
    if not conference.conclusion.strip():
        raise RefusedError(_("请先在会商记录里写明结论并保存。"))
    history.advance(conference, CONFERENCE_FLOW, "conclude", by=by)
    conference.concluded_at = clock.now()
    referral = conference.referral
    if settles and referral is not None and referral.status in HANDLED:
        referrals.conclude(referral, conference.conclusion, by=by)
    return _issue(conference, "", by)


def _issue(conference: Conference, reason: str, by: Member) -> ConferenceMinutes:
    """Keep the next version of the minutes, with everything as it stands now."""
    db.session.flush()
    last = select(func.max(ConferenceMinutes.version)).where(
        ConferenceMinutes.conference_id == conference.id
    )
    content = minutes.content_of(conference, by)
    row = ConferenceMinutes(
        conference_id=conference.id,
        version=(db.session.scalar(last) or 0) + 1,
        reason=reason,
        made_at=clock.now(),
        made_by_name=by.name,
        content=content,
        digest=minutes.digest_of(content),
    )
    db.session.add(row)
    db.session.flush()
    return row


def revise(
    conference: Conference, record: Record, reason: str, *, revision: int | None, by: Member
) -> ConferenceMinutes:
    """Mend the record of a concluded conference: a further version, those before it stay.

    Opinions stay sealed. Raises RefusedError for a blank conclusion, ConflictError when stale.
    """
    lock(conference, revision)
    must_be(conference, "concluded")
    if not record.conclusion.strip():
        raise RefusedError(_("结论不能为空。"), at="conclusion")
    _write(conference, record)
    flag_modified(conference, "title")
    history.record(conference, "revise", by=by)
    return _issue(conference, reason, by)


def tell_community(
    conference: Conference, told_on: date, words: str, *, revision: int | None, by: Member
) -> None:
    """Note on which day the community was told; the referral's feedback is written along.

    Raises RefusedError for a day that cannot be, ConflictError when stale or not concluded.
    """
    lock(conference, revision)
    must_be(conference, "concluded")
    if told_on > clock.today():
        raise RefusedError(_("反馈日期不能晚于今天。"), at="told_on")
    if told_on < conference.day:
        raise RefusedError(
            _("反馈日期不能早于会商的 %(day)s。", day=conference.day.isoformat()), at="told_on"
        )
    conference.feedback_on, conference.feedback_words = told_on, words
    history.record(conference, "tell_community", by=by)
    referral = conference.referral
    if referral is not None and referral.status in TELLABLE:
        told = after_actions.Told(FeedbackTo.COMMUNITY, told_on, words)
        after_actions.feed_back(referral, told, revision=None, by=by)
