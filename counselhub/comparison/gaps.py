"""Days on which a community had a contract and nobody led. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from counselhub.statements.facts import AssignmentFact, ContractFact


def gap_days(
    contracts: Iterable[ContractFact], led: Iterable[AssignmentFact], first: date, last: date
) -> Mapping[str, int]:
    """Return by community the days from first to last with a contract in force and no lead.

    led: assignments of leads. A day that two contracts cover counts once.
    """
    bound: dict[str, set[int]] = {}
    for contract in contracts:
        days = _days(contract.starts_on, contract.last_day, first, last)
        for code in contract.communities:
            bound.setdefault(code, set()).update(days)
    for one in led:
        if one.community in bound:
            bound[one.community].difference_update(
                _days(one.starts_on, one.ends_on or last, first, last)
            )
    return {code: len(days) for code, days in bound.items()}


def _days(starts: date, ends: date, first: date, last: date) -> range:
    return range(max(starts, first).toordinal(), min(ends, last).toordinal() + 1)
