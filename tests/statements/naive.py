"""The money rules once more, written another way: days and minutes one by one, no cleverness.

Slow on purpose. Compared with `counselhub.statements.rules` over random facts; shares no code with
it but the facts.
"""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from counselhub.statements.facts import ContractFact, MonthFacts
from counselhub.statements.terms import SchemeTerms, Shares
from tests.statements.naive_packs import PackParts, year_of

Key = tuple[str, str, str, str]
"""Community, contract, month, kind."""

MONTHS_OF = {"月": 1, "季": 3, "半年": 6, "年": 12}


def rounded(value: Fraction) -> int:
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))


def days_of(year: int, first_month: int, last_month: int) -> list[date]:
    day, days = date(year, first_month, 1), []
    while day.year == year and day.month <= last_month:
        days.append(day)
        day += timedelta(days=1)
    return days


def active(contract: ContractFact, day: date) -> bool:
    ended = contract.terminated_on is not None and day > contract.terminated_on
    return contract.starts_on <= day <= contract.ends_on and not ended


def terms_on(contract: ContractFact, day: date) -> SchemeTerms:
    chosen = None
    for terms in sorted(contract.scheme_versions, key=lambda terms: terms.effective_on):
        if chosen is None or terms.effective_on <= day:
            chosen = terms
    assert chosen is not None
    return chosen


def periods(contract: ContractFact, year: int) -> dict[int, tuple[SchemeTerms, int, int]]:
    """Month number to the terms, first month and last month of its settlement period."""
    found: dict[int, tuple[SchemeTerms, int, int]] = {}
    month = 1
    while month <= 12:
        days = [day for day in days_of(year, month, 12) if active(contract, day)]
        if not days:
            break
        terms = terms_on(contract, days[0])
        size = MONTHS_OF[terms.cycle]
        last = next(end for end in range(size, 13, size) if end >= days[0].month)
        first = max(month, last - size + 1)
        for number in range(first, last + 1):
            found[number] = (terms, first, last)
        month = last + 1
    return found


class Naive:
    """Amounts of a statement's lines and its funding."""

    def __init__(self, facts: MonthFacts) -> None:
        self.facts = facts
        self.year, self.month = facts.month
        self.amounts: dict[Key, int] = {}
        self.parts: dict[tuple[str, date], list[tuple[SchemeTerms, int]]] = defaultdict(list)
        self.contracts = sorted(facts.contracts, key=lambda contract: contract.number)
        self.periods = {c.number: periods(c, self.year) for c in self.contracts}
        for contract in self.contracts:
            for community in sorted(set(contract.communities)):
                if community.startswith(facts.street):
                    self.period(contract, community)
                    self.online(contract, community)
        self.lectures()
        self.cases()
        self.earlier()
        PackParts(self).put()

    def put(self, contract: ContractFact, community: str, month: int, kind: str, fen: int) -> None:
        if not community.startswith(self.facts.street):
            return
        key = (community, contract.number, f"{self.year}-{month:02d}", kind)
        self.amounts[key] = self.amounts.get(key, 0) + fen
        terms = self.periods[contract.number][month][0]
        self.parts[terms.scheme, terms.effective_on].append((terms, fen))

    def base(
        self, at: tuple[ContractFact, str], terms: SchemeTerms, size: int, first: int, last: int
    ) -> int:
        contract, community = at
        year_fen = year_of(contract, terms, community)
        full = rounded(Fraction(year_fen * last, 12)) - rounded(
            Fraction(year_fen * (last - size), 12)
        )
        whole = days_of(self.year, last - size + 1, last)
        part = [day for day in whole if day.month >= first and active(contract, day)]
        return rounded(Fraction(full * len(part), len(whole)))

    def period(self, contract: ContractFact, community: str) -> None:
        terms, first, last = self.periods[contract.number].get(self.month, (None, 0, 0))
        if terms is None or last != self.month:
            return
        base = self.base((contract, community), terms, MONTHS_OF[terms.cycle], first, last)
        self.put(contract, community, last, "base", base)
        if terms.withhold_percent:
            held = rounded(Fraction(base) * Fraction(terms.withhold_percent) / 100)
            self.put(contract, community, last, "withhold", -held)
        if terms.deduction == "不扣":
            return
        used = 0
        for month in range(first, last + 1):
            days = days_of(self.year, month, month)
            there = sum(active(contract, day) for day in days)
            if there:
                wanted = self.shortfall(contract, community, terms, month, there)
                taken = wanted if used + wanted <= base else base - used
                used += taken
                self.put(contract, community, month, "shortfall", -taken)

    def shortfall(
        self, contract: ContractFact, community: str, terms: SchemeTerms, month: int, there: int
    ) -> int:
        days = days_of(self.year, month, month)
        asked = floor(Fraction(terms.required_minutes or 0) * there / len(days))
        asked_visits = floor(Fraction((terms.required_visits or 0) * there, len(days)))
        minutes = visits = 0
        for day in days:
            present = self.present(community, day, terms.lowest_grade)
            if present is not None and len(present) >= terms.shortest_visit_minutes:
                minutes += len(present)
                visits += 1
        missing, rate = max(0, asked - minutes), terms.deduction_fen or 0
        if terms.deduction == "按次":
            return max(0, asked_visits - visits) * rate
        if terms.deduction == "按小时":
            return ceil(Fraction(missing, 60)) * rate
        month_base = self.base((contract, community), terms, 1, month, month)
        return rounded(Fraction(month_base * missing, asked)) if asked else 0

    def present(self, community: str, day: date, lowest: str) -> set[int] | None:
        minutes: set[int] | None = None
        for session in self.facts.sessions.get(community, ()):
            names = {session.adviser, session.substitute_for}
            assigned = any(
                fact.community == community
                and fact.adviser in names
                and fact.starts_on <= day
                and (fact.ends_on is None or day <= fact.ends_on)
                for fact in self.facts.assignments
            )
            signed = session.sign_out is not None and session.sign_out >= session.sign_in
            proven = "ABCD".index(session.grade) <= "ABCD".index(lowest)
            if session.day == day and assigned and signed and proven and not session.is_voided:
                assert session.sign_out is not None
                minutes = (minutes or set()) | set(range(session.sign_in, session.sign_out))
        return minutes

    def terms(self, contract: ContractFact, month: int) -> SchemeTerms | None:
        """The terms of a month in which the contract has an active day."""
        if not any(active(contract, day) for day in days_of(self.year, month, month)):
            return None
        return self.periods[contract.number][month][0]

    def lectures(self) -> None:
        given: dict[str, int] = defaultdict(int)
        for day in days_of(self.year, (self.month - 1) // 3 * 3 + 1, self.month):
            for fact in self.facts.lectures:
                if fact.day == day:
                    self.lecture(day, fact.community, fact.times, given)

    def lecture(self, day: date, community: str, times: int, given: dict[str, int]) -> None:
        able = []
        for contract in self.contracts:
            terms = self.terms(contract, day.month)
            if community in contract.communities and terms and terms.lecture_fen:
                able.append((contract, terms, terms.lecture_fen))
        in_force = [found for found in able if active(found[0], day)]
        by_start = sorted(able, key=lambda found: found[0].starts_on)
        for contract, terms, rate in (in_force or by_start)[:1]:
            paid = 0
            for _ in range(times):
                if terms.lecture_cap is None or given[community] < terms.lecture_cap:
                    given[community] += 1
                    paid += 1
            if day.month == self.month:
                self.put(contract, community, self.month, "lecture", paid * rate)

    def online(self, contract: ContractFact, community: str) -> None:
        terms = self.terms(contract, self.month)
        if terms is None or not terms.online_fen:
            return
        stood: set[tuple[date, int]] = set()
        for shift in self.facts.shifts:
            day, minute = shift.starts_on, shift.start_minute
            while (day, minute) < (shift.ends_on, shift.end_minute):
                if minute == 1440:
                    day, minute = day + timedelta(days=1), 0
                    continue
                stood.add((day, minute))
                minute += 1
        month = days_of(self.year, self.month, self.month)
        if not any(day in month for day, _ in stood):
            return
        covered = [
            day
            for day in month
            if active(contract, day) and all((day, minute) in stood for minute in range(1440))
        ]
        self.put(contract, community, self.month, "online", len(covered) * terms.online_fen)

    def cases(self) -> None:  # as the rule is written
        spent: dict[str, int] = defaultdict(int)
        counted: set[str] = set()
        claims = sorted(self.facts.claims, key=lambda claim: claim.case_number)
        for day in days_of(self.year, 1, self.month):
            for claim in claims:
                if claim.closed_on != day:
                    continue
                for contract in self.contracts:
                    terms = self.terms(contract, day.month) if active(contract, day) else None
                    if claim.community in contract.communities and terms and terms.case_fen:
                        break
                else:
                    continue
                assert terms is not None
                paid = 0
                good = claim.is_fulfilled and claim.has_full_dossier and not claim.taken_elsewhere
                if good and claim.difficulty in terms.case_fen and claim.case_number not in counted:
                    counted.add(claim.case_number)
                    exact = Fraction(terms.case_fen[claim.difficulty])
                    if claim.is_oral and terms.oral_percent is not None:
                        exact = exact * Fraction(terms.oral_percent) / 100
                    paid = rounded(exact)
                    if terms.case_cap_fen is not None:
                        paid = max(0, min(paid, terms.case_cap_fen - spent[contract.number]))
                    spent[contract.number] += paid
                if day.month == self.month:
                    self.put(contract, claim.community, self.month, "case", paid)

    def earlier(self) -> None:
        """What is settled of earlier years and months: releases, grades, adjustments."""
        for release in self.facts.releases:
            terms, place = release.terms, (release.community, release.contract)
            percent = Fraction(terms.release_percents.get(release.grade) or 0)
            freed = rounded(release.withheld_fen * percent / 100)
            self.add((*place, str(self.facts.month), "release"), terms, freed)
            taken = Fraction(terms.grade_deductions.get(release.grade) or 0)
            if taken:
                cost = rounded(release.base_fen * taken / 100)
                self.add((*place, str(self.facts.month), "grade"), terms, -cost)
        for fact in self.facts.adjustments:
            key = (fact.community, fact.contract, str(fact.month), "adjustment")
            self.add(key, fact.terms, fact.amount_fen)
        for carry in (*self.facts.older_carries, self.facts.carry):
            if carry is not None:
                key = ("", "", str(carry.month), "adjustment")
                self.amounts[key] = sum(fen for _source, fen in carry.sources)

    def add(self, key: Key, terms: SchemeTerms, fen: int) -> None:
        self.amounts[key] = fen
        self.parts[terms.scheme, terms.effective_on].append((terms, fen))

    def funding(self) -> dict[str, int]:
        sources: dict[str, int] = defaultdict(int)
        totals: dict[Shares, int] = defaultdict(int)
        for lines in self.parts.values():
            for terms, fen in lines:
                totals[terms.shares] += fen
        only = next(iter(totals)) if len(totals) == 1 else None
        for carry in (*self.facts.older_carries, self.facts.carry):
            rest = dict(carry.sources) if carry else {}
            if only and rest == self.shared(only, sum(rest.values())):
                totals[only] += sum(rest.values())
            else:
                for source, part in rest.items():
                    sources[source] += part
        for written, total in totals.items():
            for source, part in self.shared(written, total).items():
                sources[source] += part
        return dict(sources)

    def shared(self, written: Shares, total: int) -> dict[str, int]:
        shares = [(source, percent) for source, percent in written if percent]
        exact = [Fraction(abs(total)) * Fraction(percent) / 100 for _, percent in shares]
        parts = [floor(part) for part in exact]
        while sum(parts) < abs(total):
            behind = [part - whole for part, whole in zip(exact, parts, strict=True)]
            parts[behind.index(max(behind))] += 1
        signed = [part if total >= 0 else -part for part in parts]
        return {str(source): part for (source, _), part in zip(shares, signed, strict=True)}
