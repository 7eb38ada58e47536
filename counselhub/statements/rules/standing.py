"""What a community's month is required and has, whatever its money (M3, M4)."""

from typing import NamedTuple

from counselhub.statements.facts import ContractFact
from counselhub.statements.months import Month
from counselhub.statements.rules.periods import Settlement, active_days, settlement_of
from counselhub.statements.rules.presence import OnSite, Presence, presence
from counselhub.statements.rules.shortfall import Required, required


class Standing(NamedTuple):
    """One community under one contract in one month. settlement: the period that settles it."""

    settlement: Settlement
    owed: Required
    present: Presence

    @property
    def missing_minutes(self) -> int:
        """Minutes still to be served."""
        return max(0, self.owed.minutes - self.present.minutes)

    @property
    def missing_visits(self) -> int:
        """Visits still to be made."""
        return max(0, self.owed.visits - self.present.visits)

    @property
    def is_met(self) -> bool:
        """Whether nothing required is missing."""
        return not (self.missing_minutes or self.missing_visits)


def standing(
    contract: ContractFact, community: str, month: Month, on_site: OnSite
) -> Standing | None:
    """Judge one community; None when the contract has no active day in the month."""
    settlement = settlement_of(contract, month)
    active = active_days(contract, month.first, month.last)
    if settlement is None or not active:
        return None
    terms = settlement.terms
    owed = required(terms, active, month.days)
    days = on_site.days((community, terms.lowest_grade), month)
    present = presence(days, terms.shortest_visit_minutes)
    return Standing(settlement, owed, present)
