"""What a street asks, to whoever settles there, and what its cut-off has closed."""

from datetime import date

from sqlalchemy import select

from counselhub.core.db import db
from counselhub.cutoffs.models import OverdueMonth, SettlementRule
from counselhub.cutoffs.rules import Terms


def rule_of(street_code: str) -> SettlementRule | None:
    """Return a street's own rule, None when it has set none."""
    query = select(SettlementRule).where(SettlementRule.street_code == street_code)
    return db.session.scalars(query).one_or_none()


def terms_of(street_code: str) -> Terms:
    """Return what a street asks, the usual where it has set nothing."""
    row = rule_of(street_code)
    return Terms() if row is None else terms_in(row)


def terms_in(row: SettlementRule) -> Terms:
    """Return what a rule says."""
    return Terms(
        row.late_months, row.late_cap_fen, row.cutoff_day, row.reminder_days, row.closes_from
    )


def overdue(street_code: str, month: date) -> OverdueMonth | None:
    """Return the closed month of the firm in scope, None while it was never closed."""
    query = select(OverdueMonth).where(
        OverdueMonth.street_code == street_code, OverdueMonth.month == month
    )
    return db.session.scalars(query).one_or_none()
