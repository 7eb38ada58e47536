"""Who was on site, and for how long (M3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from counselhub.core.intervals import Interval, length
from counselhub.statements.facts import AssignmentFact, MonthFacts, SessionFact
from counselhub.statements.months import Month

Stints = Mapping[str, Sequence[tuple[date, date]]]
"""An adviser's assignments to one community, first and last day."""

Spans = dict[date, list[Interval]]
"""The counted stretches of each day, in any order."""


class Presence(NamedTuple):
    """A community's month on site: minutes and visits that count, with (day, minutes) of each."""

    minutes: int
    visits: int
    days: tuple[tuple[date, int], ...]


def presence(days: Iterable[tuple[date, int]], shortest_visit_minutes: int) -> Presence:
    """Count the days of a month that are visits.

    M3: a day whose union is below the shortest visit gives neither visit nor minutes. Presence is
    the community's: it isn't cut to the days on which a contract is in force.
    """
    visits = tuple(sorted(pair for pair in days if pair[1] >= shortest_visit_minutes))
    return Presence(sum(minutes for _, minutes in visits), len(visits), visits)


class OnSite:
    """The minutes on site of each community and day, worked out when first asked for."""

    def __init__(self, facts: MonthFacts) -> None:
        self._sessions = facts.sessions
        self._stints = stints_by_community(facts.assignments)
        self._spans: dict[str, Spans] = {}
        self._minutes: dict[str, dict[date, int]] = {}
        self._months: dict[str, dict[tuple[int, int], list[tuple[date, int]]]] = {}

    def days(self, community: str, month: Month) -> Sequence[tuple[date, int]]:
        """Return the month's days with a counted session and the minutes of each, any order."""
        if community not in self._months:
            by_month: defaultdict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
            for day, minutes in self.minutes(community).items():
                by_month[day.year, day.month].append((day, minutes))
            self._months[community] = by_month
        return self._months[community].get(month, ())

    def minutes(self, community: str) -> Mapping[date, int]:
        """Return the minutes of each of the community's days with a counted session."""
        if community not in self._minutes:
            spans = self.spans(community)
            self._minutes[community] = {day: length(each) for day, each in spans.items()}
        return self._minutes[community]

    def spans(self, community: str) -> "Spans":
        """Return the counted stretches of each of the community's days."""
        if community not in self._spans:
            sessions = self._sessions.get(community, ())
            self._spans[community] = spans_by_day(sessions, self.stints(community))
        return self._spans[community]

    def stints(self, community: str) -> Stints:
        """Return who is assigned to the community, and when."""
        return self._stints.get(community, {})


def stints_by_community(assignments: Iterable[AssignmentFact]) -> dict[str, Stints]:
    """Arrange the assignments by community and adviser; an open end is the end of time."""
    arranged: dict[str, dict[str, list[tuple[date, date]]]] = {}
    for adviser, community, starts_on, ends_on, _ in assignments:
        stints = arranged.setdefault(community, {}).setdefault(adviser, [])
        stints.append((starts_on, ends_on or date.max))
    return dict(arranged)


def spans_by_day(sessions: Iterable[SessionFact], stints: Stints) -> Spans:
    """Return the stretches of each day's counted sessions, all of one community.

    M3: signed in and out, not voided, by someone assigned there that day or standing in for one
    who is. A sign-out before its sign-in counts for nothing, like none at all.
    """
    spans: Spans = {}
    for day, sign_in, sign_out, adviser, substitute_for, is_voided, _, _ in sessions:
        if is_voided or sign_out is None or sign_out < sign_in:
            continue
        if not is_assigned(stints.get(adviser, ()), day) and (
            substitute_for is None or not is_assigned(stints.get(substitute_for, ()), day)
        ):
            continue
        if day in spans:
            spans[day].append((sign_in, sign_out))
        else:
            spans[day] = [(sign_in, sign_out)]
    return spans


def minutes_by_day(sessions: Iterable[SessionFact], stints: Stints) -> dict[date, int]:
    """Return the minutes of each day's union of counted sessions, all of one community (M3)."""
    return {day: length(spans) for day, spans in spans_by_day(sessions, stints).items()}


def is_assigned(stints: Sequence[tuple[date, date]], day: date) -> bool:
    """Tell whether one of an adviser's stints in the community has the day, in either role."""
    if len(stints) == 1:
        first, last = stints[0]
        return first <= day <= last
    return any(first <= day <= last for first, last in stints)
