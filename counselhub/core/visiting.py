"""支持访问: the operator under somebody else's membership, with the place's consent, for a while.

The session stays the operator's; the cookie names the visit, and the database says whether it runs.
What a visitor may open stands in `policy.py`; the transactions carry scopes of their own kinds
(`tenancy.name_visit`), for which row security shows only what `support_*` policies name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Flask, current_app, g, session

if TYPE_CHECKING:
    from counselhub.core.members import Member

KEY = "support"
"""Of the cookie: the visit of this browser."""
Find = Callable[[str, UUID, "Member"], "Member | None"]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who really acts under a membership that is not the own one, why, and until when (aware)."""

    id: UUID
    operator_id: UUID
    operator_membership_id: UUID | None
    operator_name: str
    why: str
    until: datetime


def guest(host: "Member", session_id: UUID) -> "Member":
    """Return as whom the operator's browser acts: as `host` without a visit.

    A visit that is over is forgotten, and `is_over` says so for the rest of the request.
    """
    visit_id = session.get(KEY)
    if visit_id is None:
        return host
    find: Find = current_app.extensions["visits"]
    found = find(str(visit_id), session_id, host)
    if found is None:
        session.pop(KEY)
        g.visit_is_over = True
        return host
    return found


def is_over() -> bool:
    """Say whether this request came within a visit that had ended meanwhile."""
    return bool(g.get("visit_is_over"))


def init_app(app: Flask, find: Find) -> None:
    """find: returns as whom a visit of a session acts, None for one that is over or nobody's."""
    app.extensions["visits"] = find
