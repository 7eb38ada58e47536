"""The office sets what its street asks."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.cutoffs.models import SettlementRule
from counselhub.cutoffs.queries import rule_of, terms_in
from counselhub.cutoffs.rules import Terms, closes_from

COLUMNS = ("late_months", "late_cap_fen", "cutoff_day", "reminder_days")


def set_rule(terms: Terms, *, revision: int | None, by: Member) -> SettlementRule:
    """Set the rule of the office's own street. Raises ConflictError for a stale page."""
    row = rule_of(by.street_code)
    before = {name: getattr(row, name) for name in COLUMNS} if row else {}
    first_closed = closes_from(terms_in(row) if row else Terms(), terms.cutoff_day, clock.today())
    if row is None:
        row = SettlementRule(street_code=by.street_code)
        db.session.add(row)
    else:
        history.expect(row, revision)
    for name in COLUMNS:
        setattr(row, name, getattr(terms, name))
    row.closes_from = first_closed
    row.changed_at, row.changed_by_name = clock.now(), by.name
    changes = {name: [before.get(name), getattr(row, name)] for name in COLUMNS}
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != "uq_settlement_rule_street_code":
            raise
        raise ConflictError(_("同事刚刚设置了结算规则，请看最新内容后再改。")) from error
    history.note("settlement_rule_set", scope=by.scope, by=by, changes=changes)
    return row
