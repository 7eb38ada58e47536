"""What is done with a drawn check: found, corrected, published, answered, decided, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from counselhub.core import clock, history
from counselhub.core.access import allowed
from counselhub.core.db import db
from counselhub.core.errors import ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member, command_member
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.spotchecks import queries, rules
from counselhub.spotchecks.kinds import CHECK_FLOW, Answer, CheckStatus, Finding, Side
from counselhub.spotchecks.models import SpotCheck, SpotDraw, SpotPhoto
from counselhub.spotchecks.pictures import Picture

ANSWER_DAYS = 5
"""Days that a firm has to answer, unless the office gives it more."""
MOST_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What the checker saw. opened_at: when the page left the server, by the server's clock."""

    finding: Finding
    found_name: str = ""
    words: str = ""
    photo: Picture | None = None
    key: UUID | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a firm says to a finding."""

    answer: Answer
    words: str = ""
    photo: Picture | None = None


def record(check: SpotCheck, found: Found, *, by: Member, revision: int | None = None) -> None:
    """Record what was found, or correct it before it is published.

    The same form once more does nothing. Raises RefusedError before the slot's day, or for an
    absence before the slot begins; ConflictError when the check has moved on.
    """
    if check.form_key is not None and check.form_key == found.key:
        return
    history.expect(check, revision)
    _take_plan(check)
    _judge(check, found)
    is_first = check.status == CheckStatus.DRAWN
    if not is_first and check.status != CheckStatus.RECORDED:
        raise IllegalMoveError(_("结果已经公布，不能再改。请看最新内容。"), row=check)
    check.finding = found.finding
    check.found_name = found.found_name if found.finding is Finding.SUBSTITUTE else None
    check.words = found.words or None
    check.form_key = found.key
    check.opened_at = found.opened_at
    check.recorded_at, check.recorded_by_name = clock.now(), by.name
    if is_first:
        history.advance(check, CHECK_FLOW, "record_finding", by=by, finding=found.finding.value)
    else:
        history.record(check, "correct_finding", by=by, finding=found.finding.value)
    _add_photo(check, found.photo, Side.OFFICE)


def _take_plan(check: SpotCheck) -> None:
    """Speak of the plan as it is now: the firm may have moved the slot since the draw."""
    slot = queries.slot_of(check)
    if slot is not None:
        check.adviser_id, check.day = slot.adviser_id, slot.day
        check.starts, check.ends = slot.starts, slot.ends


def _judge(check: SpotCheck, found: Found) -> None:
    if found.finding is Finding.SUBSTITUTE and not found.found_name:
        raise RefusedError(_("请写明替班人的姓名。"), at="found_name")
    now = clock.local(clock.now())
    starts = datetime.combine(check.day, check.starts, now.tzinfo)
    is_absence = found.finding in (Finding.ABSENT, Finding.CLOSED)
    if rules.is_too_early(now, starts, is_absence=is_absence):
        raise RefusedError(
            _("班次从%(at)s开始，现在还不能登记这个结果。", at=f"{starts:%Y-%m-%d %H:%M}")
        )


def _add_photo(check: SpotCheck, photo: Picture | None, side: Side) -> None:
    if photo is None:
        return
    query = select(func.count()).where(
        SpotPhoto.firm_id == check.firm_id,
        SpotPhoto.check_id == check.id,
        SpotPhoto.side == side,
    )
    if (db.session.scalar(query) or 0) >= MOST_PHOTOS:
        raise RefusedError(_("一次抽查最多%(most)d张照片。", most=MOST_PHOTOS))
    db.session.add(
        SpotPhoto(
            firm_id=check.firm_id,
            check_id=check.id,
            street_code=check.street_code,
            side=side,
            arrived_at=clock.now(),
            width=photo.width,
            height=photo.height,
            content=photo.content,
        )
    )
    db.session.flush()


def remove_photo(photo: SpotPhoto, check: SpotCheck, *, by: Member) -> None:
    """Take a photo off a check that is not published. Raises IllegalMoveError afterwards."""
    if check.published_at is not None:
        raise IllegalMoveError(_("结果已经公布，照片不能再删。"), row=check)
    history.record(check, "remove_spot_photo", by=by)
    db.session.delete(photo)


def expire_photos(street_code: str, until: datetime, *, days: int, dry: bool) -> list[UUID]:
    """Delete the photos of a street's checks that were closed before `until`; return their ids.

    dry: only say which. An act of the office's record says how many went, after how many days.
    """
    closed = select(SpotCheck.id).where(
        SpotCheck.street_code == street_code, SpotCheck.closed_at < until
    )
    over = SpotPhoto.check_id.in_(closed)
    found = list(db.session.scalars(select(SpotPhoto.id).where(over).order_by(SpotPhoto.id)))
    if found and not dry:
        db.session.execute(delete(SpotPhoto).where(SpotPhoto.id.in_(found)))
        office = Scope(ScopeKind.OFFICE, street_code)
        by = command_member(office)
        history.note("expire_spot_photos", scope=office, by=by, photos=len(found), days=days)
    return found


def publish(check: SpotCheck, days: int, *, by: Member, revision: int | None = None) -> None:
    """Let the firm see the finding and answer within `days`, counted from tomorrow."""
    history.expect(check, revision)
    check.published_at, check.published_by_name = clock.now(), by.name
    check.answer_due_on = clock.today() + timedelta(days=days)
    history.advance(
        check,
        CHECK_FLOW,
        "publish_finding",
        by=by,
        street_code=check.street_code,
        community=check.community_code,
        finding=check.finding,
    )


def publish_all(draw: SpotDraw, days: int, *, by: Member) -> int:
    """Publish all waiting findings of a draw, return how many. Raises RefusedError at 0."""
    waiting = [one for one in queries.of_draw(draw) if one.status == CheckStatus.RECORDED]
    if not waiting:
        raise RefusedError(_("这次抽签还没有登记好、等待公布的结果。"))
    for check in waiting:
        publish(check, days, by=by)
    return len(waiting)


def answer(check: SpotCheck, reply: Reply, *, by: Member, revision: int | None = None) -> None:
    """Answer for the firm. Raises RefusedError for a disagreement without words."""
    history.expect(check, revision)
    if reply.answer is Answer.DISAGREE and not reply.words:
        raise RefusedError(_("有异议时请写明理由。"))
    if check.status == CheckStatus.PUBLISHED:
        _add_photo(check, reply.photo, Side.FIRM)
    history.advance(
        check,
        CHECK_FLOW,
        "answer_finding",
        by=by,
        street_code=check.street_code,
        answer=reply.answer.value,
    )
    check.answer, check.answer_words = reply.answer, reply.words or None
    check.answered_at, check.answered_by_name = clock.now(), by.name


def settle(check: SpotCheck, words: str, *, by: Member, revision: int | None = None) -> None:
    """Decide that the finding stands.

    Raises RefusedError before the firm has answered or its days are over, or when a disagreement is
    met without words.
    """
    history.expect(check, revision)
    is_answered = check.answered_at is not None
    if check.status == CheckStatus.PUBLISHED and not rules.may_settle(
        clock.today(), check.answer_due_on, is_answered=is_answered
    ):
        raise RefusedError(
            _("律所可以答复到%(day)s，到期或答复之后再裁定。", day=check.answer_due_on)
        )
    if check.answer == Answer.DISAGREE and not words:
        raise RefusedError(_("律所有异议，请写明维持的理由。"))
    _close(check, "settle_finding", words, by)


def withdraw(check: SpotCheck, words: str, *, by: Member, revision: int | None = None) -> None:
    """Take a check back, with its reason. Raises RefusedError without one.

    Raises ForbiddenError for a published one unless `by` decides on what firms dispute.
    """
    history.expect(check, revision)
    if not words:
        raise RefusedError(_("请写明撤销的原因。"))
    if check.published_at is not None and not allowed(by, Permission.SPOT_SETTLE):
        raise ForbiddenError(_("已公布的结果由所长裁定后才能撤销。"))
    _close(check, "withdraw_check", words, by)


def _close(check: SpotCheck, act: str, words: str, by: Member) -> None:
    history.advance(
        check, CHECK_FLOW, act, by=by, street_code=check.street_code, words=words or None
    )
    check.closed_at, check.closed_by_name = clock.now(), by.name
    check.closing_words = words or None
