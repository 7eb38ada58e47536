"""A payment that came back: the statement is payable again, its lines are unpaid."""

from flask_babel import gettext as _
from sqlalchemy import update

from counselhub.claims import course
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member
from counselhub.receipts import queries as receipts
from counselhub.review.cases import paid_cases
from counselhub.review.filters import is_of
from counselhub.review.moving import hold
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import STATEMENT_FLOW, LinePayment, StatementStatus


def bounce_statement(statement: Statement, words: str, *, by: Member) -> None:
    """Undo the record of a payment. Raises ConflictError once the firm has reconciled it."""
    hold(statement)
    if statement.status == StatementStatus.RECONCILED:
        raise ConflictError(
            _("结算单 %(number)s 律所已核对到账，请律所先撤销对账。", number=statement.number),
            row=statement,
        )
    if any(receipts.balance(statement.id)):
        raise ConflictError(
            _("结算单 %(number)s 律所已登记部分到账，请律所先撤销。", number=statement.number),
            row=statement,
        )
    history.advance(
        statement, STATEMENT_FLOW, "bounce", by=by, street_code=statement.street_code, words=words
    )
    statement.paid_on = statement.paid_fen = statement.payment_reference = None
    db.session.flush()
    db.session.execute(
        update(StatementLine)
        .where(is_of(statement), StatementLine.payment == LinePayment.PAID)
        .values(payment=LinePayment.UNPAID, revision=StatementLine.revision + 1),
        execution_options={"synchronize_session": False},
    )
    course.unpay_counted(statement.firm_id, paid_cases(statement), by=by)
    db.session.flush()
