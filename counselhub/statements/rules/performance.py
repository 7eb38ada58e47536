"""What the office's marks of a month are worth (M17)."""

from collections.abc import Iterator, Sequence

from counselhub.statements.facts import ContractFact, MonthFacts, PointFact
from counselhub.statements.lines import Line, LineKind, TraceStep
from counselhub.statements.months import Month
from counselhub.statements.pack_terms import PackTerms
from counselhub.statements.rules.periods import is_active, settlement_of
from counselhub.statements.terms import SchemeTerms


def performance_lines(facts: MonthFacts) -> Iterator[Line]:
    """Give a line to each community with a mark in the month, 0 too (M17)."""
    by_community: dict[str, list[PointFact]] = {}
    for mark in sorted(facts.points):
        if mark.community.startswith(facts.street):
            by_community.setdefault(mark.community, []).append(mark)
    contracts = facts.contracts_by_community() if by_community else {}
    for community, marks in by_community.items():
        payer = paying_contract(contracts.get(community, ()), facts.month)
        if payer is not None:
            yield _line(community, marks, facts.month, *payer)


def paying_contract(
    contracts: Sequence[ContractFact], month: Month
) -> tuple[ContractFact, SchemeTerms] | None:
    """Return the first contract, by number, with an active day in the month that pays points."""
    for contract in contracts:
        settlement = settlement_of(contract, month)
        if settlement and settlement.terms.pack.point_fen and is_active(contract, month):
            return contract, settlement.terms
    return None


def counted(total: int, pack: PackTerms) -> int:
    """M17: the month's points between floor and cap; a blank floor is 0, a blank cap none."""
    below_cap = total if pack.point_cap is None else min(total, pack.point_cap)
    return max(below_cap, pack.point_floor or 0)


def _line(
    community: str,
    marks: Sequence[PointFact],
    month: Month,
    contract: ContractFact,
    terms: SchemeTerms,
) -> Line:
    """M17: counted points x yuan a point."""
    pack, total = terms.pack, sum(mark.points for mark in marks)
    points = counted(total, pack)
    amount_fen = points * (pack.point_fen or 0)
    inputs = {
        "marks": [{"reason": mark.reason, "points": mark.points} for mark in marks],
        "total": total,
        "cap": pack.point_cap,
        "floor": pack.point_floor or 0,
        "counted": points,
        "point_fen": pack.point_fen,
        "amount_fen": amount_fen,
    }
    trace = (TraceStep("M17", "points", inputs),)
    kind = LineKind.PERFORMANCE
    return Line(contract.number, community, kind, month, str(points), amount_fen, trace, terms)
