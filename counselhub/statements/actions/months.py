"""The month of one firm: every street's statement, made by the worker and watched meanwhile."""

from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.errors import DomainError
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.places.models import Street
from counselhub.statements.actions.compute import compute
from counselhub.statements.models import Statement
from counselhub.statements.queries import streets_without
from counselhub.statements.states import StatementStatus
from counselhub.work import actions as work
from counselhub.work.running import Order, Result

TASK = "month_batch"


def ask_batch(month: date, *, by: Member) -> UUID:
    """Let the worker make or work out anew every draft of the month; return the work.

    month: its first day.
    """
    return work.ask(TASK, by=by, subject=f"{month:%Y-%m}")[0]


def run_batch(order: Order) -> Result:
    """Compute street after street, a commit each: begun again, it finds drafts and changes none.

    A street that is refused is named with the reason; the others stand.
    """
    year, number = map(int, order.subject.split("-"))
    month = date(year, number, 1)
    streets = _streets(month)
    faults, total_fen = [], 0
    for done, (code, name) in enumerate(streets):
        order.tell(done, len(streets), N_("编制结算单"))
        try:
            total_fen += compute(code, month, order.by).total_fen
            db.session.commit()
        except DomainError as refusal:
            db.session.rollback()
            faults.append(_("%(street)s：%(why)s", street=name, why=refusal.message))
    order.tell(len(streets), len(streets), N_("编制结算单"))
    made = len(streets) - len(faults)
    words = _(
        "编制 %(made)d 份结算单，合计 %(total)s 元；%(refused)d 个街道没有编成。",
        made=made,
        total=format_yuan(total_fen),
        refused=len(faults),
    )
    return Result(words, faults)


def _streets(month: date) -> list[tuple[str, str]]:
    """Return (code, name) of the streets whose statement is not made or still a draft, in order."""
    drafts = (
        select(Street.code, Street.name)
        .join(Statement, Statement.street_code == Street.code)
        .where(Statement.month == month, Statement.status == StatementStatus.DRAFT)
    )
    found = {row.code: row.name for row in db.session.execute(drafts)}
    found |= {code: name for code, name, _communities in streets_without(month)}
    return sorted(found.items())
