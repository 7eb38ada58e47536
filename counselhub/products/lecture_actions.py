"""Plan a lecture, prepare it, write down how it was held, or why it was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.products import leaflets, lecture_queries, links
from counselhub.products.kinds import LECTURE_FLOW, LectureKind, LectureStatus
from counselhub.products.leaflets import Leaflet
from counselhub.products.lecture_models import Lecture, LectureDraft
from counselhub.products.text_actions import in_own_name, refuse_strangers
from counselhub.services import actions as services
from counselhub.services import attachments, files
from counselhub.services.actions import Entry
from counselhub.services.kinds import FileKind, ServiceKind, ServiceMode
from counselhub.services.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class LecturePlan:
    """A lecture as it is planned."""

    kind: LectureKind
    theme: str
    place: str
    community_code: str
    adviser_id: UUID | None
    day: date
    starts: time | None


@dataclass(frozen=True, slots=True)
class Holding:
    """How a lecture was held. persons: who came; service: the number of a record that was logged
    already, '' to log one.
    """

    day: date
    persons: int | None
    minutes: int | None
    leaflets: Sequence[Leaflet]
    service: str


def plan(entry: LecturePlan, *, by: Member) -> Lecture:
    """Plan a lecture. Raises RefusedError for a community that the firm does not serve or an
    unknown lawyer, ForbiddenError in a colleague's name.
    """
    lecture = Lecture()
    _write(lecture, entry, by)
    db.session.add(lecture)
    db.session.flush()
    history.record(lecture, "plan_lecture", by=by)
    return lecture


def _write(lecture: Lecture, entry: LecturePlan, by: Member) -> None:
    lecture.adviser_id = in_own_name(entry.adviser_id, by)
    refuse_strangers(entry.community_code, lecture.adviser_id)
    lecture.kind, lecture.theme, lecture.place = entry.kind, entry.theme, entry.place
    lecture.community_code = entry.community_code
    lecture.day, lecture.starts = entry.day, entry.starts


def change(lecture: Lecture, entry: LecturePlan, *, revision: int | None, by: Member) -> None:
    """Plan it anew. Raises as `plan` does, ConflictError for a stale page or one that is over."""
    history.expect(lecture, revision)
    _refuse_over(lecture)
    _write(lecture, entry, by)
    db.session.flush()
    history.record(lecture, "change_lecture", by=by)


def _refuse_over(lecture: Lecture) -> None:
    if lecture.status != LectureStatus.PLANNED:
        raise IllegalMoveError(_("讲座已经举办或取消，不能再改计划。"), row=lecture)


def set_draft(lecture: Lecture, name: str, sent: bytes, *, by: Member) -> None:
    """Keep the draft, in the place of the one before.

    Raises AttachmentError or PictureError for what cannot be kept, IllegalMoveError once it is
    over: then drafts are files of its service record.
    """
    _refuse_over(lecture)
    judged = attachments.judged(name, sent)
    draft = lecture_queries.draft_of(lecture) or LectureDraft(lecture_id=lecture.id)
    draft.name, draft.ending, draft.digest = judged.name, judged.ending, judged.digest
    draft.content = judged.content
    db.session.add(draft)
    history.record(lecture, "set_draft", by=by, sha256=judged.digest)


def hold(lecture: Lecture, holding: Holding, *, revision: int | None, by: Member) -> None:
    """Write down how it was held: it becomes a service, and its draft a file of that.

    Raises ConflictError for a stale page, a lecture that is over or a closed month, RefusedError
    for a day to come and for a record that does not fit or has a lecture already.
    """
    history.expect(lecture, revision)
    _refuse_over(lecture)
    if holding.day > clock.today():
        raise RefusedError(_("日期不能晚于今天。"), at="day")
    lecture.service_id = _logged(lecture, holding) or _log(lecture, holding, by)
    lecture.day = holding.day
    lecture.leaflets = [[one.title, one.copies] for one in holding.leaflets]
    history.advance(lecture, LECTURE_FLOW, "hold_lecture", by=by)
    _hand_draft_over(lecture, by)


def _logged(lecture: Lecture, holding: Holding) -> UUID | None:
    """Return the record that was logged already. Raises RefusedError for another lecture's."""
    kinds = (ServiceKind(lecture.kind),)
    service_id = links.service_of(holding.service, kinds, lecture.community_code)
    other = select(Lecture.theme).where(Lecture.service_id == service_id)
    if service_id and (theme := db.session.scalar(other)):
        raise RefusedError(
            _("服务记录%(number)s已是讲座“%(theme)s”的。", number=holding.service, theme=theme)
        )
    return service_id


def _log(lecture: Lecture, holding: Holding, by: Member) -> UUID:
    entry = Entry(
        kind=ServiceKind(lecture.kind),
        day=holding.day,
        community_code=lecture.community_code,
        adviser_id=lecture.adviser_id,
        persons=holding.persons,
        copies=leaflets.copies(holding.leaflets) or None,
        minutes=holding.minutes,
        mode=ServiceMode.ON_SITE,
        place=lecture.place,
        content=lecture.theme,
    )
    return services.add(entry, by=by).record.id


def _hand_draft_over(lecture: Lecture, by: Member) -> None:
    draft = lecture_queries.draft_of(lecture, whole=True)
    record = db.session.get(ServiceRecord, (lecture.firm_id, lecture.service_id))
    if draft is None or record is None:
        return
    files.add(record, FileKind.DRAFT, draft.name, draft.content, shared=False, by=by)
    db.session.delete(draft)


def cancel(lecture: Lecture, reason: str, *, revision: int | None, by: Member) -> None:
    """Let it fall, its draft with it. Raises ConflictError for a stale page or one that is over."""
    history.expect(lecture, revision)
    if draft := lecture_queries.draft_of(lecture):
        db.session.delete(draft)
    lecture.reason = reason
    history.advance(lecture, LECTURE_FLOW, "cancel_lecture", by=by)
