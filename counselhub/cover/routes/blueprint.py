"""The blueprint of cover, and what pages of other features show of it."""

from typing import Any

from flask import Blueprint

from counselhub.core.access import can, current_member
from counselhub.core.permissions import Permission
from counselhub.cover import absence_queries, queries, wording
from counselhub.cover.models import CoverRequest
from counselhub.roster.models import DutySlot

bp = Blueprint("cover", __name__)
bp.add_app_template_filter(wording.pluses, "pluses")


@bp.app_template_global("absences_due")
def absences_due() -> int:
    """Return how many absences want a reason of the present lawyer."""
    adviser_id = current_member().adviser_id
    return absence_queries.due(adviser_id) if adviser_id else 0


@bp.app_template_global("cover_of")
def cover_of(slot: DutySlot) -> CoverRequest | None:
    """Return the request for cover that lives of a slot."""
    return queries.live_of([slot.id]).get(slot.id)


def desk_tabs(tab: str) -> dict[str, Any]:
    """Return what the tabs of the desk's pages show, with how many of each wait."""
    reminders = absence_queries.reminders() if can(Permission.ABSENCE_JUDGE) else []
    return {
        "tab": tab,
        "counts": queries.waiting() | {"reminders": len(reminders)},
        "reminders": reminders,
    }
