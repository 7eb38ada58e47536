"""Enter what the office may spend in a year."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.officeday.models import Appropriation
from counselhub.officeday.queries import appropriation


@dataclass(frozen=True, slots=True)
class Grant:
    """Fen by source, None for blank; words: the document that grants it."""

    city_fen: int | None
    district_fen: int | None
    street_fen: int | None
    words: str


def set_budget(year: int, grant: Grant, revision: int | None, *, by: Member) -> Appropriation:
    """Keep a year's budget in place of the one before.

    Raises ConflictError, with the row as it is, when somebody entered another in between.
    """
    row = appropriation(by.street_code, year)
    if row is None:
        row = Appropriation(street_code=by.street_code, year=year)
        db.session.add(row)
    else:
        history.expect(row, revision or -1)
    row.city_fen, row.district_fen = grant.city_fen, grant.district_fen
    row.street_fen, row.words = grant.street_fen, grant.words
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != "uq_appropriation_street_code_year":
            raise
        raise ConflictError(
            _("同事刚刚填写了 %(year)d 年的预算，请刷新后核对。", year=year)
        ) from error
    history.record(row, "set_budget", by=by, year=year)
    return row
