"""The month as it stands, for the page that a manager opens all month long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext
from sqlalchemy import and_, func, or_, select

from counselhub.advisers.models import Adviser
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.places.models import Community, Street
from counselhub.statements.gather import gather
from counselhub.statements.months import Month
from counselhub.statements.rules.outlook import Outlook, outlooks


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One community under one contract: how it stands, its names, and who leads it."""

    outlook: Outlook
    community: Community
    street_name: str
    leads: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all rows of the month, whatever is filtered. Amounts in fen, times in minutes."""

    communities: int
    met: int
    minutes: int
    required_minutes: int
    earned_fen: int
    at_stake_fen: int
    earnable_fen: int


@dataclass(frozen=True, slots=True)
class MonthView:
    """The rows asked for, and the sums over all."""

    rows: Sequence[MonthRow]
    totals: Totals


_ORDERS: dict[str, Callable[[MonthRow], Any]] = {
    "gap": lambda row: (
        -row.outlook.at_stake_fen,
        -row.outlook.missing_minutes,
        -row.outlook.missing_visits,
        row.community.pinyin,
    ),
    "community": lambda row: (row.street_name, row.community.pinyin, row.outlook.contract),
    "earned": lambda row: (-row.outlook.earned_fen, row.community.pinyin),
    "earnable": lambda row: (-row.outlook.earnable_fen, row.community.pinyin),
}


def month_view(
    month: date, *, show: str = "all", words: str = "", sort: str = "gap", backwards: bool = False
) -> MonthView:
    """Work the month out from the records of now. month: its first day.

    show: `gaps` (something required is missing), `met` or all. words: a part of name, pinyin or
    code. sort: `gap` (most money first), `community`, `earned` or `earnable`.
    """
    today = clock.today()
    found = [
        outlook
        for each in gather(Month.of(month), live=True)
        for outlook in outlooks(each.facts, today)
    ]
    places = _places(month, {outlook.community for outlook in found})
    rows = [MonthRow(outlook, *places[outlook.community]) for outlook in found]
    asked = [row for row in rows if _shown(row, show) and words.lower() in row.community.search]
    asked.sort(key=_ORDERS.get(sort, _ORDERS["gap"]), reverse=backwards)
    return MonthView(asked, _totals(found))


def _shown(row: MonthRow, show: str) -> bool:
    if show == "gaps":
        return not row.outlook.is_met
    return row.outlook.is_met if show == "met" else True


def _totals(found: Sequence[Outlook]) -> Totals:
    return Totals(
        communities=len(found),
        met=sum(outlook.is_met for outlook in found),
        minutes=sum(outlook.present.minutes for outlook in found),
        required_minutes=sum(outlook.owed.minutes for outlook in found),
        earned_fen=sum(outlook.earned_fen for outlook in found),
        at_stake_fen=sum(outlook.at_stake_fen for outlook in found),
        earnable_fen=sum(outlook.earnable_fen for outlook in found),
    )


def _places(month: date, codes: set[str]) -> dict[str, tuple[Community, str, str]]:
    """Return each community with its street's name and who led it in the month."""
    if not codes:
        return {}
    leads = and_(
        Assignment.community_code == Community.code,
        Assignment.role == AssignmentRole.LEAD,
        Assignment.starts_on <= clock.last_day(month),
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= month),
    )
    names = func.string_agg(Adviser.name, gettext("、"))
    query = (
        select(Community, Street.name, func.coalesce(names, ""))
        .join(Community.street)
        .outerjoin(Assignment, leads)
        .outerjoin(Adviser, Adviser.id == Assignment.adviser_id)
        .where(Community.code.in_(codes))
        .group_by(Community.code, Street.name)
    )
    return {
        community.code: (community, street_name, leading)
        for community, street_name, leading in db.session.execute(query)
    }
