"""Keep the roll of advisers."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from counselhub.advisers import queries
from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.assignments import actions as assignments
from counselhub.core import history, pinyin
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member

LICENCE_TAKEN = "uq_adviser_firm_id_licence_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the roll says of an adviser; phone, e-mail and political status stay in the firm."""

    name: str
    licence_number: str
    category: str
    specialties: tuple[str, ...] = ()
    joined_on: date | None = None
    phone: str | None = None
    email: str | None = None
    political_status: str | None = None


def save(adviser: Adviser | None, given: Given, *, by: Member) -> Adviser:
    """Add an adviser to the roll or change one. Raises RefusedError, naming who has the licence."""
    if adviser and adviser.left_on and given.joined_on and given.joined_on > adviser.left_on:
        raise RefusedError(
            _("入职日期不能晚于离职日期 %(day)s。", day=adviser.left_on), at="joined_on"
        )
    try:
        with db.session.begin_nested():
            row = adviser or Adviser()
            _write(row, given)
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != LICENCE_TAKEN:
            raise
        taken = queries.by_licence(given.licence_number)
        name = taken.name if taken else given.licence_number
        raise RefusedError(
            _(
                "执业证号 %(number)s 已登记在“%(name)s”名下。",
                number=given.licence_number,
                name=name,
            )
        ) from error
    history.record(row, "change" if adviser else "create", by=by, name=given.name)
    return row


def _write(row: Adviser, given: Given) -> None:
    contact = row.contact or AdviserContact(adviser_id=row.id)
    for name in ("name", "licence_number", "category", "joined_on"):
        setattr(row, name, getattr(given, name))
    row.specialties = list(given.specialties)
    row.pinyin = pinyin.person_key(given.name)
    row.search = pinyin.searchable(given.name, given.licence_number)
    for name in ("phone", "email", "political_status"):
        setattr(contact, name, getattr(given, name))
    row.contact = contact
    if row in db.session:
        flag_modified(row, "name")  # a new phone number makes a new revision too


def leave(adviser: Adviser, left_on: date, *, by: Member) -> int:
    """Note the last day of an adviser and end every assignment on it; return how many ended.

    Raises RefusedError for a day before joining, FrozenError when a closed month rests on an
    assignment after that day.
    """
    if adviser.joined_on is not None and left_on < adviser.joined_on:
        raise RefusedError(_("离职日期不能早于入职日期 %(day)s。", day=adviser.joined_on))
    ended = assignments.end_all_of(adviser, left_on, str(_("离职")), by=by)
    adviser.left_on = left_on
    history.record(adviser, "leave", by=by, left_on=str(left_on))
    return ended


def come_back(adviser: Adviser, *, by: Member) -> None:
    """Take the day of leaving back; assignments that ended with it stay ended."""
    adviser.left_on = None
    history.record(adviser, "come_back", by=by)
