"""Appeal and decide. What is upheld becomes an adjustment of the firm's next statement."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.adjustments import actions as adjustments
from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.appeals import rules
from counselhub.appeals.models import LineAppeal
from counselhub.appeals.states import ACT_OF, APPEAL_FLOW, AppealStatus
from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.core.tenancy import as_office
from counselhub.review.holding_actions import difference
from counselhub.review.keeping import Whole, attach
from counselhub.roster.holiday_queries import calendar
from counselhub.services.attachments import Attachment
from counselhub.statements.actions.turns import AHEAD, review_days
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.rules import turns
from counselhub.statements.states import SEALED, LineReview, Side, StatementStatus


def due_on(statement: Statement) -> date | None:
    """Return the last day for appeals, None before the refusals are final (REV-6)."""
    if statement.signed_at is None:
        return None
    signed_on = clock.local(statement.signed_at).date()
    worked = calendar(signed_on, signed_on + AHEAD).is_worked
    return turns.due_on(signed_on, review_days(statement.street_code).appeal, worked)


def appeal(
    line: StatementLine, words: str, files: Sequence[Attachment] = (), *, by: Member
) -> LineAppeal:
    """Appeal to the bureau against a refused line.

    Raises RefusedError without words or after the term, ConflictError for a line that is not
    finally refused or has its appeal already.
    """
    _refuse_appeal(line, words)
    row = LineAppeal(
        firm_id=line.firm_id,
        line_id=line.id,
        statement_id=line.statement_id,
        street_code=line.street_code,
        refused_fen=line.held_fen,
        words=words.strip(),
        appealed_at=clock.now(),
        appealed_by_id=by.person_id,
        appealed_by_name=by.name,
    )
    _insert(row)
    history.record(row, "appeal", by=by, street_code=row.street_code, amount_fen=row.refused_fen)
    whole = Whole(
        firm_id=row.firm_id, street_code=row.street_code, side=Side.FIRM, appeal_id=row.id
    )
    attach(files, whole, by=by)
    return row


def _refuse_appeal(line: StatementLine, words: str) -> None:
    if not words.strip():
        raise RefusedError(_("请写明申诉的理由，区司法局凭它裁定。"), at="words")
    statement = db.session.get_one(Statement, (line.firm_id, line.statement_id))
    last = due_on(statement)
    is_final = statement.status in SEALED and statement.status != StatementStatus.APPROVED
    if line.review != LineReview.REFUSED or not is_final or last is None:
        raise IllegalMoveError(_("只有审定为不予支付的明细可以申诉。"), row=line)
    if not rules.is_in_time(clock.today(), last):
        raise RefusedError(_("申诉期限是 %(day)s，已经过了。", day=last.isoformat()), at="words")


def _insert(row: LineAppeal) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != "uq_line_appeal_firm_id_line_id":
            raise
        query = select(LineAppeal.appealed_by_name).where(LineAppeal.line_id == row.line_id)
        raise ConflictError(
            _("这一项已由 %(name)s 申诉过，一项只能申诉一次。", name=db.session.scalar(query))
        ) from error


def decide(
    row: LineAppeal,
    outcome: AppealStatus,
    words: str,
    *,
    by: Member,
    part_fen: int | None = None,
    revision: int | None = None,
) -> None:
    """Decide an appeal for good; what is upheld is entered for the next statement.

    Raises RefusedError without words or for an amount that is no part, ConflictError.
    """
    if not words.strip():
        raise RefusedError(_("请写明裁定的理由，律所和司法所都会看到。"), at="words")
    db.session.refresh(row, with_for_update={"of": LineAppeal})
    history.expect(row, revision)
    upheld_fen = _upheld(row, outcome, part_fen)
    history.advance(
        row, APPEAL_FLOW, ACT_OF[outcome], by=by, street_code=row.street_code, amount_fen=upheld_fen
    )
    row.upheld_fen, row.decision_words = upheld_fen, words.strip()
    row.decided_at, row.decided_by_id, row.decided_by_name = clock.now(), by.person_id, by.name
    db.session.flush()
    if upheld_fen:
        _settle(row, upheld_fen, by)


def _upheld(row: LineAppeal, outcome: AppealStatus, part_fen: int | None) -> int:
    upheld_fen = rules.upheld_fen(outcome, row.refused_fen, part_fen)
    if upheld_fen is None:
        raise RefusedError(
            _(
                "部分支持的金额须大于 0、小于 %(amount)s 元。",
                amount=format_yuan(row.refused_fen),
            ),
            at="amount",
        )
    return upheld_fen


def _settle(row: LineAppeal, upheld_fen: int, by: Member) -> None:
    """Enter what was upheld, in the street's name: a bureau writes no adjustments of its own."""
    line = db.session.get_one(StatementLine, (row.firm_id, row.line_id))
    words = _("区司法局裁定申诉：%(words)s", words=row.decision_words)
    with as_office(row.street_code):
        adjustments.enter(difference(line, AdjustmentCause.APPEAL, upheld_fen, words), by=by)
