"""Let a small difference go, with a reason; above the firm's limit another person agrees."""

from flask_babel import gettext as _

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.money import format_yuan
from counselhub.receipts import queries
from counselhub.receipts.kinds import WriteOffStatus
from counselhub.receipts.models import WriteOff, WriteOffRule
from counselhub.receipts.settling import settle
from counselhub.receipts.states import WRITE_OFF_FLOW
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

LARGEST_LIMIT_FEN = 100_000


def ask(statement: Statement, amount_fen: int, words: str, *, by: Member) -> WriteOff:
    """Let a difference go, or ask another person to when it is above the limit (WRITE-OFF-1).

    Raises RefusedError without words or for more than is missing, ConflictError when the street has
    not paid or another question is open.
    """
    if not words.strip():
        raise RefusedError(_("请写明核销的原因，例如“银行手续费”。"), at="words")
    _hold(statement)
    _refuse_amount(statement, amount_fen)
    is_over = amount_fen > queries.limit_fen()
    row = WriteOff(
        statement_id=statement.id,
        street_code=statement.street_code,
        amount_fen=amount_fen,
        words=words.strip(),
        is_over_limit=is_over,
        status=WriteOffStatus.ASKED if is_over else WriteOffStatus.MADE,
        made_on=clock.today(),
        asked_at=clock.now(),
        asked_by_id=by.person_id,
        asked_by_name=by.name,
    )
    db.session.add(row)
    db.session.flush()
    if is_over:
        history.record(row, "ask_write_off", by=by, number=statement.number)
    else:
        history.record(row, "write_off", by=by, street_code=row.street_code)
        settle([statement], by=by)
    return row


def _hold(statement: Statement) -> None:
    db.session.refresh(statement, with_for_update={"of": Statement})
    if statement.status != StatementStatus.PAID:
        status = StatementStatus.of(statement.status).label
        raise ConflictError(
            _("结算单现在是“%(status)s”，没有可以核销的差额。", status=status), row=statement
        )


def _refuse_amount(statement: Statement, amount_fen: int) -> None:
    received, written = queries.balance(statement.id)
    due_fen = (statement.paid_fen or 0) - received - written
    if not 0 < amount_fen <= due_fen:
        raise RefusedError(
            _("核销金额须大于 0，不超过未到账的 %(due)s 元。", due=format_yuan(due_fen)),
            at="amount",
        )


def approve(row: WriteOff, *, by: Member, revision: int | None = None) -> None:
    """Agree to a write-off above the limit (four eyes).

    Raises ForbiddenError for the one who asked, RefusedError when less is missing by now.
    """
    statement = _decide(row, by, revision)
    _refuse_amount(statement, row.amount_fen)
    row.made_on = clock.today()
    history.advance(row, WRITE_OFF_FLOW, "approve_write_off", by=by, street_code=row.street_code)
    db.session.flush()
    settle([statement], by=by)


def refuse(row: WriteOff, *, by: Member, revision: int | None = None) -> None:
    """Do not agree to a write-off. Raises ForbiddenError for the one who asked."""
    _decide(row, by, revision)
    history.advance(row, WRITE_OFF_FLOW, "refuse_write_off", by=by)
    db.session.flush()


def _decide(row: WriteOff, by: Member, revision: int | None) -> Statement:
    statement = db.session.get_one(Statement, (row.firm_id, row.statement_id))
    _hold(statement)
    db.session.refresh(row)
    history.expect(row, revision)
    if row.asked_by_id is not None and row.asked_by_id == by.person_id:
        raise ForbiddenError(_("这笔核销由您申请，须由另一人核准。"))
    row.decided_at, row.decided_by_id, row.decided_by_name = clock.now(), by.person_id, by.name
    return statement


def undo(row: WriteOff, words: str, *, by: Member, revision: int | None = None) -> None:
    """Take a write-off back; it stays in the record. Raises RefusedError without words."""
    if not words.strip():
        raise RefusedError(_("请写明撤销核销的原因。"), at="undo_words")
    statement = db.session.get_one(Statement, (row.firm_id, row.statement_id))
    db.session.refresh(statement, with_for_update={"of": Statement})
    db.session.refresh(row)
    history.expect(row, revision)
    row.undo_words = words.strip()
    history.advance(row, WRITE_OFF_FLOW, "undo_write_off", by=by, street_code=row.street_code)
    db.session.flush()
    settle([statement], by=by)


def set_limit(limit_fen: int, *, by: Member, revision: int | None = None) -> None:
    """Set up to which amount one person lets a difference go. Raises RefusedError."""
    if not 0 <= limit_fen <= LARGEST_LIMIT_FEN:
        raise RefusedError(
            _("限额须在 0 到 %(most)s 元之间。", most=format_yuan(LARGEST_LIMIT_FEN)), at="limit"
        )
    row = queries.rule()
    if row is None:
        row = WriteOffRule(limit_fen=limit_fen)
        db.session.add(row)
    else:
        history.expect(row, revision)
        row.limit_fen = limit_fen
    db.session.flush()
    history.record(row, "set_write_off_limit", by=by)
    db.session.flush()
