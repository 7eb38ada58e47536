"""What several pages of receipts show."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.core.access import fetch
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.receipts import kinds, queries
from counselhub.receipts.matching import Suggestion
from counselhub.receipts.models import BankReceipt
from counselhub.statements.models import Statement


def words() -> dict[str, Any]:
    """Return the words and tones that the templates share."""
    return {
        "State": kinds.ReceiptState,
        "How": kinds.How,
        "Confidence": kinds.Confidence,
        "WriteOffStatus": kinds.WriteOffStatus,
        "state_of": queries.state_of,
        "state_tones": kinds.STATE_TONES,
        "confidence_tones": kinds.CONFIDENCE_TONES,
        "write_off_tones": kinds.WRITE_OFF_TONES,
    }


def receipt(receipt_id: UUID) -> BankReceipt:
    """Fetch a receipt with its bank. Raises NotFoundError."""
    return fetch(BankReceipt, receipt_id, None, joinedload(BankReceipt.bank))


def named(found: Iterable[Suggestion]) -> dict[str, Any]:
    """Return the receipts and statements that suggestions are about, by id, with two queries."""
    every = list(found)
    ids = [one.receipt_id for one in every]
    receipts = db.session.scalars(select(BankReceipt).where(among(BankReceipt.id, ids)))
    keys = {key for one in every for key, _fen in one.parts}
    query = select(Statement).where(among(Statement.id, keys))
    statements = db.session.scalars(query.options(joinedload(Statement.street)))
    return {
        "receipts": {one.id: one for one in receipts},
        "statements": {one.id: one for one in statements},
    }
