"""The office's acts on a statement; those on its lines are in `line_actions`.

The total and the amounts of lines never change here. Every act takes the revision that its reader
saw and raises ConflictError (409) when the statement has moved on since.
"""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from counselhub.claims import course
from counselhub.closing import actions as closing
from counselhub.core import clock, history
from counselhub.core.access import Member
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.money import format_yuan
from counselhub.review.filters import is_of
from counselhub.review.line_actions import (
    Accepted,
    accept,
    accept_matching,
    accept_selected,
    answer,
    hold,
    open_query,
    query,
    undo_accept,
    withdraw_query,
)
from counselhub.statements.actions.cases import cases_in
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.sealing import seal
from counselhub.statements.states import (
    STATEMENT_FLOW,
    LinePayment,
    LineReview,
    StatementStatus,
)

__all__ = [
    "Accepted",
    "accept",
    "accept_matching",
    "accept_selected",
    "answer",
    "approve",
    "open_query",
    "open_review",
    "pay",
    "query",
    "return_queried",
    "send_back",
    "sign",
    "undo_accept",
    "withdraw_query",
]


def open_review(statement: Statement, *, by: Member) -> None:
    """Begin the review when the office first opens a submitted statement; later ones do nothing."""
    hold(statement)
    if statement.status == StatementStatus.SUBMITTED:
        _advance(statement, "open_review", by)


def return_queried(statement: Statement, *, by: Member, revision: int | None = None) -> int:
    """Give the queried lines back to the firm and return how many.

    Opens the records behind them again: of their communities, and of the street's online shifts
    when an online line is queried. Accepted lines stay sealed. Raises ConflictError without one.
    """
    hold(statement, revision)
    queried = select(StatementLine.community_code, StatementLine.kind).where(
        is_of(statement), StatementLine.review == LineReview.QUERIED
    )
    lines = db.session.execute(queried).all()
    if not lines:
        raise ConflictError(_("还没有提出疑问的明细，不能退回律所。"), row=statement)
    places = {code for code, _kind in lines if code}
    if any(kind == LineKind.ONLINE for _code, kind in lines):
        places.add(statement.street_code)
    _advance(statement, "return_queried", by, lines=len(lines))
    closing.reopen(statement.id, places)
    return len(lines)


def approve(statement: Statement, *, by: Member, revision: int | None = None) -> None:
    """Pass the whole statement to the approver. Raises ConflictError unless all is accepted."""
    hold(statement, revision)
    review = StatementLine.review
    pending, queried = db.session.execute(
        select(
            func.count().filter(review == LineReview.PENDING),
            func.count().filter(review == LineReview.QUERIED),
        ).where(is_of(statement), review != LineReview.ACCEPTED)
    ).one()
    if pending or queried:
        raise ConflictError(
            _(
                "还有 %(pending)s 项待审核、%(queried)s 项有疑问，全部通过后才能提交审定。",
                pending=pending,
                queried=queried,
            ),
            row=statement,
        )
    _refuse_unsettled_case(statement)
    _advance(statement, "approve", by, total_fen=statement.total_fen)
    statement.approved_at = clock.now()
    statement.approved_by_id, statement.approved_by_name = by.person_id, by.name
    seal(statement, "approve")


def _refuse_unsettled_case(statement: Statement) -> None:
    """Raise ConflictError while a case that the office judged otherwise still counts."""
    found = course.in_the_way(statement.firm_id, _cases(statement))
    if found is not None:
        raise ConflictError(
            _(
                "案件 %(number)s 复核为不予补贴或另一等级，却仍按原样计入。"
                "请对这一行提出疑问并退回，律所改正后再通过。",
                number=found.claim.number,
            ),
            row=statement,
        )


def _cases(statement: Statement) -> set[str]:
    """Return the numbers of the cases that the statement counts."""
    lines = select(StatementLine.trace).where(is_of(statement), StatementLine.kind == LineKind.CASE)
    return cases_in(db.session.scalars(lines))


def send_back(statement: Statement, words: str, *, by: Member, revision: int | None = None) -> None:
    """Give an approved statement back to the checker, with words. Raises RefusedError without."""
    if not words.strip():
        raise RefusedError(_("请写明退回的原因，让经办知道要复核什么。"))
    hold(statement, revision)
    _advance(statement, "send_back", by, words=words.strip())
    statement.approved_at = statement.approved_by_id = statement.approved_by_name = None
    db.session.flush()


def sign(statement: Statement, *, by: Member, revision: int | None = None) -> None:
    """Sign what another person approved, and release it for payment in the same act.

    Raises ForbiddenError for the one who approved it: the database keeps four eyes too.
    """
    hold(statement, revision)
    refusal = ForbiddenError(
        _(
            "这份结算单由 %(name)s 初审通过，须由另一人审定。",
            name=statement.approved_by_name or by.name,
        )
    )
    if statement.approved_by_id is not None and statement.approved_by_id == by.person_id:
        raise refusal
    _advance(statement, "sign", by, total_fen=statement.total_fen)
    try:
        with db.session.begin_nested():
            statement.signed_at = clock.now()
            statement.signed_by_id, statement.signed_by_name = by.person_id, by.name
    except IntegrityError as error:
        if constraint_of(error) == "ck_statement_four_eyes":
            raise refusal from error
        raise
    seal(statement, "sign")
    course.accept_counted(statement.firm_id, _cases(statement), by=by)
    _advance(statement, "release", by)


def pay(
    statement: Statement,
    *,
    paid_on: date,
    amount_fen: int,
    reference: str,
    by: Member,
    revision: int | None = None,
) -> None:
    """Record the payment of exactly what is payable, and mark every line paid.

    Raises RefusedError for another amount, a day in the future or before the signature.
    """
    hold(statement, revision)
    _refuse_payment(statement, paid_on, amount_fen)
    _advance(statement, "pay", by, amount_fen=amount_fen, reference=reference)
    statement.paid_on, statement.paid_fen = paid_on, amount_fen
    statement.payment_reference = reference
    db.session.flush()
    db.session.execute(
        update(StatementLine)
        .where(is_of(statement))
        .values(payment=LinePayment.PAID, revision=StatementLine.revision + 1),
        execution_options={"synchronize_session": False},
    )
    course.pay_counted(statement.firm_id, _cases(statement), by=by)
    db.session.flush()
    db.session.expire_all()


def _refuse_payment(statement: Statement, paid_on: date, amount_fen: int) -> None:
    if amount_fen != statement.payable_fen:
        raise RefusedError(
            _(
                "支付金额须等于应付金额 %(amount)s 元，不能多付或少付。",
                amount=format_yuan(statement.payable_fen),
            )
        )
    signed_on = clock.local(statement.signed_at).date() if statement.signed_at else paid_on
    if not signed_on <= paid_on <= clock.today():
        raise RefusedError(
            _("支付日期须在审定日 %(signed)s 到今天之间。", signed=signed_on.isoformat())
        )


def _advance(statement: Statement, act: str, by: Member, **detail: object) -> None:
    history.advance(
        statement, STATEMENT_FLOW, act, by=by, street_code=statement.street_code, **detail
    )
    db.session.flush()
