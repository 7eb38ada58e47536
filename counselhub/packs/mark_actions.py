"""Give and take points of a firm's month in a community (M17)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from counselhub.closing.actions import guarded
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.packs import queries
from counselhub.packs.mark_models import PerformanceMark


@dataclass(frozen=True, slots=True)
class Mark:
    """What the office enters. month: its first day. points: of either sign, not 0."""

    firm_id: UUID
    community_code: str
    month: date
    points: int
    reason: str


def enter(mark: Mark, *, by: Member) -> PerformanceMark:
    """Enter a mark. Raises RefusedError, FrozenError naming the statement that took it."""
    if mark.points == 0:
        raise RefusedError(_("分值不能是 0。"), at="points")
    if mark.month > clock.this_month():
        raise RefusedError(_("还不能给以后的月份评分。"), at="month")
    pairs = {(firm_id, code) for firm_id, _name, code, _place in queries.served(mark.month)}
    if (mark.firm_id, mark.community_code) not in pairs:
        raise RefusedError(_("这家律所当月没有服务这个社区的合同。"), at="community_code")
    row = PerformanceMark(
        firm_id=mark.firm_id,
        street_code=by.street_code,
        community_code=mark.community_code,
        month=mark.month,
        points=mark.points,
        reason=mark.reason,
        made_at=clock.now(),
        made_by_name=by.name,
    )
    with guarded():
        db.session.add(row)
    history.note("enter_mark", scope=_place(row), by=by, **_told(row))
    return row


def remove(mark: PerformanceMark, *, by: Member) -> None:
    """Take a mark back. Raises FrozenError naming the statement that took the month."""
    told = _told(mark)
    with guarded():
        db.session.delete(mark)
    history.note("remove_mark", scope=Scope(ScopeKind.OFFICE, by.street_code), by=by, **told)


def _place(row: PerformanceMark) -> Scope:
    return Scope(ScopeKind.OFFICE, row.street_code)


def _told(row: PerformanceMark) -> dict[str, Any]:
    return {
        "community": row.community_code,
        "month": f"{row.month:%Y-%m}",
        "points": row.points,
        "reason": row.reason,
        "ids": [str(row.id)],
    }
