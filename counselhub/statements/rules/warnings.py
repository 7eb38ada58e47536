"""What somebody should look at before a line is accepted. Notices change no amount.

A line without one is matching: an office accepts all of those in one gesture.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

from counselhub.core.intervals import Interval
from counselhub.statements.facts import MonthFacts, SessionFact
from counselhub.statements.lines import Line, LineKind, as_json
from counselhub.statements.months import Month, months_between
from counselhub.statements.rules.periods import settlement_of
from counselhub.statements.rules.presence import OnSite, Proven, Stints, is_assigned


class Mark(StrEnum):
    """What is to be looked at; the first four count for nothing (M3)."""

    NO_SIGN_OUT = "no_sign_out"
    UNASSIGNED = "unassigned"
    LOW_GRADE = "low_grade"
    SHORT_DAY = "short_day"
    OVERLAP = "overlap"
    MANUAL = "manual"
    NOT_CONFIRMED = "not_confirmed"
    LECTURE_CAPPED = "lecture_capped"
    CASE_REFUSED = "case_refused"
    CASE_CAPPED = "case_capped"


class Notice(NamedTuple):
    """A mark with what it is about: `days`, or the inputs that a page words."""

    mark: Mark
    inputs: Mapping[str, object]

    def document(self) -> dict[str, Any]:
        """Return the warning as JSON, `{"code": …, "inputs": {…}}`."""
        return dict(as_json(self.parts()))

    def parts(self) -> dict[str, object]:
        """Return what `encode` writes of the warning."""
        return {"code": self.mark.value, "inputs": self.inputs}


_MARKS = tuple(Mark)
_IS_MANUAL = attrgetter("is_manual")
_IS_DENIED = attrgetter("is_denied")

Place = tuple[str, str, LineKind, Month]
Marks = dict[Month, dict[Mark, list[date]]]


def warnings_of(
    facts: MonthFacts, lines: Sequence[Line], on_site: OnSite | None = None
) -> dict[Place, list[Notice]]:
    """Return the warnings of each line that has any, by contract, community, kind and month.

    on_site: of these facts, when it is there already.
    """
    found: defaultdict[Place, list[Notice]] = defaultdict(list)
    for place, notice in _of_presence(facts, lines, on_site or OnSite(facts)):
        found[place].append(notice)
    for line in lines:
        if line.kind is LineKind.LECTURE or line.kind is LineKind.CASE:
            for notice in _of_working(line):
                found[line.contract, line.community, line.kind, line.month].append(notice)
    return dict(found)


def fate_of(session: SessionFact, stints: Stints, lowest_grade: str) -> Mark | None:
    """Return why a session that is not voided counts for nothing whatever its day, None if it may.

    M3: signed in and out, by someone assigned there that day or standing in for one who is, and
    proven at least with the lowest grade that the scheme counts.
    """
    day, sign_in, sign_out, adviser, substitute_for = session[:5]
    if sign_out is None or sign_out < sign_in:
        return Mark.NO_SIGN_OUT
    present = (adviser,) if substitute_for is None else (adviser, substitute_for)
    if not any(is_assigned(stints.get(one, ()), day) for one in present):
        return Mark.UNASSIGNED
    return Mark.LOW_GRADE if session.grade > lowest_grade else None


def marks_of(
    sessions: Sequence[SessionFact], at: Proven, on_site: OnSite, shortest_visit_minutes: int
) -> Marks:
    """Return, by month, the days of one community on which something stands out, in order."""
    community, lowest_grade = at
    spans, stints = on_site.spans(at), on_site.stints(community)
    found: defaultdict[date, set[Mark]] = defaultdict(set)
    plain = len(sessions) == sum(map(len, spans.values()))
    if not plain or any(map(_IS_MANUAL, sessions)) or any(map(_IS_DENIED, sessions)):
        for session in sessions:
            if not session.is_voided:
                found[session.day].update(_of_session(session, stints, lowest_grade))
    for day, minutes in on_site.minutes(at).items():
        if minutes < shortest_visit_minutes:
            found[day].add(Mark.SHORT_DAY)
        if len(spans[day]) > 1 and minutes < _apart(spans[day]):
            found[day].add(Mark.OVERLAP)
    return _by_month(found)


def _of_session(session: SessionFact, stints: Stints, lowest_grade: str) -> Iterator[Mark]:
    """Judge a session alone; how one that counts for nothing was recorded is of no interest."""
    fate = fate_of(session, stints, lowest_grade)
    if fate is not None:
        yield fate
        return
    if session.is_manual:
        yield Mark.MANUAL
    if session.is_denied:
        yield Mark.NOT_CONFIRMED


def _by_month(found: Mapping[date, set[Mark]]) -> Marks:
    marks: Marks = {}
    for day in sorted(found):
        of_month = marks.setdefault(Month.of(day), {})
        for mark in found[day]:
            of_month.setdefault(mark, []).append(day)
    return marks


def _apart(intervals: Sequence[Interval]) -> int:
    """Return the minutes of a day's counted sessions, each for itself."""
    minutes = 0
    for start, end in intervals:
        minutes += end - start
    return minutes


def _of_presence(
    facts: MonthFacts, lines: Sequence[Line], on_site: OnSite
) -> Iterator[tuple[Place, Notice]]:
    """Give those of sessions to the month's shortfall line; under 不扣 to the base line."""
    contracts = {contract.number: contract for contract in facts.contracts}
    known: dict[tuple[Proven, int], Marks] = {}
    with_shortfall = {
        (line.contract, line.community) for line in lines if line.kind is LineKind.SHORTFALL
    }
    for line in lines:
        months: Sequence[Month] = (line.month,)
        if line.kind is LineKind.BASE:
            if (line.contract, line.community) in with_shortfall:
                continue
            settlement = settlement_of(contracts[line.contract], line.month)
            if settlement is not None:
                months = months_between(settlement.opens, settlement.last)
        elif line.kind is not LineKind.SHORTFALL:
            continue
        shortest, lowest = _asked(line)
        key = ((line.community, lowest), shortest)
        if key not in known:
            sessions = facts.sessions.get(line.community, ())
            known[key] = marks_of(sessions, key[0], on_site, shortest)
        for warning in _warnings(known[key], months):
            yield (line.contract, line.community, line.kind, line.month), warning


def _asked(line: Line) -> tuple[int, str]:
    """Return the shortest visit and the lowest grade that the line's scheme counts."""
    if line.terms is None:
        return 1, "D"
    return line.terms.shortest_visit_minutes, line.terms.lowest_grade


def _warnings(marks: Marks, months: Sequence[Month]) -> Iterator[Notice]:
    """Give one warning a mark, with its days of the months, in the order of `Mark`."""
    here = [marks[month] for month in months if month in marks]
    if not here:
        return
    for mark in _MARKS:
        days = [day for of_month in here for day in of_month.get(mark, ())]
        if days:
            yield Notice(mark, {"days": days})


def _of_working(line: Line) -> Iterator[Notice]:
    """Read from a line's working which lectures or claims a cap or a refusal left out."""
    for step in line.trace:
        if step.name == "lectures":
            yield from _of_lectures(step.inputs)
        elif step.name == "claim":
            yield from _of_claim(step.inputs)


def _of_lectures(given: Mapping[str, Any]) -> Iterator[Notice]:
    """Say how many lectures the quarterly cap left out (M6)."""
    times = sum(lecture["times"] - lecture["paid"] for lecture in given["lectures"])
    if times:
        inputs = {"times": times, "cap_a_quarter": given["cap_a_quarter"]}
        yield Notice(Mark.LECTURE_CAPPED, inputs)


def _of_claim(given: Mapping[str, Any]) -> Iterator[Notice]:
    """Say why a claim gets nothing, or less for the yearly cap (M8)."""
    names: tuple[str, ...] = ("case_number", "refusal")
    if given["refusal"]:
        yield Notice(Mark.CASE_REFUSED, {name: given[name] for name in names})
    elif given["paid_fen"] < given["full_fen"]:
        names = ("case_number", "full_fen", "paid_fen")
        yield Notice(Mark.CASE_CAPPED, {name: given[name] for name in names})
