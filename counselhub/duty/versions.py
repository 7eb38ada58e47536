"""What was changed by hand in a session: both versions, side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.history import Event
from counselhub.core.i18n import page_text
from counselhub.duty import queries
from counselhub.duty.kinds import CorrectionReason
from counselhub.duty.listing import COLUMN_WORDS
from counselhub.places.models import short_name


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that was changed, as a reader knows it."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Versions:
    """One correction: who made it, when, why, and what it changed."""

    at: datetime
    who: str
    why: str
    rows: list[Changed]


def shown(events: Iterable[Event]) -> list[Versions]:
    """Return the corrections among a session's acts, newest first; two statements for names."""
    found = [event for event in events if event.act == "correct" and event.changes]
    names = _names() if found else {}
    return [_one(event, names) for event in reversed(found)]


def _names() -> Mapping[str, str]:
    people = {str(one.id): one.name for one in queries.advisers()}
    return people | {one.code: short_name(one.name) for one in queries.served_communities()}


def _one(event: Event, names: Mapping[str, str]) -> Versions:
    reason = event.detail.get("reason")
    why = CorrectionReason(reason).label if reason in list(CorrectionReason) else ""
    rows = [
        Changed(
            page_text(COLUMN_WORDS[name]), _told(name, before, names), _told(name, after, names)
        )
        for name, (before, after) in event.changes.items()
        if name in COLUMN_WORDS
    ]
    return Versions(event.at, event.who, why, rows)


def _told(name: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if name.endswith("_at"):
        return f"{clock.local(datetime.fromisoformat(value)):%m-%d %H:%M}"
    return names.get(str(value), str(value))
