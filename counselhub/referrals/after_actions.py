"""After the opinion: tell it, ask how satisfied they are, visit at home."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PUBLIC, as_firm, as_platform
from counselhub.people.sign_ins import digest
from counselhub.referrals import seals, timing
from counselhub.referrals.after_models import FeedbackLink, HomeVisit, ReferralFeedback
from counselhub.referrals.kinds import REFERRAL_FLOW, FeedbackTo, RatedBy, ReferralStatus
from counselhub.referrals.models import Referral

TOKEN_BYTES = 32
LASTS = timedelta(days=30)
TOLD = frozenset({ReferralStatus.FED_BACK, ReferralStatus.CLOSED})


@dataclass(frozen=True, slots=True)
class Told:
    """What was told, to whom and when; satisfaction 1 to 5 when it was said at once."""

    whom: FeedbackTo
    told_on: date
    words: str
    satisfaction: int | None = None


def feed_back(referral: Referral, told: Told, *, revision: int | None, by: Member) -> None:
    """Record that the opinion was told. Raises RefusedError for a day that cannot be."""
    timing.lock(referral)
    history.expect(referral, revision)
    opined = clock.local(referral.concluded_at).date() if referral.concluded_at else None
    if told.told_on > clock.today():
        raise RefusedError(_("反馈日期不能晚于今天。"), at="told_on")
    if opined and told.told_on < opined:
        raise RefusedError(
            _("反馈日期不能早于给出意见的 %(day)s。", day=opined.isoformat()), at="told_on"
        )
    if referral.status in TOLD:
        history.record(referral, "add_feedback", by=by)
    else:
        history.advance(referral, REFERRAL_FLOW, "feed_back", by=by)
        timing.begin_step(referral)
    row = ReferralFeedback(
        referral_id=referral.id,
        whom=told.whom,
        told_on=told.told_on,
        words=told.words,
        told_by=by.name,
    )
    if told.satisfaction is not None:
        row.satisfaction, row.rated_by = told.satisfaction, RatedBy.NOTED
        row.rated_at = clock.now()
    db.session.add(row)


def note_rating(row: ReferralFeedback, satisfaction: int, *, by: Member) -> None:
    """Note what they said of it. Raises IllegalMoveError when they have said it themselves."""
    db.session.refresh(row, with_for_update={"of": ReferralFeedback})
    if row.rated_by == RatedBy.LINK:
        raise IllegalMoveError(_("本人已经在链接上填写过满意度，不能再改。"), row=row)
    _rate(row, satisfaction, RatedBy.NOTED, "")
    referral = db.session.get_one(Referral, (row.firm_id, row.referral_id))
    history.record(referral, "rate", by=by, satisfaction=satisfaction)


def _rate(row: ReferralFeedback, satisfaction: int, how: RatedBy, words: str) -> None:
    if not 1 <= satisfaction <= 5:
        raise RefusedError(_("满意度是 1 到 5 分。"))
    row.satisfaction, row.rated_by, row.rated_at = satisfaction, how, clock.now()
    row.rating_words = words or None


def make_link(row: ReferralFeedback, referral: Referral, *, by: Member) -> str:
    """Return the token of a link that asks how satisfied they are; one before it ends.

    Only its digest is kept. Raises IllegalMoveError when they have answered.
    """
    if row.rated_by == RatedBy.LINK:
        raise IllegalMoveError(_("本人已经在链接上填写过满意度。"), row=row)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    own = (FeedbackLink.firm_id == row.firm_id) & (FeedbackLink.feedback_id == row.id)
    with as_platform():
        db.session.execute(delete(FeedbackLink).where(own))
        db.session.add(
            FeedbackLink(
                digest=digest(token),
                firm_id=row.firm_id,
                feedback_id=row.id,
                expires_at=clock.now() + LASTS,
            )
        )
        db.session.flush()
    history.record(referral, "rating_link", by=by)
    return token


@contextmanager
def opened(token: str) -> Iterator[ReferralFeedback]:
    """Work as the firm whose question `token` opens. Raises NotFoundError for one that is none."""
    with as_platform():
        link = db.session.get(FeedbackLink, digest(token))
    if link is None or link.expires_at <= clock.now():
        raise NotFoundError(_("这个链接无效或已过期。请向律师要新的链接。"))
    with as_firm(link.firm_id):
        query = (
            select(ReferralFeedback)
            .options(joinedload(ReferralFeedback.referral).joinedload(Referral.community))
            .where(ReferralFeedback.id == link.feedback_id)
        )
        yield db.session.scalars(query).one()
        db.session.flush()


def answer(row: ReferralFeedback, satisfaction: int, words: str) -> None:
    """Take what the holder of the link says, once. Raises ConflictError the second time."""
    db.session.refresh(row, with_for_update={"of": ReferralFeedback})
    if row.rated_by == RatedBy.LINK:
        raise ConflictError(_("您已经评价过，谢谢。"), row=row)
    _rate(row, satisfaction, RatedBy.LINK, words)
    name = _("%(place)s（评价链接）", place=row.referral.community.short_name)
    who = Member(None, name, Role.OPERATOR, PUBLIC, row.referral.community.name)
    history.record(row.referral, "rate", by=who, satisfaction=satisfaction)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit at home; second_person: who went along."""

    visited_on: date
    address: str
    first_id: UUID
    second_person: str
    result: str


def visit(referral: Referral, seen: Visit, *, by: Member) -> HomeVisit:
    """Record a visit at home. Raises RefusedError for a day to come or one who went alone."""
    if seen.visited_on > clock.today():
        raise RefusedError(_("走访日期不能晚于今天。"), at="visited_on")
    if referral.status == ReferralStatus.WITHDRAWN:
        raise IllegalMoveError(_("转介已经撤回，不再登记走访。"), row=referral)
    row = HomeVisit(
        referral_id=referral.id,
        visited_on=seen.visited_on,
        first_id=seen.first_id,
        second_person=seen.second_person,
        result=seen.result,
    )
    db.session.add(row)
    db.session.flush()
    row.address_sealed = seals.seal(seen.address, row)
    history.record(referral, "visit", by=by, day=seen.visited_on.isoformat())
    return row
