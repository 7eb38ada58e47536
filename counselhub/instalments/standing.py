"""Where an instalment stands after an invoice or a payment: the one writer of that status."""

from typing import Any

from counselhub.core import history
from counselhub.core.members import Member
from counselhub.instalments.kinds import INSTALMENT_FLOW, InstalmentStatus
from counselhub.instalments.models import Instalment
from counselhub.instalments.rules import status_after

S = InstalmentStatus


def stand(instalment: Instalment, *, by: Member, **detail: Any) -> None:
    """Move an instalment to where its sums put it; nothing is recorded when it is there."""
    target = status_after(instalment.amount_fen, instalment.invoiced_fen, instalment.paid_fen)
    if target == instalment.status:
        return
    street = instalment.street_code
    match target:
        case S.DUE:
            _advance(instalment, "reopen", by, street, detail)
        case S.INVOICED:
            _advance(instalment, "invoice", by, street, detail)
        case S.PART_PAID:
            _advance(instalment, "take_part", by, street, detail)
        case S.PAID:
            _advance(instalment, "take_rest", by, street, detail)


def _advance(
    instalment: Instalment, act: str, by: Member, street: str | None, detail: dict[str, Any]
) -> None:
    history.advance(instalment, INSTALMENT_FLOW, act, by=by, street_code=street, **detail)
