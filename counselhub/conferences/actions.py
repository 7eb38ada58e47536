"""Plan a conference, change it, hold it, cancel it; who was called and who came."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from counselhub.advisers.models import Adviser
from counselhub.conferences import gather, queries
from counselhub.conferences.gather import Source
from counselhub.conferences.kinds import CONFERENCE_FLOW, ConferenceMode, Presence
from counselhub.conferences.models import Conference, ConferenceSeat
from counselhub.core import clock, history
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.leave.queries import present_advisers
from counselhub.referrals import actions as referrals
from counselhub.referrals import timing
from counselhub.referrals.kinds import HANDLED, ReferralStatus
from counselhub.referrals.models import Referral

MOST_SEATS = 40


@dataclass(frozen=True, slots=True)
class Plan:
    """When and where, who presides and who is called; the chair is called too, named or not."""

    title: str
    day: date
    starts: time
    ends: time
    mode: ConferenceMode
    place: str
    chair_id: UUID
    called: frozenset[UUID]
    guests: str
    agenda: list[str]
    disputes: list[str]

    @property
    def people(self) -> frozenset[UUID]:
        """Everybody who is called."""
        return self.called | {self.chair_id}


class Mark(NamedTuple):
    """Whether one came, and why not."""

    presence: Presence
    reason: str = ""


def plan(source: Source, wanted: Plan, *, revision: int | None, by: Member) -> Conference:
    """Call lawyers to a conference; a referral that is being handled is from now on conferred on.

    revision: the referral's, as the form was opened with it. Raises RefusedError for who cannot be
    called, ConflictError for a referral that is stale or not handled any more.
    """
    if source.referral is not None:
        _confer(source.referral, revision, by)
    _refuse_unfit(source, wanted.people)
    row = Conference(
        service_id=source.service.id,
        referral_id=source.referral.id if source.referral else None,
        community_code=source.service.community_code,
    )
    _written(row, wanted)
    db.session.add(row)
    db.session.flush()
    _seat(row, wanted.people)
    history.record(row, "plan", by=by)
    return row


def _confer(referral: Referral, revision: int | None, by: Member) -> None:
    timing.lock(referral)
    history.expect(referral, revision)
    if referral.status not in HANDLED:
        raise ConflictError(_("这件转介现在不在办理中，不能安排会商。"), row=referral)
    if referral.status == ReferralStatus.ACCEPTED:
        referrals.confer(referral, by=by)


def _refuse_unfit(source: Source, people: Collection[UUID]) -> None:
    if len(people) > MOST_SEATS:
        raise RefusedError(_("一场会商最多邀请%(most)s位律师。", most=MOST_SEATS))
    if not set(people) <= {row.id for row in present_advisers(clock.today())}:
        raise RefusedError(_("名册里没有这位律师，或已经离职，请重新选择。"))
    if kept_out := gather.barred(source, people):
        query = select(Adviser.name).where(among(Adviser.id, kept_out)).order_by(Adviser.pinyin)
        names = str(_("、")).join(db.session.scalars(query))
        raise RefusedError(
            _("%(names)s与本案有隔离或可能的利益冲突，不能参加，请去掉。", names=names)
        )


def _written(row: Conference, wanted: Plan) -> None:
    row.title, row.mode, row.place = wanted.title, wanted.mode, wanted.place
    row.day, row.starts, row.ends = wanted.day, wanted.starts, wanted.ends
    row.chair_id, row.guests = wanted.chair_id, wanted.guests
    row.agenda, row.disputes = wanted.agenda, wanted.disputes


def _seat(row: Conference, people: Collection[UUID]) -> None:
    seats = [ConferenceSeat(conference_id=row.id, adviser_id=who) for who in sorted(people)]
    db.session.add_all(seats)
    db.session.flush()


def lock(conference: Conference, revision: int | None) -> None:
    """Let two who act at once wait for each other. Raises ConflictError when the page is stale."""
    db.session.flush()
    db.session.refresh(conference, with_for_update={"of": Conference})
    history.expect(conference, revision)


def must_be(conference: Conference, *states: str) -> None:
    """Raise ConflictError unless the conference is in one of `states`."""
    if conference.status not in states:
        raise ConflictError(_("它现在的状态不允许这项操作，请看最新内容。"), row=conference)


def source_of(conference: Conference) -> Source:
    """Return what a conference is about."""
    return Source(conference.service, conference.referral)


def change(conference: Conference, wanted: Plan, *, revision: int | None, by: Member) -> None:
    """Plan it anew; who is not called any more loses his seat, unless he gave an opinion.

    Raises RefusedError as `plan` does, and for a seat with an opinion; ConflictError when stale.
    """
    lock(conference, revision)
    must_be(conference, "planned")
    _refuse_unfit(source_of(conference), wanted.people)
    seats = {seat.adviser_id: seat for seat in queries.seats(conference.id)}
    gone = [seat for who, seat in seats.items() if who not in wanted.people]
    if opined := [seat.adviser.name for seat in gone if seat.opinion]:
        names = str(_("、")).join(opined)
        raise RefusedError(_("%(names)s已经发表意见，不能从名单里去掉。", names=names))
    for seat in gone:
        db.session.delete(seat)
    chair = seats.get(wanted.chair_id)
    if chair is not None and chair.presence == Presence.EXCUSED:
        raise RefusedError(
            _("%(name)s已告知不能参加，请另选主持人。", name=chair.adviser.name), at="chair_id"
        )
    _written(conference, wanted)
    _seat(conference, wanted.people - seats.keys())
    _touched(conference)
    history.record(conference, "change", by=by)


def _touched(conference: Conference) -> None:
    """Raise the revision also when only seats have changed: a page that shows them is stale."""
    flag_modified(conference, "title")


def excuse(conference: Conference, reason: str, *, revision: int | None, by: Member) -> None:
    """Say that one cannot come. Raises ConflictError when stale or begun, ForbiddenError uncalled.

    CONF-2: the chair is replaced first.
    """
    lock(conference, revision)
    must_be(conference, "planned")
    seat = own_seat(conference, by)
    if conference.chair_id == seat.adviser_id:
        raise RefusedError(_("您是主持人，请先换一位主持再请假。"))
    seat.presence, seat.reason = Presence.EXCUSED, reason
    _touched(conference)
    history.record(conference, "excuse", by=by)


def own_seat(conference: Conference, by: Member) -> ConferenceSeat:
    """Return the seat of whoever acts. Raises ForbiddenError for one who was not called."""
    query = select(ConferenceSeat).where(
        ConferenceSeat.conference_id == conference.id, ConferenceSeat.adviser_id == by.adviser_id
    )
    seat = db.session.scalar(query.with_for_update()) if by.adviser_id else None
    if seat is None:
        raise ForbiddenError(_("由受邀参加会商的律师本人来做。"))
    return seat


def hold(
    conference: Conference, marks: Mapping[UUID, Mark], *, revision: int | None, by: Member
) -> None:
    """Note who came, with which it is held; afterwards the same corrects who came.

    marks: by the seat's id. Raises RefusedError for a day to come, an absent chair, a seat that is
    not marked, or an absence without a reason; ConflictError when stale or concluded.
    """
    lock(conference, revision)
    must_be(conference, "planned", "held")
    if conference.day > clock.today():
        raise RefusedError(
            _("会商定在 %(day)s，当天才能登记到会。", day=conference.day.isoformat())
        )
    for seat in queries.seats(conference.id):
        _mark(conference, seat, marks.get(seat.id))
    if conference.status == "held":
        _touched(conference)
        history.record(conference, "attend", by=by)
    else:
        history.advance(conference, CONFERENCE_FLOW, "hold", by=by)


def _mark(conference: Conference, seat: ConferenceSeat, mark: Mark | None) -> None:
    name = seat.adviser.name
    if mark is None or mark.presence is Presence.INVITED:
        raise RefusedError(_("请选择%(name)s到会了没有。", name=name))
    if mark.presence is Presence.CAME:
        seat.presence, seat.reason = Presence.CAME, ""
        return
    if seat.adviser_id == conference.chair_id:
        raise RefusedError(_("主持人%(name)s没有到会：请先在“修改安排”里换主持人。", name=name))
    if not mark.reason:
        raise RefusedError(_("请写明%(name)s未到会的原因。", name=name))
    seat.presence, seat.reason = Presence.EXCUSED, mark.reason


def cancel(conference: Conference, reason: str, *, revision: int | None, by: Member) -> None:
    """Call it off before it is held. Raises ConflictError when stale or held."""
    lock(conference, revision)
    history.advance(conference, CONFERENCE_FLOW, "cancel", by=by)
    conference.reason = reason
