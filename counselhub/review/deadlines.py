"""An office sets how many working days each side has for a statement."""

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.statements.actions.turns import reckon_again
from counselhub.statements.rules.turns import ReviewDays
from counselhub.statements.turn_models import ReviewRule


def set_days(days: ReviewDays, *, by: Member) -> None:
    """Set an office's days (1 to 60); running turns are reckoned again with them (REV-3)."""
    row = db.session.get(ReviewRule, by.street_code)
    if row is None:
        row = ReviewRule(street_code=by.street_code)
        db.session.add(row)
    row.office_days, row.firm_days, row.appeal_days = days.office, days.firm, days.appeal
    office = Scope(ScopeKind.OFFICE, by.street_code)
    history.note(
        "set_review_days",
        scope=office,
        by=by,
        office_days=days.office,
        firm_days=days.firm,
        appeal_days=days.appeal,
    )
    db.session.flush()
    reckon_again(by.street_code)
