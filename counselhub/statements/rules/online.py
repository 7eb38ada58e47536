"""Days on which someone of the firm stood by online around the clock (M7)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date

from counselhub.core.intervals import Interval, union
from counselhub.statements.facts import ContractFact, MonthFacts, ShiftFact
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.months import Month
from counselhub.statements.rules.periods import is_active, settlement_of

MINUTES_A_DAY = 24 * 60


def online_lines(facts: MonthFacts) -> Iterator[Line]:
    """Give a line to each contract and community of the street, if a shift touches the month.

    M7: covered days while the contract is in force, x 线上值守; none where the scheme pays nothing.
    线上值守 is a rate a community, as 年度标准 is: a day that the street's shifts cover serves
    every community of the contract, and each line has the whole amount.
    """
    stretches = stretches_in(facts.shifts, facts.month)
    if not stretches:
        return
    covered = covered_days(stretches)
    for contract in facts.contracts:
        yield from _lines_of(contract, facts, covered)


def _lines_of(contract: ContractFact, facts: MonthFacts, covered: list[date]) -> Iterator[Line]:
    """Give the contract's lines for the month's covered days, which stand in order."""
    settlement = settlement_of(contract, facts.month)
    if settlement is None or not is_active(contract, facts.month):
        return
    terms = settlement.terms
    if not terms.online_fen:
        return
    days = covered[
        bisect_left(covered, contract.starts_on) : bisect_right(covered, contract.last_day)
    ]
    shown = {"days": days, "rate_fen": terms.online_fen}
    trace = (TraceStep("M7", "covered_days", shown),)
    amount_fen, quantity = len(days) * terms.online_fen, str(len(days))
    for community in facts.communities_of(contract):
        yield Line(
            contract.number,
            community,
            LineKind.ONLINE,
            facts.month,
            quantity,
            amount_fen,
            trace,
            terms,
        )


def stretches_in(shifts: Iterable[ShiftFact], month: Month) -> list[Interval]:
    """Return the union of the shifts within the month, in minutes of the calendar.

    M7: shifts that touch join; one over midnight serves both days; none if nothing is in the month.
    """
    opens = month.first.toordinal() * MINUTES_A_DAY
    closes = opens + month.days * MINUTES_A_DAY
    return union(
        (
            max(opens, starts_on.toordinal() * MINUTES_A_DAY + start_minute),
            min(closes, ends_on.toordinal() * MINUTES_A_DAY + end_minute),
        )
        for starts_on, start_minute, ends_on, end_minute, _ in shifts
    )


def covered_days(stretches: Iterable[Interval]) -> list[date]:
    """Return the days that one stretch covers from midnight to midnight, in order."""
    days: list[date] = []
    for start, end in stretches:
        first, after = -(-start // MINUTES_A_DAY), end // MINUTES_A_DAY
        days.extend(date.fromordinal(ordinal) for ordinal in range(first, after))
    return days
