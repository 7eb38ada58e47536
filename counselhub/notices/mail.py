"""Notices by e-mail: what is due for one member goes in one letter."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, sender
from counselhub.core.db import db
from counselhub.core.i18n import written_in
from counselhub.core.tenancy import as_platform
from counselhub.notices import channels, letters, smtp
from counselhub.notices.actions import Note, page
from counselhub.notices.channels import NeedlessError
from counselhub.notices.kinds import Kind, Language
from counselhub.notices.letters import Letter, Line
from counselhub.notices.models import Notice, NoticeSetting
from counselhub.notices.outbox import Batch
from counselhub.notices.queries import MAIL
from counselhub.notices.rules import Hours, next_fit
from counselhub.notices.smtp import BouncedError
from counselhub.notices.texts import sentence
from counselhub.people.models import Firm, Membership, Person
from counselhub.places.models import District, Street

MOST = 50
"""Notices in one letter."""


class Mail:
    """The channel by which people get what they chose to have by mail."""

    name = MAIL
    most = MOST

    def hear(self, notes: Sequence[Note]) -> None:
        """Do nothing: `actions.tell_all` has put into the outbox who wants it by mail."""

    def is_ready(self) -> bool:
        """Tell whether a mail server is set."""
        return sender.sends_mail()

    def send(self, batch: Batch) -> None:
        """Write to the member what is not read yet; note an address that takes nothing."""
        reader, notices = _reader(batch), _unread(batch)
        if reader is None or not notices or reader.bounced_email == reader.email:
            raise NeedlessError()
        with written_in(reader.language or Language.CHINESE.value):
            letter = _letter(reader, notices, batch)
        try:
            smtp.post(letter)
        except BouncedError as problem:
            _note_bounce(reader.person_id, reader.email, str(problem))
            raise

    def fit(self, batch: Batch, at: datetime) -> datetime:
        """Return `at`, or when the member's quiet is over."""
        return next_fit(at, Hours.of(_reader(batch)), channels.is_worked)


def _reader(batch: Batch) -> Any:
    """Return whom the letter is to, None for a membership that has ended."""
    setting = NoticeSetting.__table__.c
    query = (
        select(
            Person.id.label("person_id"),
            Person.email,
            Person.name,
            func.coalesce(Firm.name, Street.name, District.name, "CounselHub").label("title"),
            setting.quiet_from,
            setting.quiet_until,
            setting.rests,
            setting.digest_at,
            setting.language,
            setting.bounced_email,
        )
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Firm, Firm.id == Membership.firm_id)
        .outerjoin(Street, Street.code == Membership.street_code)
        .outerjoin(District, District.code == Membership.district_code)
        .outerjoin(NoticeSetting, setting.person_id == Person.id)
        .where(Membership.id == batch.target_id, Membership.ended_at.is_(None))
    )
    with as_platform():
        found = db.session.execute(query).one_or_none()
        db.session.commit()
    return found


def _unread(batch: Batch) -> list[Notice]:
    pairs = [(row.kind, row.key) for row in batch.rows]
    query = (
        select(Notice)
        .where(Notice.membership_id == batch.target_id, Notice.read_at.is_(None))
        .where(tuple_(Notice.kind, Notice.key).in_(pairs))
        .order_by(Notice.made_at, Notice.id)
    )
    with as_platform():
        found = list(db.session.scalars(query))
        db.session.expunge_all()
        db.session.commit()
    return found


def _letter(reader: Any, notices: Sequence[Notice], batch: Batch) -> EmailMessage:
    lines = [
        Line(
            sentence(Kind.of(one.kind), one.facts),
            letters.link(page("notices.notice", notice_id=one.id)),
        )
        for one in notices
    ]
    subject = lines[0].sentence
    if len(lines) > 1:
        subject = str(_("%(count)s 条通知：%(first)s 等", count=len(lines), first=subject))
    foot = [
        Line(str(_("发给%(title)s的%(name)s。", title=reader.title, name=reader.name)), ""),
        Line(str(_("更改通知方式")), letters.link(page("notices.choices"))),
    ]
    letter = Letter(subject, letters.greeting(reader.name), lines, foot)
    return letters.written(letter, to=reader.email, number=batch.id)


def _note_bounce(person_id: UUID, email: str, why: str) -> None:
    """Keep that an address takes nothing, so that nothing more goes there."""
    bounce = {"bounced_email": email, "bounced_at": clock.now(), "bounced_why": why}
    adding = insert(NoticeSetting).values(person_id=person_id, **bounce)
    with as_platform():
        db.session.execute(adding.on_conflict_do_update(index_elements=["person_id"], set_=bounce))
        db.session.commit()


def address_of(person_id: UUID) -> str:
    """Return where mail to a person goes."""
    with as_platform():
        return db.session.scalar(select(Person.email).where(Person.id == person_id)) or ""
