"""Which communities of a street were looked at, and which wait for it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select, true

from counselhub.core import pinyin
from counselhub.core.db import db
from counselhub.places.models import Community
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.spotchecks.models import SpotCheck
from counselhub.spotchecks.queries import was_checked

COVER_SORTS = ("checked", "community", "recent", "planned")


def coverage(street_code: str, today: date, words: str, sort: str) -> Select[Any]:
    """Select (community, last check, checks this week, in 30 days, slots planned this week).

    Every community of the street; the longest unchecked come first unless asked otherwise.
    """
    monday = today - timedelta(days=today.weekday())
    seen = (
        select(
            func.max(SpotCheck.day).label("last_on"),
            func.count().filter(SpotCheck.day.between(monday, today)).label("week"),
            func.count().filter(SpotCheck.day > today - timedelta(days=30)).label("recent"),
        )
        .where(SpotCheck.community_code == Community.code, was_checked())
        .correlate(Community)
        .lateral()
    )
    planned = (
        select(func.count().label("planned"))
        .where(
            DutySlot.community_code == Community.code,
            DutySlot.day.between(monday, monday + timedelta(days=6)),
            DutySlot.status != SlotStatus.EXCUSED,
        )
        .correlate(Community)
        .lateral()
    )
    query = (
        select(Community, *seen.c, *planned.c)
        .select_from(Community)
        .join(seen, true())
        .join(planned, true())
        .where(Community.street_code == street_code, pinyin.finds(Community.search, words))
    )
    keys: dict[str, Any] = {
        "checked": seen.c.last_on,
        "community": Community.pinyin,
        "recent": seen.c.recent,
        "planned": planned.c.planned,
    }
    key = keys.get(sort.removeprefix("-"), seen.c.last_on)
    down = key.desc().nulls_last() if sort.startswith("-") else key.asc().nulls_first()
    return query.order_by(down, Community.pinyin, Community.code)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the checks reach: communities of the street, checked this week, in 30 days."""

    communities: int
    week: int
    month: int


def reach(street_code: str, today: date) -> Reach:
    """Count the communities that were checked, with one statement."""
    monday = today - timedelta(days=today.weekday())
    code = SpotCheck.community_code
    week = case((SpotCheck.day.between(monday, today), code))
    month = case((SpotCheck.day > today - timedelta(days=30), code))
    checked = select(func.count(week.distinct()), func.count(month.distinct())).where(
        SpotCheck.street_code == street_code, was_checked()
    )
    every = select(func.count()).select_from(Community).where(Community.street_code == street_code)
    row = db.session.execute(checked.add_columns(every.scalar_subquery())).one()
    return Reach(row[2], row[0], row[1])
