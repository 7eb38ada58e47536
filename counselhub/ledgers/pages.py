"""What the pages of the two ledgers share: words, tones, what was asked, what happened."""

from collections.abc import Callable
from typing import Any

from flask import request

from counselhub.core import paging
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, DomainError, RefusedError
from counselhub.core.forms import Form, blamed, show_refusal
from counselhub.core.i18n import page_text
from counselhub.ledgers import queries, wording
from counselhub.ledgers.kinds import (
    ACTS,
    LINE_TONES,
    OUTCOME_TONES,
    SHEET_TONES,
    Cause,
    LineStatus,
    Measure,
    Outcome,
    Party,
    Routed,
    SheetStatus,
)
from counselhub.ledgers.models import LedgerLine, LedgerSheet
from counselhub.ledgers.queries import Asked

Act = Callable[[], None]


def words() -> dict[str, Any]:
    """Return the codes that templates write with their words."""
    return {
        "Outcome": Outcome,
        "LineStatus": LineStatus,
        "SheetStatus": SheetStatus,
        "Party": Party,
        "Cause": Cause,
        "Measure": Measure,
        "Routed": Routed,
        "outcome_tones": OUTCOME_TONES,
        "line_tones": LINE_TONES,
        "sheet_tones": SHEET_TONES,
        "figure": wording.figure,
        "unit": wording.unit,
        "hint_words": wording.hint_words,
    }


def asked() -> Asked:
    """Read what the address asks of a month's lines; an unknown code is none."""
    outcome, status = request.args.get("outcome", "differences"), request.args.get("status", "")
    return Asked(
        paging.asked_month(),
        outcome if outcome in {*Outcome, "all"} else "differences",
        status if status in set(LineStatus) else "",
        request.args.get("firm", ""),
        request.args.get("q", "").strip(),
    )


def happenings(row: LedgerLine | LedgerSheet) -> list[dict[str, Any]]:
    """Return the acts that both sides may read, newest first, as the timeline shows them."""
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": page_text(ACTS[event.act]) if event.act in ACTS else event.act,
            "note": event.detail.get("words"),
        }
        for event in queries.happenings(row)
    ]


def tried(form: Form, act: Act) -> DomainError | None:
    """Do it; return what refused it after undoing everything, its sentence at the form's field."""
    try:
        act()
    except (ConflictError, RefusedError) as refusal:
        db.session.rollback()
        if not isinstance(refusal, ConflictError):
            field = blamed(form, refusal)
            if field is not None:
                show_refusal(field, refusal)
        return refusal
    return None
