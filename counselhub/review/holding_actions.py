"""What the office does not pay now: refused for good, or carried to the next statement."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.actions import Difference
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.i18n import listed
from counselhub.core.members import Member
from counselhub.review import rules
from counselhub.review.filters import is_of
from counselhub.review.moving import Moved, hold_line, move, refuse_move
from counselhub.statements.actions.holding import give_back, hold_back, retotal
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import LineReview, RefusalReason
from counselhub.statements.wording import kind


def refuse(
    line: StatementLine,
    reason: RefusalReason,
    words: str,
    *,
    by: Member,
    revision: int | None = None,
) -> None:
    """Refuse to pay a line; the approver's signature makes it final (REV-5).

    Raises RefusedError without words, for a line that pays nothing and for a carried rest,
    ConflictError.
    """
    if not words.strip():
        raise RefusedError(_("请写明不予支付的理由，律所凭它决定是否申诉。"), at="words")
    if left := rules.blanks(words):
        raise RefusedError(
            _("还有空白没有填写：%(blanks)s。请填好后再发出。", blanks=listed(left)), at="words"
        )
    statement = hold_line(line, revision)
    refuse_move(line, "refuse")
    if line.amount_fen <= 0:
        raise RefusedError(_("这一项没有应付金额，不需要“不予支付”。"), at="words")
    if line.contract_id is None:
        raise RefusedError(_("这一项是以前月份的余额，没有合同，不能“不予支付”。"), at="words")
    line.refusal, line.refusal_words = reason, words.strip()
    amount_fen = line.amount_fen
    hold_back(line)
    move(line, "refuse", by, amount_fen=amount_fen, refusal=reason.value, words=words.strip())
    retotal(statement)


def withdraw_refusal(line: StatementLine, *, by: Member, revision: int | None = None) -> None:
    """Let a refused line wait for review again, before it is signed. Raises ConflictError."""
    statement = hold_line(line, revision)
    refuse_move(line, "withdraw_refusal")
    # The database keeps a refused line's amounts: its state goes first, with them.
    give_back(line)
    line.refusal = line.refusal_words = None
    move(line, "withdraw_refusal", by, amount_fen=line.amount_fen)
    retotal(statement)


def deferrable(statement: Statement) -> Sequence[StatementLine]:
    """Return the lines with a question still open, which a part approval carries over."""
    queried = select(StatementLine).where(
        is_of(statement), StatementLine.review == LineReview.QUERIED
    )
    return db.session.scalars(queried.order_by(StatementLine.position)).all()


def carry_over(statement: Statement, *, by: Member) -> None:
    """Enter what was deferred for the firm's next statement, once it is signed (M10, REV-4)."""
    deferred = select(StatementLine).where(
        is_of(statement), StatementLine.review == LineReview.DEFERRED, StatementLine.held_fen != 0
    )
    for line in db.session.scalars(deferred.order_by(StatementLine.position)).all():
        words = _(
            "结算单 %(number)s 第 %(place)s 项“%(kind)s”有疑问未了结，结转到本期审核。",
            number=statement.number,
            place=line.position + 1,
            kind=kind(line.kind),
        )
        adjustments.enter(difference(line, AdjustmentCause.DEFERRED, line.held_fen, words), by=by)


def difference(
    line: StatementLine, cause: AdjustmentCause, amount_fen: int, words: str
) -> Difference:
    """Return what the next statement is to settle of a line. amount_fen: as it is to be paid."""
    if line.contract_id is None or line.community_code is None:
        raise ValueError(line.id)
    return Difference(
        firm_id=line.firm_id,
        contract_id=line.contract_id,
        community_code=line.community_code,
        month=line.month,
        amount_fen=amount_fen,
        cause=cause,
        words=words,
        line_id=line.id,
    )


def defer(statement: Statement, lines: Sequence[StatementLine], *, by: Member) -> Moved:
    """Carry lines to the next statement: they pay nothing on this one (REV-4)."""
    amount_fen = sum(line.amount_fen for line in lines)
    for line in lines:
        if line.contract_id is None or line.community_code is None:
            raise ConflictError(
                _(
                    "第 %(place)s 项是上期的余额，没有合同，不能结转下期。请先了结它的疑问。",
                    place=line.position + 1,
                ),
                row=statement,
            )
        held_fen = line.amount_fen
        hold_back(line)
        move(line, "defer", by, amount_fen=held_fen)
    retotal(statement)
    return Moved(len(lines), amount_fen)


def restore(statement: Statement, *, by: Member) -> None:
    """Take the carrying over back when the approver sends the statement back."""
    deferred = select(StatementLine).where(
        is_of(statement), StatementLine.review == LineReview.DEFERRED
    )
    lines = db.session.scalars(deferred).all()
    for line in lines:
        give_back(line)
        move(line, "restore", by, amount_fen=line.amount_fen)
    if lines:
        retotal(statement)
