"""What presence itself is paid, by visit and by hour, under a month's caps (M15)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from counselhub.core.money import divide_half_up
from counselhub.statements.facts import ContractFact, MonthFacts
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.rules.periods import payer_on
from counselhub.statements.rules.presence import OnSite, presence
from counselhub.statements.rules.shortfall import presence_step
from counselhub.statements.terms import SchemeTerms


class PaidDay(NamedTuple):
    """A day on site with the contract that pays it.

    visits and paid_minutes: what is paid of it under the caps; 0 where it is no visit (M3).
    """

    day: date
    minutes: int
    contract: ContractFact
    terms: SchemeTerms
    visits: int
    paid_minutes: int


def attendance_lines(facts: MonthFacts, on_site: OnSite) -> Iterator[Line]:
    """Give a line to each contract and community with a day on site in the month, 0 too (M15)."""
    for number, community, days in paid_by_line(facts, on_site):
        yield _line(number, community, days, facts)


def paid_by_line(facts: MonthFacts, on_site: OnSite) -> Iterator[tuple[str, str, list[PaidDay]]]:
    """Give contract, community and their days on site, for each that has one in the month."""
    for community, contracts in facts.contracts_by_community().items():
        if not community.startswith(facts.street):
            continue
        by_contract: dict[str, list[PaidDay]] = {}
        for paid in paid_days(community, contracts, facts, on_site):
            by_contract.setdefault(paid.contract.number, []).append(paid)
        for number, days in by_contract.items():
            yield number, community, days


def paid_days(
    community: str, contracts: Sequence[ContractFact], facts: MonthFacts, on_site: OnSite
) -> list[PaidDay]:
    """Go through the community's month by day.

    M15: a day is paid by the contract in force on it whose scheme pays presence; of two, the first
    by number. Caps count what the community was paid, whichever contract paid it.
    """
    days = sorted(_days(community, contracts, facts, on_site), key=lambda found: found[0])
    visits = minutes = 0
    paid = []
    for day, present, contract, terms in days:
        one = _paid(day, present, contract, terms, visits, minutes)
        visits, minutes = visits + one.visits, minutes + one.paid_minutes
        paid.append(one)
    return paid


def _days(
    community: str, contracts: Sequence[ContractFact], facts: MonthFacts, on_site: OnSite
) -> Iterator[tuple[date, int, ContractFact, SchemeTerms]]:
    """Give each day that a contract pays, as its own scheme counts presence."""
    grades = {
        terms.lowest_grade
        for contract in contracts
        for terms in contract.scheme_versions
        if terms.pack.pays_presence
    }
    for grade in grades:
        for day, minutes in on_site.days((community, grade), facts.month):
            payer = payer_on(contracts, day, lambda terms: terms.pack.pays_presence)
            if payer is not None and payer[1].lowest_grade == grade:
                yield day, minutes, *payer


def _paid(
    day: date,
    minutes: int,
    contract: ContractFact,
    terms: SchemeTerms,
    visits: int,
    paid_minutes: int,
) -> PaidDay:
    """Judge one day. visits, paid_minutes: what the month was paid before it."""
    pack = terms.pack
    if minutes < terms.shortest_visit_minutes:
        return PaidDay(day, minutes, contract, terms, 0, 0)
    counts = bool(pack.visit_fen) and (pack.visit_cap is None or visits < pack.visit_cap)
    room = minutes if pack.hour_cap is None else max(0, pack.hour_cap * 60 - paid_minutes)
    timed = min(minutes, room) if pack.hour_fen else 0
    return PaidDay(day, minutes, contract, terms, int(counts), timed)


def _line(number: str, community: str, days: Sequence[PaidDay], facts: MonthFacts) -> Line:
    """M15: paid visits x their rate, and paid minutes at the rate of an hour, rounded once."""
    terms = days[0].terms
    pack = terms.pack
    visits, minutes = sum(one.visits for one in days), sum(one.paid_minutes for one in days)
    visits_fen = visits * (pack.visit_fen or 0)
    hours_fen = divide_half_up(minutes * (pack.hour_fen or 0), 60)
    present = presence([one[:2] for one in days], terms.shortest_visit_minutes)
    inputs = {
        "visit_fen": pack.visit_fen,
        "visit_cap": pack.visit_cap,
        "visits": visits,
        "visits_fen": visits_fen,
        "hour_fen": pack.hour_fen,
        "hour_cap": pack.hour_cap,
        "minutes": minutes,
        "hours_fen": hours_fen,
    }
    trace = (presence_step(present, terms), TraceStep("M15", "attendance", inputs))
    return Line(
        number,
        community,
        LineKind.ATTENDANCE,
        facts.month,
        f"{visits}/{minutes}",
        visits_fen + hours_fen,
        trace,
        terms,
    )
