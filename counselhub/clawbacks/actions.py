"""The office takes back what it paid; the firm may object; a later statement settles it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.models import Adjustment
from counselhub.clawbacks import queries
from counselhub.clawbacks.kinds import (
    CLAWBACK_FLOW,
    PAYMENT_FLOW,
    ClawbackReason,
    ClawbackStatus,
)
from counselhub.clawbacks.models import Clawback
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, FrozenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.core.tenancy import as_firm
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import StatementStatus


def claw_back(
    line: StatementLine,
    reason: ClawbackReason,
    words: str,
    amount_fen: int,
    *,
    by: Member,
    revision: int | None = None,
) -> Clawback:
    """Take back up to what was paid on a line, by a later statement of the firm and street.

    Raises RefusedError for an amount that is not within the line's, without words, and where no
    later statement can carry it; IllegalMoveError unless the line is paid; ConflictError for a
    stale page and for a second claw-back.
    """
    statement = db.session.get_one(Statement, (line.firm_id, line.statement_id))
    db.session.refresh(line, with_for_update={"of": StatementLine})
    history.expect(line, revision)
    _refuse_amount(line, amount_fen)
    if not words.strip():
        raise RefusedError(_("请写明追回的依据，律所会看到。"), at="words")
    with as_firm(line.firm_id):
        has_later = queries.has_later(statement)
    if not has_later:
        raise RefusedError(
            _(
                "这家律所在本街道没有以后可以扣回的结算单：既没有编制中的月份，也没有履行中的合同。"
                "请与律所办理退款，或者等续签合同后再追回。"
            )
        )
    _move_payment(line, "claw_back", by)
    with _once(line):
        row = _entered(statement, line, reason, words, amount_fen, by)
    history.record(
        row,
        "claw_back",
        by=by,
        street_code=row.street_code,
        amount_fen=amount_fen,
        reason=reason.value,
        words=row.words,
    )
    return row


def _refuse_amount(line: StatementLine, amount_fen: int) -> None:
    if not 0 < amount_fen <= line.amount_fen:
        raise RefusedError(
            _(
                "追回金额须大于 0，且不超过这一项已支付的 %(paid)s 元。",
                paid=format_yuan(max(0, line.amount_fen)),
            ),
            at="amount",
        )


def _entered(
    statement: Statement,
    line: StatementLine,
    reason: ClawbackReason,
    words: str,
    amount_fen: int,
    by: Member,
) -> Clawback:
    if line.contract_id is None or line.community_code is None:
        raise RefusedError(_("结转的差额不是一项支付，不能追回。"))
    difference = Difference(
        firm_id=line.firm_id,
        contract_id=line.contract_id,
        community_code=line.community_code,
        month=statement.month,
        amount_fen=-amount_fen,
        cause=AdjustmentCause.CLAWBACK,
        words=words,
        line_id=line.id,
    )
    row = Clawback(
        firm_id=line.firm_id,
        statement_id=statement.id,
        line_id=line.id,
        street_code=statement.street_code,
        adjustment_id=adjustments.enter(difference, by=by).id,
        amount_fen=amount_fen,
        reason=reason,
        words=words.strip(),
        status=ClawbackStatus.AWAITING,
        asked_at=clock.now(),
        asked_by_name=by.name,
    )
    db.session.add(row)
    return row


@contextmanager
def _once(line: StatementLine) -> Iterator[None]:
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) != "uq_clawback_line":
            raise
        raise ConflictError(_("这一项已经有一笔追回。"), row=line) from error


def object_to(row: Clawback, words: str, *, by: Member, revision: int | None = None) -> None:
    """The firm objects, with words, until the statement that carries it is certified.

    Raises RefusedError without words, IllegalMoveError when it is too late or said already.
    """
    history.expect(row, revision)
    if not words.strip():
        raise RefusedError(_("请写明异议，司法所会看到。"), at="words")
    if row.status != ClawbackStatus.AWAITING or row.objection is not None:
        raise IllegalMoveError(_("这笔追回已有结果或已提过异议。"), row=row)
    carrier = _carrier(row)
    if carrier is not None and carrier.status != StatementStatus.DRAFT:
        raise IllegalMoveError(
            _("结算单 %(number)s 已确认，计入了这笔追回，不能再提异议。", number=carrier.number),
            row=row,
        )
    row.objection, row.objected_at, row.objected_by_name = words.strip(), clock.now(), by.name
    history.record(row, "object", by=by, street_code=row.street_code, words=row.objection)
    db.session.flush()


def _carrier(row: Clawback) -> Statement | None:
    query = (
        select(Statement)
        .join(
            Adjustment,
            (Adjustment.firm_id == Statement.firm_id) & (Adjustment.statement_id == Statement.id),
        )
        .where(Adjustment.firm_id == row.firm_id, Adjustment.id == row.adjustment_id)
    )
    return db.session.scalar(query)


def withdraw(row: Clawback, words: str, *, by: Member, revision: int | None = None) -> None:
    """The office gives it up, while no statement at the office counts it.

    The line is paid again, or unpaid when the payment has come back in the meantime.

    Raises FrozenError once one does, and when it was carried over together with others;
    IllegalMoveError when it has ended, ConflictError (stale).
    """
    history.expect(row, revision)
    history.advance(row, CLAWBACK_FLOW, "withdraw", by=by, street_code=row.street_code, words=words)
    adjustment = db.session.get_one(Adjustment, (row.firm_id, row.adjustment_id))
    if not is_alone(row, adjustment):
        raise FrozenError(
            _("这笔追回与同月的其他调整一起结转到下期，不能单独撤回；多扣的请由下期另行调整。"),
            row=row,
        )
    adjustments.withdraw(adjustment, by=by, words=words)
    line = db.session.get_one(StatementLine, (row.firm_id, row.line_id))
    is_paid = db.session.get_one(Statement, (row.firm_id, row.statement_id)).paid_fen is not None
    _move_payment(line, "withdraw" if is_paid else "withdraw_bounced", by)
    db.session.flush()


def is_alone(row: Clawback, adjustment: Adjustment) -> bool:
    """Tell whether nothing else was carried over in one sum with what takes it off."""
    return adjustment.amount_fen == -row.amount_fen


def settle(statement: Statement, *, by: Member) -> None:
    """Mark what a signed statement takes back as taken back, with the lines it was paid on.

    One whose line is put off is not taken back yet: it follows what was carried over (REV-4).
    """
    for row, line, carried_id in queries.awaiting(statement):
        if carried_id is not None:
            row.adjustment_id = carried_id
            history.record(row, "carry", by=by, street_code=row.street_code)
            continue
        history.advance(row, CLAWBACK_FLOW, "settle", by=by, street_code=row.street_code)
        _move_payment(line, "settle", by)
    db.session.flush()


def _move_payment(line: StatementLine, act: str, by: Member) -> None:
    """Move a line's payment by the table of moves. Raises IllegalMoveError."""
    move = PAYMENT_FLOW[act]
    if line.payment not in move.sources:
        raise IllegalMoveError(_("只有已支付的明细才能追回，请看最新内容。"), row=line)
    line.payment = move.target
