"""What the pages of premises share: words, tones, where an issue stands today."""

from datetime import date
from typing import Any

from flask import request

from counselhub.core import clock
from counselhub.core.i18n import page_text
from counselhub.premises import queries
from counselhub.premises.kinds import (
    ISSUE_ACTS,
    REPORT_TONES,
    TONES,
    Condition,
    FileKind,
    IssueKind,
    IssueStatus,
    ReportStatus,
    RoomKind,
)
from counselhub.premises.lists import KINDS, STATUSES, Asked
from counselhub.premises.models import PremisesIssue
from counselhub.premises.rules import is_stale


def words() -> dict[str, Any]:
    """Return the codes that templates write with their words, and where things stand today."""
    today = clock.today()
    return {
        "Kind": IssueKind,
        "Condition": Condition,
        "RoomKind": RoomKind,
        "FileKind": FileKind,
        "Report": ReportStatus,
        "tones": TONES,
        "report_tones": REPORT_TONES,
        "standing": lambda issue: queries.standing_of(issue, today),
        "stale": lambda day: is_stale(day, today),
        "lacking": queries.lacking,
        "today": today,
    }


def asked() -> Asked:
    """Read what the address asks of the list of issues; nonsense is nothing asked."""
    status, kind = request.args.get("status", "open"), request.args.get("kind", "")
    street = request.args.get("street", "")
    return Asked(
        "" if status == "all" else status if status in STATUSES else "open",
        kind if kind in KINDS else "",
        street if len(street) == 9 and street.isascii() and street.isdecimal() else "",
        request.args.get("q", "").strip(),
        _day(request.args.get("first", "")),
        _day(request.args.get("last", "")),
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def scope_words(wanted: Asked, street: str) -> str:
    """Return in Chinese what a file holds; the forms of offices are Chinese in any language."""
    parts = [street]
    names = {"open": "未销号", "letter": "逾期未交说明", "": "全部状态"}
    parts.append(names.get(wanted.status) or IssueStatus.of(wanted.status).word)
    if wanted.kind:
        parts.append(IssueKind.of(wanted.kind).word)
    if wanted.first or wanted.last:
        parts.append(f"登记日期 {wanted.first or '…'} 至 {wanted.last or '…'}")
    if wanted.words:
        parts.append(f"含“{wanted.words}”")
    return "，".join(parts)


def happenings(issue: PremisesIssue) -> list[dict[str, Any]]:
    """Return what was done about an issue, newest first, as the timeline shows it."""
    return [
        {
            "at": step.at,
            "who": step.by_name,
            "what": page_text(ISSUE_ACTS[step.act]) if step.act in ISSUE_ACTS else step.act,
            "note": step.words,
        }
        for step in queries.steps_of(issue)
    ]
