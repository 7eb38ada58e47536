"""What rule packs add (M13 to M17), written once more in the naive way: day by day, one by one."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from counselhub.statements.facts import ContractFact
from counselhub.statements.pack_terms import Factors
from counselhub.statements.terms import SchemeTerms

if TYPE_CHECKING:
    from tests.statements.naive import Naive


def year_of(contract: ContractFact, terms: SchemeTerms, community: str) -> int:
    """A community's amount a year: contract before factors before class before scheme."""
    if contract.annual_fen is not None:
        return contract.annual_fen
    if terms.pack.factors and community in terms.pack.factors.communities:
        return shared_out(terms.pack.factors)[community]
    for name, fen in terms.pack.class_fen.items():
        if terms.pack.class_of.get(community) == name:
            return fen
    return terms.annual_fen


def shared_out(factors: Factors) -> dict[str, int]:
    """The budget by hand: whole fen first, then one more to the largest rest, by code."""
    exact: dict[str, Fraction] = {}
    for code in sorted(factors.communities):
        hundredths = Fraction(0)
        for place, name in enumerate(("人口", "矛盾纠纷", "合同")):
            everybody = sum(counts[place] for counts in factors.communities.values())
            for factor, weight in factors.weights.items():
                if factor.value == name and weight > 0:
                    own = factors.communities[code][place]
                    hundredths += Fraction(weight) * Fraction(own, everybody)
        exact[code] = factors.budget_fen * hundredths / 100
    parts = {code: floor(part) for code, part in exact.items()}
    while sum(parts.values()) < factors.budget_fen:
        largest = max(exact[code] - parts[code] for code in parts)
        first = min(code for code in parts if exact[code] - parts[code] == largest)
        parts[first] += 1
    return parts


class PackParts:
    """Presence, activities and points of one naive statement."""

    def __init__(self, whole: "Naive") -> None:
        self.whole = whole
        self.facts = whole.facts
        first = date(whole.year, whole.month, 1)
        self.days = [
            day
            for day in (first + timedelta(days=place) for place in range(31))
            if day.month == whole.month
        ]

    def put(self) -> None:
        codes = {code for contract in self.whole.contracts for code in contract.communities}
        for community in sorted(codes):
            self.presence(community)
            self.activities(community)
            self.points(community)

    def payers(self, community: str, day: date) -> list[tuple[ContractFact, SchemeTerms]]:
        """Contracts in force on the day, by number, with the terms of the month."""
        found = []
        for contract in self.whole.contracts:
            ended = contract.terminated_on is not None and day > contract.terminated_on
            in_force = contract.starts_on <= day <= contract.ends_on and not ended
            terms = self.whole.terms(contract, self.whole.month)
            if community in contract.communities and in_force and terms is not None:
                found.append((contract, terms))
        return found

    def presence(self, community: str) -> None:
        self.visits = self.minutes = 0
        timed: dict[str, tuple[ContractFact, int, int]] = {}
        for day in self.days:
            paying = [
                found
                for found in self.payers(community, day)
                if found[1].pack.visit_fen or found[1].pack.hour_fen
            ]
            if paying:
                contract, terms = paying[0]
                before = timed.get(contract.number, (contract, 0, 0))[1]
                more = self.day_of(community, day, contract, terms)
                timed[contract.number] = (contract, before + more, terms.pack.hour_fen or 0)
        for contract, minutes, rate in timed.values():
            fen = floor(Fraction(minutes * rate, 60) + Fraction(1, 2))
            if fen:
                self.whole.put(contract, community, self.whole.month, "attendance", fen)

    def day_of(self, community: str, day: date, contract: ContractFact, terms: SchemeTerms) -> int:
        """Pay a day's visit; return its minutes that are paid by the hour."""
        present = self.whole.present(community, day, terms.lowest_grade)
        if present is None:
            return 0
        self.whole.put(contract, community, self.whole.month, "attendance", 0)
        if len(present) < terms.shortest_visit_minutes:
            return 0
        pack, timed = terms.pack, 0
        if pack.visit_fen and (pack.visit_cap is None or self.visits < pack.visit_cap):
            self.visits += 1
            self.whole.put(contract, community, self.whole.month, "attendance", pack.visit_fen)
        for _minute in present:
            if pack.hour_fen and (pack.hour_cap is None or self.minutes < pack.hour_cap * 60):
                self.minutes += 1
                timed += 1
        return timed

    def activities(self, community: str) -> None:
        given: dict[str, int] = defaultdict(int)
        for day in self.days:
            found = [
                fact
                for fact in self.facts.activities
                if fact.day == day and fact.community == community
            ]
            for fact in sorted(found):
                paying = [
                    one
                    for one in self.payers(community, day)
                    if fact.kind in one[1].pack.activities
                ]
                if not paying:
                    continue
                contract, terms = paying[0]
                fee = terms.pack.activities[fact.kind]
                paid = 0
                for _ in range(fact.times):
                    if fee.cap is None or given[fact.kind] < fee.cap:
                        given[fact.kind] += 1
                        paid += fee.fee_fen
                self.whole.put(contract, community, self.whole.month, "activity", paid)

    def points(self, community: str) -> None:
        marks = [fact.points for fact in self.facts.points if fact.community == community]
        if not marks:
            return
        for contract in self.whole.contracts:
            terms = self.whole.terms(contract, self.whole.month)
            if community in contract.communities and terms and terms.pack.point_fen:
                points = sum(marks)
                if terms.pack.point_cap is not None and points > terms.pack.point_cap:
                    points = terms.pack.point_cap
                lowest = 0 if terms.pack.point_floor is None else terms.pack.point_floor
                points = max(points, lowest)
                fen = points * terms.pack.point_fen
                self.whole.put(contract, community, self.whole.month, "performance", fen)
                return
