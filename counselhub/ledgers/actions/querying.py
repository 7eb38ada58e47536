"""What becomes of a fault of the statement: a query while it is in review, else a note.

What is still wrong once the statement is signed, the confirmed sheet settles: see `adjusting`.
"""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.ledgers.kinds import Measure, Routed
from counselhub.ledgers.models import LedgerLine
from counselhub.review import thread_actions
from counselhub.statements.lines import KIND_ORDER, LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, QueryReason, StatementStatus

ASKED = {
    Measure.AMOUNT: (LineKind.BASE, QueryReason.AMOUNT),
    Measure.VISITS: (LineKind.SHORTFALL, QueryReason.VISITS),
    Measure.MINUTES: (LineKind.SHORTFALL, QueryReason.PRESENCE),
    Measure.LECTURES: (LineKind.LECTURE, QueryReason.LECTURE),
    Measure.CASES: (LineKind.CASE, QueryReason.OTHER),
}
"""Which line of a statement is asked about, and why, by what differs first."""


def route(line: LedgerLine, words: str, *, by: Member) -> dict[str, Any]:
    """Ask about the statement's line, or note the fault; return where it went.

    Raises RefusedError for a statement that nobody has begun to review.
    """
    if line.statement_id is None:
        return {"to": Routed.NOTE.value}
    statement = db.session.get_one(Statement, (line.firm_id, line.statement_id))
    if statement.status == StatementStatus.SUBMITTED:
        raise RefusedError(
            _("结算单 %(number)s 还没有开始审核，请先打开它再提疑问。", number=statement.number),
            at="party",
        )
    found = _line_to_ask(line) if statement.status == StatementStatus.IN_REVIEW else None
    if found is None:
        return {"to": Routed.NOTE.value}
    asked = thread_actions.query(found, _reason(line), words, by=by)
    return {"to": Routed.QUERY.value, "line": str(found.id), "query": str(asked.id)}


def take_back(line: LedgerLine, *, by: Member) -> None:
    """Withdraw the query of a settlement that is taken back, while that is still possible."""
    routed = line.routed or {}
    if routed.get("to") != Routed.QUERY or line.statement_id is None:
        return
    statement = db.session.get_one(Statement, (line.firm_id, line.statement_id))
    asked = db.session.get(StatementLine, (line.firm_id, UUID(routed["line"])))
    if (
        asked
        and asked.review == LineReview.QUERIED
        and statement.status == StatementStatus.IN_REVIEW
    ):
        thread_actions.withdraw_query(asked, by=by)


def _reason(line: LedgerLine) -> QueryReason:
    return ASKED[_first(line)][1]


def _first(line: LedgerLine) -> Measure:
    return Measure.of(line.differs[0]) if line.differs else Measure.AMOUNT


def _line_to_ask(line: LedgerLine) -> StatementLine | None:
    """Return the pending line that the difference is about, another pending one of the place."""
    query = select(StatementLine).where(
        StatementLine.firm_id == line.firm_id,
        StatementLine.statement_id == line.statement_id,
        StatementLine.community_code == line.community_code,
        StatementLine.review == LineReview.PENDING,
    )
    if line.contract_number:
        query = query.where(StatementLine.contract_number == line.contract_number)
    wanted = ASKED[_first(line)][0]
    found = db.session.scalars(query).all()
    return min(
        found,
        key=lambda one: (one.kind != wanted, KIND_ORDER.get(LineKind(one.kind), 0), one.position),
        default=None,
    )
