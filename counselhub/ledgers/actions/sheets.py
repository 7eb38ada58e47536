"""The difference sheet: published, frozen, confirmed by both sides, followed by a new version."""

from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.members import Member
from counselhub.ledgers import frozen, queries
from counselhub.ledgers.actions import adjusting, writing
from counselhub.ledgers.kinds import SHEET_FLOW, UNDONE, SheetStatus
from counselhub.ledgers.models import NO_FIRM, LedgerLine, LedgerSheet
from counselhub.people.models import Firm
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus


def publish(month: date, firm_id: UUID, *, by: Member) -> LedgerSheet:
    """Let a firm see its lines of a month. Raises RefusedError, ConflictError when it does."""
    street = by.street_code
    writing.lock(street, month)
    if firm_id == NO_FIRM:
        raise RefusedError(_("没有对应律所的台账行不能公布，请先在台账中核实社区和合同编号。"))
    if firm_id in queries.live_sheets(street, month):
        raise ConflictError(_("已经向这家律所公布过，请看最新内容。"))
    sheet = _new_version(street, month, firm_id, "", by)
    published = (
        update(LedgerLine)
        .where(
            LedgerLine.firm_id == firm_id,
            LedgerLine.street_code == street,
            LedgerLine.month == month,
        )
        .values(published_at=sheet.published_at, revision=LedgerLine.revision + 1)
        .returning(LedgerLine.id)
        .execution_options(synchronize_session=False)
    )
    many = len(db.session.scalars(published).all())
    if not many:
        raise RefusedError(_("这家律所在本月没有对账的内容。"))
    history.record(sheet, "publish_sheet", by=by, street_code=street, lines=many)
    return sheet


def _new_version(street: str, month: date, firm_id: UUID, reason: str, by: Member) -> LedgerSheet:
    last = select(func.max(LedgerSheet.version)).where(
        LedgerSheet.firm_id == firm_id,
        LedgerSheet.street_code == street,
        LedgerSheet.month == month,
    )
    sheet = LedgerSheet(
        firm_id=firm_id,
        street_code=street,
        month=month,
        version=(db.session.scalar(last) or 0) + 1,
        reason=reason,
        published_at=clock.now(),
        published_by_name=by.name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(sheet)
    except IntegrityError as error:
        if constraint_of(error) not in ("uq_ledger_sheet_live", "fk_ledger_sheet_firm_id"):
            raise
        raise ConflictError(_("已经向这家律所公布过，请看最新内容。")) from error
    return sheet


def freeze(sheet: LedgerSheet, *, by: Member, revision: int | None = None) -> None:
    """Freeze rows and totals for both sides to confirm. Raises RefusedError naming what is open."""
    _hold(sheet, revision)
    found = queries.differences_of(sheet)
    undone = sum(line.status in UNDONE for line in found)
    if undone:
        raise RefusedError(
            _("还有 %(count)s 条差异没有处理完（包括律所有异议的），不能定稿。", count=undone)
        )
    sheet.rows = [frozen.row_of(line) for line in found]
    sheet.totals = _totals(sheet)
    sheet.digest = frozen.digest(
        sheet.street_code,
        sheet.month,
        str(sheet.firm_id),
        sheet.version,
        rows=sheet.rows,
        totals=sheet.totals,
    )
    sheet.frozen_at, sheet.frozen_by_id, sheet.frozen_by_name = clock.now(), by.person_id, by.name
    with db.session.no_autoflush:
        _advance(sheet, "freeze_sheet", by, digest=sheet.digest)


def _totals(sheet: LedgerSheet) -> dict[str, Any]:
    """Return the sums of all lines, those that agree too, and the statement that they are of."""
    counted = queries.tallies_of(sheet)
    query = select(Statement).where(
        Statement.firm_id == sheet.firm_id,
        Statement.street_code == sheet.street_code,
        Statement.month == sheet.month,
        Statement.status != StatementStatus.VOID,
        Statement.submitted_at.is_not(None),
    )
    statement = db.session.scalar(query)
    return {
        "outcomes": dict(counted.outcomes),
        "ledger_fen": counted.ledger_fen,
        "claimed_fen": counted.claimed_fen,
        "gap_fen": counted.ledger_fen - counted.claimed_fen,
        "by_party": frozen.by_party(sheet.rows),
        "statement": statement.number if statement else "",
        "statement_version": statement.version if statement else 0,
        "statement_fen": statement.total_fen if statement else 0,
        "firm": db.session.scalar(select(Firm.name).where(Firm.id == sheet.firm_id)) or "",
    }


def confirm_office(sheet: LedgerSheet, *, by: Member, revision: int | None = None) -> None:
    """Confirm a frozen sheet for the office: never whoever froze it. Raises ConflictError."""
    _hold(sheet, revision)
    if sheet.frozen_by_id is not None and sheet.frozen_by_id == by.person_id:
        raise RefusedError(_("定稿的人不能再代表司法所确认，请由另一人确认。"))
    _judge_confirmation(sheet, sheet.office_confirmed_by_name)
    sheet.office_confirmed_at, sheet.office_confirmed_by_name = clock.now(), by.name
    _confirmed(sheet, by)


def confirm_firm(sheet: LedgerSheet, *, by: Member, revision: int | None = None) -> None:
    """Confirm a frozen sheet for the firm. Raises ConflictError."""
    _hold(sheet, revision)
    _judge_confirmation(sheet, sheet.firm_confirmed_by_name)
    sheet.firm_confirmed_at, sheet.firm_confirmed_by_name = clock.now(), by.name
    _confirmed(sheet, by)


def _judge_confirmation(sheet: LedgerSheet, confirmed_by: str | None) -> None:
    if confirmed_by is not None:
        raise ConflictError(_("%(name)s 已经确认过这一版。", name=confirmed_by), row=sheet)
    if sheet.status != SheetStatus.FROZEN:
        raise ConflictError(_("差异表还没有定稿，或者已换新版，请看最新内容。"), row=sheet)


def _confirmed(sheet: LedgerSheet, by: Member) -> None:
    """Record a confirmation; the second one signs the sheet and enters what it settles."""
    history.record(
        sheet, "confirm_sheet", by=by, street_code=sheet.street_code, digest=sheet.digest
    )
    if sheet.firm_confirmed_at and sheet.office_confirmed_at:
        _advance(sheet, "sign_sheet", by, digest=sheet.digest)
        adjusting.settle(sheet, by=by)
    db.session.flush()


def replace(
    sheet: LedgerSheet, reason: str, *, by: Member, revision: int | None = None
) -> LedgerSheet:
    """Open a new version with its reason; the one before stays as it was. Raises ConflictError."""
    if not reason:
        raise RefusedError(_("请写明为什么另开新版，律所会看到。"), at="reason")
    _hold(sheet, revision)
    _advance(sheet, "replace_sheet", by, words=reason)
    db.session.flush()
    return _new_version(sheet.street_code, sheet.month, sheet.firm_id, reason, by)


def _hold(sheet: LedgerSheet, revision: int | None) -> None:
    writing.lock(sheet.street_code, sheet.month)
    db.session.refresh(sheet)
    history.expect(sheet, revision)


def _advance(sheet: LedgerSheet, act: str, by: Member, **detail: object) -> None:
    history.advance(sheet, SHEET_FLOW, act, by=by, street_code=sheet.street_code,
                    version=sheet.version, **detail)  # fmt: skip
