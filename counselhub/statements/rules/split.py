"""How a statement's lines are shared inside the firm (SPLIT-1 to SPLIT-6).

Pure. The government pays the firm; what the firm makes of it is its own affair. So nothing of this
is part of a statement: it is read off the facts that were frozen with it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from counselhub.core.money import apportion
from counselhub.statements.facts import MonthFacts
from counselhub.statements.lines import LineKind
from counselhub.statements.months import Month
from counselhub.statements.rules.corrections import deducted, released
from counselhub.statements.rules.leads import FIRM, Leads, Weights, missing
from counselhub.statements.rules.own_records import Place, Portion, portions_of
from counselhub.statements.rules.periods import Settlement, active_days, settlement_of
from counselhub.statements.rules.presence import OnSite, presence
from counselhub.statements.rules.shortfall import required
from counselhub.statements.terms import Deduction

BY_DAYS = frozenset({LineKind.BASE, LineKind.WITHHOLD, LineKind.PERFORMANCE})


class Amount(NamedTuple):
    """A line as it stands on the statement; contract and community "" on a carried rest."""

    contract: str
    community: str
    kind: LineKind
    month: Month
    amount_fen: int

    @property
    def place(self) -> Place:
        """What tells it from every other line."""
        return self.contract, self.community, self.kind, self.month


class Part(NamedTuple):
    """What of a line is whose, FIRM for the firm. days: of lead, where the line goes by them."""

    adviser: str
    amount_fen: int
    days: int | None = None


class SplitLine(NamedTuple):
    """A line with its parts, which sum to its amount exactly."""

    line: Amount
    parts: tuple[Part, ...]


def split(facts: MonthFacts, lines: Iterable[Amount]) -> list[SplitLine]:
    """Share out each line, in their order. facts: those that the lines were worked out from."""
    sharing = _Sharing(facts)
    return [SplitLine(line, tuple(sharing.parts(line))) for line in lines]


def shared(
    amount_fen: int, weights: Mapping[str, int] | Mapping[str, Fraction]
) -> Mapping[str, int]:
    """Share an amount out by weight; without any weight it is the firm's.

    SPLIT-6: by largest remainder; of equal ones, whoever's first day comes first, the firm last.
    """
    if not any(weights.values()):
        return {FIRM: amount_fen}
    return dict(zip(weights, apportion(amount_fen, list(weights.values())), strict=True))


class _Sharing:
    """A month's facts, arranged by what its lines ask of them."""

    def __init__(self, facts: MonthFacts) -> None:
        self._month = facts.month
        self._contracts = {contract.number: contract for contract in facts.contracts}
        self._leads, self._on_site = Leads(facts), OnSite(facts)
        self._portions: dict[Place, list[Portion]] = {}
        of_records = portions_of(facts, self._on_site)
        for place, portion in (*of_records, *_of_earlier(facts, self._leads)):
            self._portions.setdefault(place, []).append(portion)

    def parts(self, line: Amount) -> Iterator[Part]:
        """Give a line's parts that are something, and whoever led for a day of what it settles."""
        led = self._weights(line) if line.kind in BY_DAYS else {}
        shares = self._shares(line)
        for who in dict.fromkeys([*led, *shares]):
            if shares.get(who) or who in led:
                yield Part(who, shares.get(who, 0), led.get(who))

    def _shares(self, line: Amount) -> Mapping[str, int]:
        """Add up what the line's portions bring to each.

        SPLIT-5: a line that stands otherwise than its facts give, as the office had answered for it
        before, is shared in the same proportions.
        """
        weights = self._weights(line)
        found: Counter[str] = Counter()
        for portion in self._portions.get(line.place, [Portion(line.amount_fen, weights)]):
            found.update(shared(portion.amount_fen, portion.weights or weights))
        if found.total() == line.amount_fen:
            return found
        sizes = {who: abs(amount_fen) for who, amount_fen in found.items()}
        return shared(line.amount_fen, sizes if any(sizes.values()) else weights)

    def _weights(self, line: Amount) -> Weights:
        """Return what a line without records of its own goes by; a carried rest is the firm's."""
        if not line.contract:
            return {FIRM: 1}
        opens, settlement = line.month, self._settlement(line)
        if settlement and line.kind in (LineKind.BASE, LineKind.WITHHOLD):
            opens = settlement.opens
        led = self._leads.days(line.contract, line.community, opens.first, line.month.last)
        if settlement and line.kind is LineKind.SHORTFALL:
            return self._missing(line, settlement, led)
        return led

    def _settlement(self, line: Amount) -> Settlement | None:
        contract = self._contracts.get(line.contract)
        return settlement_of(contract, self._month) if contract else None

    def _missing(self, line: Amount, settlement: Settlement, led: Weights) -> Weights:
        """SPLIT-2: by what each lacks; by days of lead where the facts do not lack anything."""
        terms, month = settlement.terms, line.month
        active = active_days(self._contracts[line.contract], month.first, month.last)
        owed = required(terms, active, month.days)
        days = self._on_site.days((line.community, terms.lowest_grade), month)
        by_visit = terms.deduction is Deduction.PER_VISIT
        done = self._leads.credit(
            line.community, presence(days, terms.shortest_visit_minutes).days, visits=by_visit
        )
        lacking = missing(owed.visits if by_visit else owed.minutes, done, led)
        return lacking if any(lacking.values()) else led


def _of_earlier(facts: MonthFacts, leads: Leads) -> Iterator[tuple[Place, Portion]]:
    """SPLIT-4: what earlier months bring goes by the days of lead of those, each fact for itself.

    A late entry is its adviser's own; the withholding of a year goes by the days of that year.
    """
    for late in facts.adjustments:
        month = late.month
        led = leads.days(late.contract, late.community, month.first, month.last)
        weights = {late.adviser: 1} if late.adviser else led
        place = late.contract, late.community, LineKind.ADJUSTMENT, month
        yield place, Portion(late.amount_fen, weights)
    for freed in facts.releases:
        opens, closes = date(freed.year, 1, 1), date(freed.year, 12, 31)
        led = leads.days(freed.contract, freed.community, opens, closes)
        where = freed.contract, freed.community
        yield (*where, LineKind.RELEASE, facts.month), Portion(released(freed), led)
        yield (*where, LineKind.GRADE, facts.month), Portion(-deducted(freed), led)
