"""Who led a community on which day, and whose duty it is that is missing (SPLIT-1, SPLIT-2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from counselhub.statements.facts import DutyRole, MonthFacts

FIRM = ""
"""本所: whose share is what belongs to nobody in person."""

Weights = Mapping[str, int]
"""Shares by adviser, in the order in which equal remainders are served."""


class Leads:
    """The leads of a month's communities. Of two on one day, which no firm can have, the first."""

    def __init__(self, facts: MonthFacts) -> None:
        self._contracts = {contract.number: contract for contract in facts.contracts}
        self._stints: dict[str, list[tuple[date, date, str]]] = {}
        for adviser, community, starts_on, ends_on, role in facts.assignments:
            if role is DutyRole.LEAD:
                stint = (starts_on, ends_on or date.max, adviser)
                self._stints.setdefault(community, []).append(stint)
        for stints in self._stints.values():
            stints.sort()

    def on(self, community: str, day: date) -> str:
        """Return who led that day, FIRM when nobody did."""
        stints = self._stints.get(community, ())
        return next((who for first, last, who in stints if first <= day <= last), FIRM)

    def days(self, number: str, community: str, first: date, last: date) -> Weights:
        """SPLIT-1: the days from first to last on which each led, while the contract was in force.

        Days without a lead are the firm's. Of a contract over before this year, which the facts do
        not know, only days with a lead count. In order of each one's first day, the firm last.
        """
        contract = self._contracts.get(number)
        if contract is not None:
            first, last = max(first, contract.starts_on), min(last, contract.last_day)
        count = (last - first).days + 1
        led = Counter(self.on(community, first + timedelta(days=place)) for place in range(count))
        of_firm = led.pop(FIRM, 0)
        if of_firm and (contract is not None or not led):
            led[FIRM] = of_firm
        return led

    def credit(
        self, community: str, done: Sequence[tuple[date, int]], *, visits: bool
    ) -> Mapping[str, int]:
        """Credit a month's visits, or else their minutes, to whoever led on their day."""
        credit: Counter[str] = Counter()
        for day, minutes in done:
            credit[self.on(community, day)] += 1 if visits else minutes
        return credit


def missing(owed: int, done: Mapping[str, int], led: Weights) -> Weights:
    """SPLIT-2: what each lacks of the duty that fell to the days of lead, in proportion.

    owed: what the month asked for, in minutes or visits. done: what was done on each one's days,
    whoever did it: a stand-in serves for the lead. Nothing lacks who did the whole of the own part,
    however much another does.
    """
    days = sum(led.values())
    return {who: max(0, owed * own - done.get(who, 0) * days) for who, own in led.items()}
