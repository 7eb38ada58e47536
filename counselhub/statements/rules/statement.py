"""A firm's statement for one street and month, put together from the rules (M1 to M17)."""

from collections.abc import Iterator
from operator import attrgetter

from counselhub.statements.facts import ContractFact, MonthFacts
from counselhub.statements.lines import Line, Statement
from counselhub.statements.rules.activities import activity_lines
from counselhub.statements.rules.attendance import attendance_lines
from counselhub.statements.rules.base import base_lines, period_base
from counselhub.statements.rules.cases import case_lines
from counselhub.statements.rules.corrections import correction_lines
from counselhub.statements.rules.funding import funding
from counselhub.statements.rules.lectures import lecture_lines
from counselhub.statements.rules.online import online_lines
from counselhub.statements.rules.performance import performance_lines
from counselhub.statements.rules.periods import settlement_of
from counselhub.statements.rules.presence import OnSite
from counselhub.statements.rules.shortfall import shortfall_lines


def compute(facts: MonthFacts) -> Statement:
    """Compute the statement. The same facts, in whatever order, give the same statement.

    M11, M12.
    """
    lines = lines_of(facts, OnSite(facts))
    return Statement(facts.month, tuple(lines), funding(lines, facts.carries))


def lines_of(facts: MonthFacts, on_site: OnSite) -> list[Line]:
    """Return the lines by community code, contract number, month, then kind.

    One of 0 is printed where its rule applied. on_site: of these facts.
    """
    lines = [
        *period_lines(facts, on_site),
        *lecture_lines(facts),
        *online_lines(facts),
        *case_lines(facts),
        *(pack_lines(facts, on_site) if facts.has_packs else ()),
        *correction_lines(facts),
    ]
    lines.sort(key=attrgetter("place"))
    return lines


def pack_lines(facts: MonthFacts, on_site: OnSite) -> Iterator[Line]:
    """Give what only rule packs pay: presence, activities and points of the month (M15 to M17)."""
    yield from attendance_lines(facts, on_site)
    yield from activity_lines(facts)
    yield from performance_lines(facts)


def period_lines(facts: MonthFacts, on_site: OnSite) -> Iterator[Line]:
    """Give base, withholding and shortfall of the periods that end with the month (M1)."""
    for contract in facts.contracts:
        yield from _period_lines_of(contract, facts, on_site)


def _period_lines_of(contract: ContractFact, facts: MonthFacts, on_site: OnSite) -> Iterator[Line]:
    """Give the contract's, a set for each community; none without an active day in the period."""
    settlement = settlement_of(contract, facts.month)
    if settlement is None or settlement.last != facts.month:
        return
    shared = period_base(contract, settlement, "")
    if not shared.active_days:
        return
    varies = settlement.terms.pack.varies
    for community in facts.communities_of(contract):
        base = period_base(contract, settlement, community) if varies else shared
        yield from base_lines(contract, community, settlement, base)
        yield from shortfall_lines(contract, community, settlement, base.fen, on_site)
