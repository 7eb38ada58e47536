"""A month as it stands: what each community is required, has and lacks, and the money at stake.

The same rules as the statement's, on the facts so far: nothing here is stored or submitted.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date

from counselhub.statements.facts import ContractFact, MonthFacts
from counselhub.statements.lines import Line, LineKind
from counselhub.statements.months import Month
from counselhub.statements.rules.base import monthly_base
from counselhub.statements.rules.lectures import paid_lectures
from counselhub.statements.rules.online import covered_days, stretches_in
from counselhub.statements.rules.presence import OnSite, Presence
from counselhub.statements.rules.shortfall import Required, cost_of
from counselhub.statements.rules.standing import standing
from counselhub.statements.rules.statement import compute
from counselhub.statements.terms import Deduction, SchemeTerms

PACK_KINDS = (LineKind.ATTENDANCE, LineKind.ACTIVITY, LineKind.PERFORMANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One community under one contract in the month, seen from a day within it.

    base_fen: the month's own share of the year (n = 12), before withholding. at_stake_fen: what
    would be taken off if nothing more happened. lectures: of the quarter so far; earnable_*: what
    the caps still leave. days_left: days of the month from the day on, the day included.
    settles: the month in whose statement base and shortfall appear (M1). pack_fen: what presence,
    activities and points give so far (M15 to M17).
    """

    contract: str
    community: str
    terms: SchemeTerms
    settles: Month
    owed: Required
    present: Presence
    base_fen: int
    at_stake_fen: int
    lectures: int
    lectures_earnable: int
    lecture_fen: int
    online_days: int
    online_days_earnable: int
    online_fen: int
    case_fen: int
    pack_fen: int
    days_left: int

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

    @property
    def earned_fen(self) -> int:
        """The month's money if nothing more happens, before withholding."""
        paid_fen = self.lecture_fen + self.online_fen + self.case_fen + self.pack_fen
        return self.base_fen - self.at_stake_fen + paid_fen

    @property
    def earnable_fen(self) -> int:
        """What lectures, online days and paid visits can still bring beside the shortfall."""
        lecture_fen = (self.terms.lecture_fen or 0) * self.lectures_earnable
        online_fen = (self.terms.online_fen or 0) * self.online_days_earnable
        return lecture_fen + online_fen + (self.terms.pack.visit_fen or 0) * self.visits_earnable

    @property
    def visits_earnable(self) -> int:
        """How many more visits of the month are paid; at most one a day, one uncapped (M15)."""
        pack = self.terms.pack
        if not pack.visit_fen:
            return 0
        if pack.visit_cap is None:
            return min(1, self.days_left)
        return min(self.days_left, max(0, pack.visit_cap - self.present.visits))


def outlooks(facts: MonthFacts, today: date) -> list[Outlook]:
    """Return the month as it stands on `today`, by community and contract.

    facts: with the presence of the month itself, also where its period ends later.
    """
    lines = {
        (line.contract, line.community, line.kind): line
        for line in compute(facts).lines
        if line.month == facts.month
    }
    taken: Counter[str] = Counter()
    for paid in paid_lectures(facts):
        taken[paid.lecture.community] += paid.times
    on_site = OnSite(facts)
    covered = covered_days(stretches_in(facts.shifts, facts.month))
    seen = _Seen(facts, today, lines, taken, on_site, covered)
    found = []
    for contract in facts.contracts:
        for community in facts.communities_of(contract):
            outlook = _of(contract, community, seen)
            if outlook is not None:
                found.append(outlook)
    return sorted(found, key=lambda outlook: (outlook.community, outlook.contract))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the month's communities share."""

    facts: MonthFacts
    today: date
    lines: dict[tuple[str, str, LineKind], Line]
    taken: Counter[str]
    on_site: OnSite
    covered: list[date]

    def paid(self, contract: str, community: str, kind: LineKind) -> int:
        """Return what a line of the month gives so far."""
        line = self.lines.get((contract, community, kind))
        return line.amount_fen if line else 0


def _of(contract: ContractFact, community: str, seen: _Seen) -> Outlook | None:
    """Judge one community; None when the contract has no active day in the month."""
    month = seen.facts.month
    found = standing(contract, community, month, seen.on_site)
    if found is None:
        return None
    settlement, owed, present = found
    terms, number, taken = settlement.terms, contract.number, seen.taken[community]
    base_fen = monthly_base(contract, terms, month, community)
    first, coming = _coming(contract, seen)
    online = _online_days(contract, seen.covered) if terms.online_fen else []
    at_stake_fen = _at_stake(contract, community, seen, terms, owed, present, base_fen)
    return Outlook(
        contract=number,
        community=community,
        terms=terms,
        settles=settlement.last,
        owed=owed,
        present=present,
        base_fen=base_fen,
        at_stake_fen=at_stake_fen,
        lectures=taken,
        lectures_earnable=_lectures_left(terms, taken) if coming else 0,
        lecture_fen=seen.paid(number, community, LineKind.LECTURE),
        online_days=len(online),
        online_days_earnable=_online_left(terms, online, first, coming),
        online_fen=seen.paid(number, community, LineKind.ONLINE),
        case_fen=seen.paid(number, community, LineKind.CASE),
        pack_fen=sum(seen.paid(number, community, kind) for kind in PACK_KINDS),
        days_left=coming,
    )


def _coming(contract: ContractFact, seen: _Seen) -> tuple[date, int]:
    """Return the first day that is still to come under the contract, and how many there are."""
    month = seen.facts.month
    first = max(seen.today, month.first, contract.starts_on)
    return first, max(0, (min(month.last, contract.last_day) - first).days + 1)


def _at_stake(
    contract: ContractFact,
    community: str,
    seen: _Seen,
    terms: SchemeTerms,
    owed: Required,
    present: Presence,
    base_fen: int,
) -> int:
    """Return the deduction as the month stands; before its period's end not above its own base."""
    if terms.deduction is Deduction.NONE:
        return 0
    settled = seen.lines.get((contract.number, community, LineKind.SHORTFALL))
    if settled is not None:
        return -settled.amount_fen
    at = contract, community
    return min(cost_of(at, terms, seen.facts.month, owed, present).fen, base_fen)


def _online_days(contract: ContractFact, covered: list[date]) -> list[date]:
    """Return the covered days on which the contract is in force."""
    return covered[
        bisect_left(covered, contract.starts_on) : bisect_right(covered, contract.last_day)
    ]


def _lectures_left(terms: SchemeTerms, taken: int) -> int:
    """Return how many more lectures of the quarter are paid; one where nothing caps them."""
    if not terms.lecture_fen:
        return 0
    return 1 if terms.lecture_cap is None else max(0, terms.lecture_cap - taken)


def _online_left(terms: SchemeTerms, covered: list[date], first: date, coming: int) -> int:
    """Return how many of the coming days are not covered yet and would be paid."""
    return coming - sum(day >= first for day in covered) if terms.online_fen else 0
