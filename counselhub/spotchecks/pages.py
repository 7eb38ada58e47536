"""What the pages of spot checks share: words, tones, what happened to a check."""

from typing import Any

from flask import request

from counselhub.core import clock
from counselhub.core.i18n import page_text
from counselhub.spotchecks import queries
from counselhub.spotchecks.kinds import (
    ACTS,
    FINDING_TONES,
    TONES,
    Answer,
    CheckStatus,
    Finding,
    Side,
)
from counselhub.spotchecks.models import SpotCheck
from counselhub.spotchecks.queries import Asked


def words() -> dict[str, Any]:
    """Return the codes that templates write with their words."""
    return {
        "Status": CheckStatus,
        "Finding": Finding,
        "Answer": Answer,
        "Side": Side,
        "tones": TONES,
        "finding_tones": FINDING_TONES,
        "today": clock.today(),
    }


def asked(default: str) -> Asked:
    """Read what the address asks of a list; an unknown tab or finding is none."""
    tab, finding = request.args.get("tab", default), request.args.get("finding", "")
    return Asked(
        tab if tab in queries.TABS else "all",
        request.args.get("q", "").strip(),
        finding if finding in set(Finding) else "",
    )


def happenings(check: SpotCheck) -> list[dict[str, Any]]:
    """Return the acts that both sides may read, newest first, as the timeline shows them."""
    return [
        {
            "at": event.at,
            "who": event.who,
            "what": page_text(ACTS[event.act]) if event.act in ACTS else event.act,
            "note": event.detail.get("words"),
        }
        for event in queries.happenings(check)
    ]
