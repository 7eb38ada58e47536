"""The demonstration's planned duty: terms in the contracts, a roster for each of its months."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from counselhub.contracts.kinds import OPEN
from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.clock import SHANGHAI
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.demo.cast import House
from counselhub.demo.days import Calendar
from counselhub.demo.work import usual_time
from counselhub.roster import making
from counselhub.roster.kinds import OnHoliday, TermKind
from counselhub.roster.term_actions import Wording, add

LIGHT_MONTHS = 2
"""Of a firm that is there for scale only the last months and the next are planned."""


def plan_duty(house: House, served: Iterable[str], calendar: Calendar, *, by: Member) -> None:
    """Write the terms that fit the visits of the demonstration, and make the rosters of them."""
    usual = {code: usual_time(place) for place, code in enumerate(served)}
    _write_terms(usual, weeks=(1, 2) if house.is_light else (1, 2, 3, 4), by=by)
    months = calendar.months[-LIGHT_MONTHS:] if house.is_light else calendar.months
    for month in [*months, clock.next_month(calendar.today)]:
        with clock.frozen(min(_eve(month), clock.now())):  # a month is planned before it begins
            making.make(month, making.preview(month).digest, by=by)


def _write_terms(usual: dict[str, tuple[int, int]], weeks: tuple[int, ...], *, by: Member) -> None:
    """Give each contract a term for every weekday and hour that its communities are used to."""
    query = select(Contract).options(selectinload(Contract.communities))
    for contract in db.session.scalars(query.where(Contract.status.in_(OPEN))):
        groups: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        for place in contract.communities:
            groups[usual[place.community_code]].append(place.community_code)
        for (weekday, hour), codes in sorted(groups.items()):
            wording = Wording(
                kind=TermKind.NTH,
                weekday=weekday,
                weeks=weeks,
                starts=time(hour),
                ends=time(hour + 2),
                on_holiday=OnHoliday.SKIP,  # its visits know no holidays
                communities=tuple(codes),
            )
            add(contract, wording, by=by)


def _eve(month: date) -> datetime:
    """Noon of the day before a month begins."""
    return datetime.combine(clock.last_day(clock.previous_month(month)), time(12), SHANGHAI)
