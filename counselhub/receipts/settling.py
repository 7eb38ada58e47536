"""When a statement is reconciled: received and let go come to what the street has paid."""

from collections.abc import Iterable

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.receipts import queries
from counselhub.statements.models import Statement
from counselhub.statements.states import STATEMENT_FLOW, StatementStatus


def settle(statements: Iterable[Statement], *, by: Member) -> None:
    """Move statements, which are locked, to where their sums put them (ALLOC-3)."""
    every = list(statements)
    got = queries.balances([one.id for one in every])
    for one in every:
        is_settled = one.paid_fen == got[one.id]
        if is_settled and one.status == StatementStatus.PAID:
            act = "reconcile"
        elif not is_settled and one.status == StatementStatus.RECONCILED:
            act = "unreconcile"
        else:
            continue
        history.advance(one, STATEMENT_FLOW, act, by=by, street_code=one.street_code)
    db.session.flush()
