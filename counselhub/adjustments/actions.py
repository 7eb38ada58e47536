"""Enter what is to be settled of an earlier month, and take it back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.adjustments.models import Adjustment
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import FrozenError, IllegalMoveError, RefusedError
from counselhub.core.members import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is to be settled. month: any day of the corrected one; line_id: where it comes from."""

    firm_id: UUID
    contract_id: UUID
    community_code: str
    month: date
    amount_fen: int
    cause: AdjustmentCause
    words: str
    line_id: UUID | None = None
    late_entry_id: UUID | None = None
    correction_id: UUID | None = None


def enter(given: Difference, *, by: Member) -> Adjustment:
    """Let the firm's next open statement for the street settle a difference (M10).

    The firm or the street's office enters it. Raises RefusedError for nothing, and without words.
    """
    if not given.amount_fen:
        raise RefusedError(_("差额为零，不需要调整。"))
    if not given.words.strip():
        raise RefusedError(_("请写明调整的原因，律所和司法所都会看到。"))
    row = Adjustment(
        firm_id=given.firm_id,
        contract_id=given.contract_id,
        community_code=given.community_code,
        street_code=given.community_code[:9],
        month=given.month.replace(day=1),
        amount_fen=given.amount_fen,
        cause=given.cause,
        words=given.words.strip(),
        line_id=given.line_id,
        late_entry_id=given.late_entry_id,
        correction_id=given.correction_id,
        entered_at=clock.now(),
        entered_by_name=by.name,
    )
    db.session.add(row)
    db.session.flush()
    history.record(
        row,
        "enter",
        by=by,
        street_code=row.street_code,
        amount_fen=row.amount_fen,
        month=row.month.isoformat(),
        cause=row.cause,
        words=row.words,
    )
    return row


def withdraw(row: Adjustment, *, by: Member, words: str = "") -> None:
    """Take it back while no statement at the office counts it; a draft is to be computed again.

    Raises FrozenError once such a statement does, IllegalMoveError the second time.
    """
    db.session.refresh(row, with_for_update={"of": Adjustment})
    if row.handed_in_at is not None:
        raise FrozenError(_("这笔调整已列入提交的结算单，不能撤回。"), row=row)
    if row.withdrawn_at is not None:
        raise IllegalMoveError(_("这笔调整已经撤回。"), row=row)
    row.statement_id, row.withdrawn_at = None, clock.now()
    history.record(
        row, "withdraw", by=by, street_code=row.street_code, amount_fen=row.amount_fen, words=words
    )
    db.session.flush()
