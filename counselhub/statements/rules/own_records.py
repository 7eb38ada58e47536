"""What each record brought in, and to whom: the parts of lines that pay for records (SPLIT-3)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from counselhub.core.money import divide_half_up
from counselhub.statements.facts import MonthFacts, SessionFact, ShiftFact
from counselhub.statements.lines import LineKind
from counselhub.statements.months import Month
from counselhub.statements.rules.activities import paid_activities
from counselhub.statements.rules.attendance import PaidDay, paid_by_line
from counselhub.statements.rules.cases import paid_claims
from counselhub.statements.rules.lectures import paid_lectures
from counselhub.statements.rules.online import MINUTES_A_DAY, covered_days, stretches_in
from counselhub.statements.rules.periods import active_days, settlement_of
from counselhub.statements.rules.presence import OnSite, minutes_by_day

Place = tuple[str, str, LineKind, Month]
"""A line: contract, community, kind, month."""


class Portion(NamedTuple):
    """An amount that is shared out by weight; nothing where it is not known who did it."""

    amount_fen: int
    weights: Mapping[str, int] | Mapping[str, Fraction]


def portions_of(facts: MonthFacts, on_site: OnSite) -> Iterator[tuple[Place, Portion]]:
    """Give what the month's records brought in, each with the line that it stands on."""
    yield from _lectures(facts)
    yield from _claims(facts)
    yield from _online(facts)
    if facts.has_packs:
        yield from _activities(facts)
        yield from _attendance(facts, on_site)


def _whose(adviser: str) -> Mapping[str, int]:
    return {adviser: 1} if adviser else {}


def _lectures(facts: MonthFacts) -> Iterator[tuple[Place, Portion]]:
    for paid in paid_lectures(facts):
        lecture, number = paid.lecture, paid.contract.number
        if Month.of(lecture.day) == facts.month:
            place = number, lecture.community, LineKind.LECTURE, facts.month
            amount_fen = paid.times * (paid.terms.lecture_fen or 0)
            yield place, Portion(amount_fen, _whose(lecture.adviser))


def _claims(facts: MonthFacts) -> Iterator[tuple[Place, Portion]]:
    for paid in paid_claims(facts):
        claim, number = paid.claim, paid.contract.number
        if Month.of(claim.closed_on) == facts.month:
            place = number, claim.community, LineKind.CASE, facts.month
            yield place, Portion(paid.paid_fen, _whose(claim.adviser))


def _activities(facts: MonthFacts) -> Iterator[tuple[Place, Portion]]:
    for paid in paid_activities(facts):
        activity, number = paid.activity, paid.contract.number
        place = number, activity.community, LineKind.ACTIVITY, facts.month
        fee = paid.terms.pack.activities[activity.kind]
        yield place, Portion(paid.times * fee.fee_fen, _whose(activity.adviser))


def _online(facts: MonthFacts) -> Iterator[tuple[Place, Portion]]:
    """Share covered days by the minutes that each one stood by on them."""
    covered = covered_days(stretches_in(facts.shifts, facts.month))
    stood_by = _stood_by(facts, covered)
    for contract in facts.contracts:
        settlement = settlement_of(contract, facts.month)
        if settlement is None or not settlement.terms.online_fen:
            continue
        days = [day for day in covered if active_days(contract, day, day)]
        weights: Counter[str] = Counter()
        for day in days:
            weights.update(stood_by[day])
        portion = Portion(len(days) * settlement.terms.online_fen, weights)
        for community in facts.communities_of(contract):
            yield (contract.number, community, LineKind.ONLINE, facts.month), portion


def _stood_by(facts: MonthFacts, days: list[date]) -> dict[date, Counter[str]]:
    """Return the minutes of each adviser's shifts on each of the days."""
    by_adviser: dict[str, list[ShiftFact]] = {}
    for shift in sorted(facts.shifts):
        by_adviser.setdefault(shift.adviser, []).append(shift)
    found: dict[date, Counter[str]] = {day: Counter() for day in days}
    for adviser, own in by_adviser.items():
        for start, end in stretches_in(own, facts.month):
            for ordinal in range(start // MINUTES_A_DAY, -(-end // MINUTES_A_DAY)):
                opens = ordinal * MINUTES_A_DAY
                minutes = min(end, opens + MINUTES_A_DAY) - max(start, opens)
                if (day := date.fromordinal(ordinal)) in found:
                    found[day][adviser] += minutes
    return found


def _attendance(facts: MonthFacts, on_site: OnSite) -> Iterator[tuple[Place, Portion]]:
    """Share paid visits and paid minutes of each day by the own minutes of those on site."""
    for number, community, days in paid_by_line(facts, on_site):
        place = number, community, LineKind.ATTENDANCE, facts.month
        present = _present(facts, on_site, community, days[0].terms.lowest_grade)
        for portion in _of_days(days, present):
            yield place, portion


def _of_days(days: list[PaidDay], present: Mapping[str, Mapping[date, int]]) -> Iterator[Portion]:
    """Give what the visits brought, then what the minutes did (M15)."""
    pack = days[0].terms.pack
    visits: dict[str, Fraction] = {}
    minutes: dict[str, Fraction] = {}
    for paid in days:
        own = {who: each[paid.day] for who, each in present.items() if paid.day in each}
        whole = sum(own.values())
        for who, done in own.items():
            share = Fraction(done, whole) if whole else Fraction(1, len(own))
            visits[who] = visits.get(who, Fraction()) + share * paid.visits
            minutes[who] = minutes.get(who, Fraction()) + share * paid.paid_minutes
    yield Portion(sum(paid.visits for paid in days) * (pack.visit_fen or 0), visits)
    timed = sum(paid.paid_minutes for paid in days)
    yield Portion(divide_half_up(timed * (pack.hour_fen or 0), 60), minutes)


def _present(
    facts: MonthFacts, on_site: OnSite, community: str, lowest_grade: str
) -> dict[str, dict[date, int]]:
    """Return each adviser's own counted minutes by day; whoever came first stands first."""
    by_adviser: dict[str, list[SessionFact]] = {}
    for session in sorted(facts.sessions.get(community, ()), key=lambda one: one[:2] + one[3:4]):
        by_adviser.setdefault(session.adviser, []).append(session)
    stints = on_site.stints(community)
    return {
        adviser: minutes_by_day(own, stints, lowest_grade) for adviser, own in by_adviser.items()
    }
