"""What lectures are paid, each once, under a quarterly cap of the community (M6)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from counselhub.statements.facts import ContractFact, LectureFact, MonthFacts
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.months import Month
from counselhub.statements.rules.periods import is_active, is_in_force, settlement_of
from counselhub.statements.terms import SchemeTerms


class PaidLecture(NamedTuple):
    """A lecture with the contract that pays it; room: what the cap left before it, None uncapped.

    times: what is paid of the lecture's own times.
    """

    lecture: LectureFact
    contract: ContractFact
    terms: SchemeTerms
    room: int | None
    times: int


def lecture_lines(facts: MonthFacts) -> Iterator[Line]:
    """Give a line to each contract and community with a lecture in the month, 0 too (M6)."""
    by_line: dict[tuple[str, str], list[PaidLecture]] = {}
    for paid in paid_lectures(facts):
        community = paid.lecture.community
        if Month.of(paid.lecture.day) == facts.month and community.startswith(facts.street):
            by_line.setdefault((paid.contract.number, community), []).append(paid)
    for (number, community), lectures in by_line.items():
        terms = lectures[0].terms
        rate_fen = terms.lecture_fen or 0
        times = sum(paid.times for paid in lectures)
        trace = lecture_trace(terms, lectures)
        kind = LineKind.LECTURE
        yield Line(number, community, kind, facts.month, str(times), times * rate_fen, trace, terms)


def paid_lectures(facts: MonthFacts) -> list[PaidLecture]:
    """Go through the quarter's lectures up to the month, by day.

    M6: at most 讲座每季封顶 a community and quarter, counted from the quarter's first month by what
    the rules give over all contracts of the firm, whether or not those statements were made.
    """
    quarter = Month(facts.month.year, (facts.month.number - 1) // 3 * 3 + 1)
    first, last = quarter.first, facts.month.last
    lectures = sorted(lecture for lecture in facts.lectures if first <= lecture.day <= last)
    by_community = facts.contracts_by_community() if lectures else {}
    taken: Counter[str] = Counter()
    paid = []
    for lecture in lectures:
        payer = paying_contract(lecture, by_community.get(lecture.community, ()))
        if payer is None:
            continue
        contract, terms = payer
        cap = terms.lecture_cap
        room = None if cap is None else max(0, cap - taken[lecture.community])
        times = lecture.times if room is None else min(lecture.times, room)
        taken[lecture.community] += times
        paid.append(PaidLecture(lecture, contract, terms, room, times))
    return paid


def paying_contract(
    lecture: LectureFact, contracts: Sequence[ContractFact]
) -> tuple[ContractFact, SchemeTerms] | None:
    """Return who pays a lecture and under which terms, None when nobody does.

    contracts: of its community. Only those count that have an active day in its month and pay
    lectures at all: the one in force on its day, of two the first by number; else the first by
    start, then number.
    """
    month = Month.of(lecture.day)
    payers = []
    for contract in contracts:
        settlement = settlement_of(contract, month)
        if settlement and settlement.terms.lecture_fen and is_active(contract, month):
            rank = (contract.starts_on, contract.number)
            if is_in_force(contract, lecture.day):
                rank = (contract.starts_on.min, contract.number)
            payers.append((rank, contract, settlement.terms))
    if not payers:
        return None
    _, contract, terms = min(payers, key=lambda payer: payer[0])
    return contract, terms


def lecture_trace(terms: SchemeTerms, lectures: Sequence[PaidLecture]) -> tuple[TraceStep, ...]:
    """Show each lecture with what the cap left and what is paid of it."""
    shown = [
        {
            "day": paid.lecture.day,
            "times": paid.lecture.times,
            "room": paid.room,
            "paid": paid.times,
        }
        for paid in lectures
    ]
    inputs = {"rate_fen": terms.lecture_fen, "cap_a_quarter": terms.lecture_cap, "lectures": shown}
    return (TraceStep("M6", "lectures", inputs),)
