"""Hand a statement's turn from one side to the other; each side's days stand meanwhile."""

from datetime import date, timedelta

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.roster.holiday_queries import calendar
from counselhub.statements.models import Statement
from counselhub.statements.rules import turns
from counselhub.statements.rules.turns import ReviewDays, Worked
from counselhub.statements.states import Side
from counselhub.statements.turn_models import ReviewRule

AHEAD = timedelta(days=200)
"""How far the calendar is asked for: sixty working days with every long holiday in them."""


def review_days(street_code: str) -> ReviewDays:
    """Return what a street has set, or what holds until it has."""
    row = db.session.get(ReviewRule, street_code)
    return ReviewDays(row.office_days, row.firm_days, row.appeal_days) if row else ReviewDays()


def worked_since(statement: Statement) -> Worked:
    """Return the calendar from the beginning of the present turn on; one statement."""
    today = clock.today()
    return calendar(statement.turn_since or today, today + AHEAD).is_worked


def hand_to(statement: Statement, side: Side | None) -> None:
    """Let the turn go to `side`, None when nobody has to do anything any more (REV-3)."""
    worked, today = worked_since(statement), clock.today()
    if statement.turn_side and statement.turn_since:
        used = turns.days_between(statement.turn_since, today, worked)
        if statement.turn_side == Side.OFFICE:
            statement.office_days += used
        else:
            statement.firm_days += used
    statement.turn_side, statement.turn_since = side, today if side else None
    statement.turn_due_on = _due_on(statement, review_days(statement.street_code), worked)
    db.session.flush()


def _due_on(statement: Statement, days: ReviewDays, worked: Worked) -> date | None:
    """Return the last day of the present turn, None when it is nobody's."""
    if statement.turn_side is None or statement.turn_since is None:
        return None
    allowed, used = (
        (days.office, statement.office_days)
        if statement.turn_side == Side.OFFICE
        else (days.firm, statement.firm_days)
    )
    return turns.due_on(statement.turn_since, max(0, allowed - used), worked)


def reckon_again(street_code: str) -> None:
    """Give the street's running turns the last day that the setting now gives them."""
    days, today = review_days(street_code), clock.today()
    running = select(Statement).where(
        Statement.street_code == street_code, Statement.turn_side.is_not(None)
    )
    rows = db.session.scalars(running).all()
    first = min((row.turn_since for row in rows if row.turn_since), default=today)
    worked = calendar(first, today + AHEAD).is_worked
    for statement in rows:
        statement.turn_due_on = _due_on(statement, days, worked)
    db.session.flush()
