"""Follow a matter up, and take a follow-up back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.services.log_models import FollowUpNote, ServiceFollowUp
from counselhub.services.log_queries import follow_up_of
from counselhub.services.models import ServiceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A follow-up as it is written; minutes from 1 to 1440, the amount in whole fen."""

    day: date
    content: str = ""
    outcome: str | None = None
    minutes: int | None = None
    recovered_fen: int | None = None
    counts: bool = False
    """Whether it is a 件次 of its own in reports: else only the matter's record counts."""


def add(record: ServiceRecord, step: Step, *, by: Member) -> ServiceFollowUp:
    """Add a follow-up to a record.

    Raises RefusedError for a day to come or before the record's, or one that says nothing;
    FrozenError where a statement has closed the month of its day.
    """
    _refuse_unfit(record, step)
    follow_up = ServiceFollowUp(
        service_id=record.id,
        day=step.day,
        count=int(step.counts),
        minutes=step.minutes,
        recovered_fen=step.recovered_fen,
        outcome=step.outcome,
        created_at=clock.now(),
        note=FollowUpNote(content=step.content) if step.content else None,
    )
    with guarded():
        db.session.add(follow_up)
        history.record(
            record, "follow_up", by=by, street_code=record.street_code, **_told(follow_up)
        )
    return follow_up


def _refuse_unfit(record: ServiceRecord, step: Step) -> None:
    if step.day > clock.today():
        raise RefusedError(_("日期不能晚于今天。"), at="day")
    if step.day < record.day:
        raise RefusedError(
            _("跟进不能早于记录本身的日期（%(day)s）。", day=str(record.day)), at="day"
        )
    if not (step.content or step.outcome or step.recovered_fen):
        raise RefusedError(_("请写几句经过、结果，或填挽回的金额。"))


def _told(follow_up: ServiceFollowUp) -> dict[str, str | int | None]:
    """What the act keeps: never the words."""
    return {
        "day": str(follow_up.day),
        "minutes": follow_up.minutes,
        "recovered_fen": follow_up.recovered_fen,
        "count": follow_up.count,
    }


def remove(record: ServiceRecord, follow_up_id: UUID, *, by: Member) -> None:
    """Remove a follow-up with its words. Raises NotFoundError, FrozenError in a closed month."""
    follow_up = follow_up_of(record.id, follow_up_id)
    if follow_up is None:
        raise NotFoundError()
    told = _told(follow_up)
    with guarded():
        db.session.delete(follow_up)
        history.record(
            record, "follow_up_remove", by=by, street_code=record.street_code, before=told
        )
