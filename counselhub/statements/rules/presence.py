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

Proven = tuple[str, str]
"""A community, and the lowest grade of evidence with which a session there counts."""

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
        self._spans: dict[Proven, Spans] = {}
        self._minutes: dict[Proven, dict[date, int]] = {}
        self._months: dict[Proven, dict[tuple[int, int], list[tuple[date, int]]]] = {}

    def days(self, at: Proven, month: Month) -> Sequence[tuple[date, int]]:
        """Return the month's days with a counted session and the minutes of each, any order."""
        if at not in self._months:
            by_month: defaultdict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
            for day, minutes in self.minutes(at).items():
                by_month[day.year, day.month].append((day, minutes))
            self._months[at] = by_month
        return self._months[at].get(month, ())

    def minutes(self, at: Proven) -> Mapping[date, int]:
        """Return the minutes of each of the community's days with a counted session."""
        if at not in self._minutes:
            self._minutes[at] = {day: length(each) for day, each in self.spans(at).items()}
        return self._minutes[at]

    def spans(self, at: Proven) -> "Spans":
        """Return the counted stretches of each of the community's days."""
        if at not in self._spans:
            community, lowest = at
            sessions = self._sessions.get(community, ())
            self._spans[at] = spans_by_day(sessions, self.stints(community), lowest)
        return self._spans[at]

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


def spans_by_day(sessions: Iterable[SessionFact], stints: Stints, lowest_grade: str = "D") -> Spans:
    """Return the stretches of each day's counted sessions, all of one community.

    M3: signed in and out, not voided, proven at least with the lowest grade that the scheme counts,
    by someone assigned there that day or standing in for one who is. A sign-out before its sign-in
    counts for nothing, like none at all.
    """
    spans: Spans = {}
    for day, sign_in, sign_out, adviser, substitute_for, is_voided, _, _, grade in sessions:
        if is_voided or sign_out is None or sign_out < sign_in or grade > lowest_grade:
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


def minutes_by_day(
    sessions: Iterable[SessionFact], stints: Stints, lowest_grade: str
) -> dict[date, int]:
    """Return the minutes of each day's union of counted sessions, all of one community (M3)."""
    spans = spans_by_day(sessions, stints, lowest_grade)
    return {day: length(each) for day, each in spans.items()}


def is_assigned(stints: Sequence[tuple[date, date]], day: date) -> bool:
    """Tell whether one of an adviser's stints in the community has the day, in either role."""
    if len(stints) == 1:
        first, last = stints[0]
        return first <= day <= last
    return any(first <= day <= last for first, last in stints)
