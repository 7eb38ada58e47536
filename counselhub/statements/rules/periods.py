"""When a contract is in force, which period and scheme version a month is under (M1).

Where a scheme changes its 结算周期 in the middle of a year, the year is cut from January on: each
period begins where the one before ended, takes the version in force on its first active day, and
runs to the end of that version's calendar period. So no day is settled twice and none is left out.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from counselhub.statements.facts import ContractFact
from counselhub.statements.months import Month
from counselhub.statements.terms import SchemeTerms


class Settlement(NamedTuple):
    """A settlement period of a contract.

    opens: the first month it settles, last: the month in whose statement base, withholding and
    shortfall appear (M1). place: the calendar period's place in its year, 1 to `per_year`: k of M2.
    opens is later than that period's first month only after a change of 结算周期.
    """

    terms: SchemeTerms
    opens: Month
    last: Month
    place: int

    @property
    def per_year(self) -> int:
        """How many calendar periods make a year: n of M2."""
        return 12 // self.terms.cycle.months

    @property
    def days(self) -> int:
        """Days of the whole calendar period, by which a part of it is measured (M2)."""
        last = self.last
        return (last.last - last.plus(1 - self.terms.cycle.months).first).days + 1


def active_days(contract: ContractFact, first: date, last: date) -> int:
    """Return on how many days from first to last, both included, the contract is in force (M2)."""
    start = max(first, contract.starts_on)
    return max(0, (min(last, contract.last_day) - start).days + 1)


def is_active(contract: ContractFact, month: Month) -> bool:
    """Tell whether the contract is in force on a day of the month."""
    return active_days(contract, month.first, month.last) > 0


def is_in_force(contract: ContractFact, day: date) -> bool:
    """Tell whether the contract is in force on the day."""
    return contract.starts_on <= day <= contract.last_day


def version_on(contract: ContractFact, day: date) -> SchemeTerms:
    """Return the scheme version in force on the day; before the first one, the first."""
    return in_force_on(contract.scheme_versions, day)


def in_force_on(versions: Sequence[SchemeTerms], day: date) -> SchemeTerms:
    """Return which of a scheme's versions holds on the day. versions: at least one, any order."""
    if len(versions) == 1:
        return versions[0]
    in_order = sorted(versions, key=lambda terms: terms.effective_on)
    begun = [terms for terms in in_order if terms.effective_on <= day]
    return begun[-1] if begun else in_order[0]


def settlement_of(contract: ContractFact, month: Month) -> Settlement | None:
    """Return the period that settles a month, None when it has no active day up to there.

    Its terms hold for everything of the month, not only for base and shortfall.
    """
    if month not in contract.settlements:
        contract.settlements[month] = _settlement_of(contract, month)
    settlement: Settlement | None = contract.settlements[month]
    return settlement


def payer_on(
    contracts: Iterable[ContractFact], day: date, pays: Callable[[SchemeTerms], object]
) -> tuple[ContractFact, SchemeTerms] | None:
    """Return which contract pays for what was done on the day, and its terms; None: nobody does.

    In force on the day and under terms that pay; of two, the first in the order of `contracts`.
    """
    for contract in contracts:
        if is_in_force(contract, day):
            settlement = settlement_of(contract, Month.of(day))
            if settlement and pays(settlement.terms):
                return contract, settlement.terms
    return None


def _settlement_of(contract: ContractFact, month: Month) -> Settlement | None:
    """Cut the year into periods up to the one that has the month."""
    opens = _first_to_settle(contract, month)
    while opens <= month:
        first_active = max(contract.starts_on, opens.first)
        if first_active > contract.last_day:
            return None
        settlement = _settlement_from(opens, first_active, version_on(contract, first_active))
        if settlement.last >= month:
            return settlement if settlement.opens <= month else None
        opens = settlement.last.plus(1)
    return None


def _first_to_settle(contract: ContractFact, month: Month) -> Month:
    """Return where to start cutting: in January; with one version, at the month's period."""
    if len(contract.scheme_versions) > 1:
        return Month(month.year, 1)
    months = contract.scheme_versions[0].cycle.months
    return Month(month.year, (month.number - 1) // months * months + 1)


def _settlement_from(opens: Month, first_active: date, terms: SchemeTerms) -> Settlement:
    """Return the calendar period of the first active day, less the months settled before."""
    months = terms.cycle.months
    place = (first_active.month - 1) // months + 1
    last = Month(first_active.year, place * months)
    return Settlement(terms, max(opens, last.plus(1 - months)), last, place)
