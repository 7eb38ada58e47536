"""The office's acts on a statement; those on its lines are in `line_actions`.

The total and the amounts of lines never change here. Every act takes the revision that its reader
saw and raises ConflictError (409) when the statement has moved on since.
"""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from counselhub.claims import course
from counselhub.clawbacks import actions as clawbacks
from counselhub.clawbacks.kinds import PAYMENT_FLOW
from counselhub.closing import actions as closing
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.notices.kinds import Kind
from counselhub.review import cases
from counselhub.review.filters import is_of
from counselhub.review.holding_actions import (
    carry_over,
    defer,
    deferrable,
    refuse,
    restore,
    withdraw_refusal,
)
from counselhub.review.line_actions import accept, accept_matching, accept_selected, undo_accept
from counselhub.review.moving import Moved, hold
from counselhub.review.thread_actions import open_query, query, reply, withdraw_query
from counselhub.review.undo_actions import undo
from counselhub.statements import announcing
from counselhub.statements.actions.turns import hand_to
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.sealing import seal
from counselhub.statements.states import (
    STATEMENT_FLOW,
    LinePayment,
    LineReview,
    Side,
    StatementStatus,
)

__all__ = [
    "Moved",
    "accept",
    "accept_matching",
    "accept_selected",
    "approve",
    "open_query",
    "open_review",
    "pay",
    "query",
    "refuse",
    "reply",
    "return_queried",
    "send_back",
    "sign",
    "undo",
    "undo_accept",
    "withdraw_query",
    "withdraw_refusal",
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
    hand_to(statement, Side.FIRM)
    announcing.to_firm(Kind.STATEMENT_RETURNED, statement, by=by, count=len(lines))
    return len(lines)


def approve(
    statement: Statement,
    *,
    by: Member,
    revision: int | None = None,
    carrying: Moved | None = None,
) -> None:
    """Pass the statement to the approver.

    carrying: how many lines with open questions, and their sum, go to the next statement (REV-4);
    None approves only a statement without any. Raises ConflictError when lines still wait, or the
    open ones are not those that were named.
    """
    hold(statement, revision)
    _refuse_pending(statement)
    lines = deferrable(statement)
    found = Moved(len(lines), sum(line.amount_fen for line in lines))
    if found != (carrying or Moved(0, 0)):
        raise ConflictError(_open_words(found), row=statement)
    cases.refuse_unsettled(statement)
    _advance(statement, "approve", by, total_fen=statement.total_fen - found.amount_fen)
    if lines:
        defer(statement, lines, by=by)
    statement.approved_at = clock.now()
    statement.approved_by_id, statement.approved_by_name = by.person_id, by.name
    seal(statement, "approve")
    announcing.to_office(Kind.STATEMENT_CHECKED, statement, by=by)


def _refuse_pending(statement: Statement) -> None:
    waiting = select(func.count()).where(
        is_of(statement), StatementLine.review == LineReview.PENDING
    )
    if pending := db.session.scalar(waiting):
        raise ConflictError(
            _("还有 %(pending)s 项待审核，看完才能提交审定。", pending=pending), row=statement
        )


def _open_words(found: Moved) -> str:
    return str(
        _(
            "现在有 %(queried)s 项有疑问、合计 %(amount)s 元。"
            "请退回律所说明，或者确认把它们结转下期。",
            queried=found.lines,
            amount=format_yuan(found.amount_fen),
        )
    )


def send_back(statement: Statement, words: str, *, by: Member, revision: int | None = None) -> None:
    """Give an approved statement back to the checker, with words. Raises RefusedError without."""
    if not words.strip():
        raise RefusedError(_("请写明退回的原因，让经办知道要复核什么。"))
    hold(statement, revision)
    _advance(statement, "send_back", by, words=words.strip())
    statement.approved_at = statement.approved_by_id = statement.approved_by_name = None
    restore(statement, by=by)
    announcing.to_office(Kind.STATEMENT_SENT_BACK, statement, by=by)


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
    cases.settle(statement, by=by)
    hand_to(statement, None)
    carry_over(statement, by=by)
    clawbacks.settle(statement, by=by)
    _advance(statement, "release", by)
    announcing.to_firm(Kind.STATEMENT_SIGNED, statement, by=by)


def pay(
    statement: Statement,
    *,
    paid_on: date,
    amount_fen: int,
    reference: str,
    by: Member,
    revision: int | None = None,
) -> None:
    """Record the payment of exactly what is payable, and mark the lines paid.

    A line whose claw-back has outlived a returned payment stays what the claw-back made it.
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
        .where(is_of(statement), StatementLine.review == LineReview.ACCEPTED)
        .where(StatementLine.payment.in_(PAYMENT_FLOW["pay"].sources))
        .values(payment=LinePayment.PAID, revision=StatementLine.revision + 1),
        execution_options={"synchronize_session": False},
    )
    course.pay_counted(statement.firm_id, cases.paid_cases(statement), by=by)
    announcing.to_firm(Kind.STATEMENT_PAID, statement, by=by)
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
