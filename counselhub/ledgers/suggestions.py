"""What may explain a difference: each suggestion a pure rule. Wording is for pages.

A suggestion is offered, never applied: somebody takes it with one tap, or does not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from counselhub.core.labels import N_, Labelled
from counselhub.ledgers.kinds import Cause, Measure, Outcome, Party
from counselhub.ledgers.rules import Pair

MOST_OFFERED = 3
MOST_SUMMED = 4
"""At most so many lines are added up to explain one."""
MOST_TRIED = 14
"""Of so many candidates at most, for what is tried grows with their number."""
MINUTES_AN_HOUR = 60
SCALES = (10, 100, 1000)
LONELY = (Outcome.ONLY_STATEMENT, Outcome.ONLY_LEDGER)


class Hint(Labelled):
    """What a suggestion says."""

    TRANSPOSED = "transposed", N_("金额里相邻两位数字写反了")
    SCALED = "scaled", N_("金额差 %(times)s 倍，可能是元与分混用或小数点错位")
    MINUTES_AS_HOURS = "minutes_as_hours", N_("分钟数填进了小时列")
    HOURS_AS_MINUTES = "hours_as_minutes", N_("小时数被当成分钟")
    OTHER_MONTH = "other_month", N_("金额与本社区 %(month)s 的结算单相同，可能记错月份")
    OTHER_CONTRACT = "other_contract", N_("同一社区另一合同（%(contract)s）的金额与此相同")
    SWAPPED = "swapped", N_("与 %(place)s 的金额正好互换，可能记错社区")
    MOVED = "moved", N_("金额与 %(place)s 的另一方单列记录相同，可能记错社区")
    SUM_OF_LINES = "sum_of_lines", N_("台账这一笔等于结算单几项之和：%(places)s")
    SUM_OF_ROWS = "sum_of_rows", N_("结算单这一笔等于台账几行之和：%(places)s")


CAUSES = {
    Hint.TRANSPOSED: Cause.TYPING,
    Hint.SCALED: Cause.UNIT,
    Hint.MINUTES_AS_HOURS: Cause.UNIT,
    Hint.HOURS_AS_MINUTES: Cause.UNIT,
    Hint.OTHER_MONTH: Cause.MONTH,
    Hint.OTHER_CONTRACT: Cause.PLACE,
    Hint.SWAPPED: Cause.PLACE,
    Hint.MOVED: Cause.PLACE,
    Hint.SUM_OF_LINES: Cause.SPLIT,
    Hint.SUM_OF_ROWS: Cause.SPLIT,
}
"""The coded reason that taking a suggestion gives."""


def party_of(hint: Hint) -> Party:
    """Return whose record a suggestion takes to be wrong: split booking is nobody's fault."""
    return Party.BOTH if CAUSES[hint] is Cause.SPLIT else Party.LEDGER


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One possible explanation. facts: what its words name, codes of communities among them."""

    hint: Hint
    facts: tuple[tuple[str, str], ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as a line keeps it."""
        return {"hint": self.hint.value, **dict(self.facts)}


Months = Mapping[str, Sequence[tuple[str, date, int]]]
"""What statements of other months say: by community, (firm, month, sum in fen)."""


def suggest(pairs: Sequence[Pair], months: Months) -> dict[int, list[Suggestion]]:
    """Return the suggestions for the pairs that differ, by their place in `pairs`.

    The likeliest first, at most MOST_OFFERED each. Linear but for sums, which are bounded.
    """
    index = _Index(pairs)
    found: dict[int, list[Suggestion]] = {}
    for place, pair in enumerate(pairs):
        if pair.outcome is Outcome.MATCHED:
            continue
        offered = [*_of_numbers(pair), *_of_months(pair, months), *index.of_others(pair)]
        if offered:
            found[place] = offered[:MOST_OFFERED]
    return found


def _of_numbers(pair: Pair) -> Iterator[Suggestion]:
    if pair.ledger is None or pair.statement is None:
        return
    theirs, ours = pair.ledger.figures, pair.statement.figures
    if Measure.AMOUNT in pair.differs:
        if is_transposed(theirs.amount_fen, ours.amount_fen):
            yield Suggestion(Hint.TRANSPOSED)
        if times := scale_between(theirs.amount_fen, ours.amount_fen):
            yield Suggestion(Hint.SCALED, (("times", str(times)),))
    if Measure.MINUTES in pair.differs and theirs.minutes and ours.minutes:
        if theirs.minutes == ours.minutes * MINUTES_AN_HOUR:
            yield Suggestion(Hint.MINUTES_AS_HOURS)
        elif theirs.minutes * MINUTES_AN_HOUR == ours.minutes:
            yield Suggestion(Hint.HOURS_AS_MINUTES)


def is_transposed(one_fen: int, other_fen: int) -> bool:
    """Say whether two amounts differ in two neighbouring digits that changed places.

    1,234.00 and 1,324.00 do; signs must agree.
    """
    one, other = str(one_fen), str(other_fen)
    if len(one) != len(other) or one == other:
        return False
    places = [place for place, pair in enumerate(zip(one, other, strict=True)) if len({*pair}) > 1]
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return one[first] == other[second] and one[second] == other[first]


def scale_between(one_fen: int, other_fen: int) -> int:
    """Return 10, 100 or 1000 where one amount is so many times the other, else 0."""
    small, large = sorted((abs(one_fen), abs(other_fen)))
    if not small or (one_fen > 0) != (other_fen > 0):
        return 0
    return next((times for times in SCALES if small * times == large), 0)


def _of_months(pair: Pair, months: Months) -> Iterator[Suggestion]:
    """A ledger's amount that is the community's of another month; the latest such is named."""
    if pair.ledger is None or not pair.ledger.figures.amount_fen:
        return
    wanted = pair.ledger.figures.amount_fen
    alike = [
        month
        for firm, month, fen in months.get(pair.community, ())
        if fen == wanted and (pair.statement is None or pair.statement.firm == firm)
    ]
    if alike:
        yield Suggestion(Hint.OTHER_MONTH, (("month", f"{max(alike):%Y-%m}"),))


class _Index:
    """The pairs that differ, found by their amounts; lonely ones have one side only."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._lonely: dict[Outcome, dict[str, list[Pair]]] = {one: {} for one in LONELY}
        self._by_amount: dict[tuple[Outcome, int], Pair] = {}
        self._by_both: dict[tuple[int, int], Pair] = {}
        self._sums: dict[tuple[Outcome, str], dict[int, str]] = {}
        for pair in pairs:
            if pair.ledger and pair.statement:
                if Measure.AMOUNT in pair.differs:
                    self._by_both.setdefault(_both(pair), pair)
                continue
            self._lonely[pair.outcome].setdefault(pair.community, []).append(pair)
            self._by_amount.setdefault((pair.outcome, _amount(pair)), pair)

    def of_others(self, pair: Pair) -> Iterator[Suggestion]:
        """Explain a pair by others: swapped, moved, added up."""
        if not (pair.ledger and pair.statement):
            yield from self._moved(pair)
        elif Measure.AMOUNT in pair.differs:
            yield from self._swapped(pair)
        else:
            return
        yield from self._summed(pair)

    def _swapped(self, pair: Pair) -> Iterator[Suggestion]:
        theirs, ours = _both(pair)
        other = self._by_both.get((ours, theirs))
        if other is not None and other.community != pair.community:
            yield Suggestion(Hint.SWAPPED, (("place", other.community),))

    def _moved(self, pair: Pair) -> Iterator[Suggestion]:
        """The other side has a line of the same amount that nothing else explains."""
        across = Outcome.ONLY_STATEMENT if pair.ledger else Outcome.ONLY_LEDGER
        found = self._by_amount.get((across, _amount(pair)))
        if found is None:
            return
        if found.community == pair.community:
            yield Suggestion(Hint.OTHER_CONTRACT, (("contract", found.contract),))
        else:
            yield Suggestion(Hint.MOVED, (("place", found.community),))

    def _summed(self, pair: Pair) -> Iterator[Suggestion]:
        """A side that is larger may hold what stands alone on the other, two parts at least."""
        larger_is_ledger = pair.gap_fen > 0
        outcome = Outcome.ONLY_STATEMENT if larger_is_ledger else Outcome.ONLY_LEDGER
        least = 1 if pair.ledger and pair.statement else 2
        if places := self._parts(outcome, pair.community, abs(pair.gap_fen), least):
            hint = Hint.SUM_OF_LINES if larger_is_ledger else Hint.SUM_OF_ROWS
            yield Suggestion(hint, (("places", places),))

    def _parts(self, outcome: Outcome, community: str, wanted: int, least: int) -> str:
        """Return the communities of lonely pairs that add up, the community's own first."""
        lonely = self._lonely[outcome]
        groups = {community: lonely.get(community, [])}
        if len(lonely) <= MOST_TRIED:
            groups["*"] = [pair for found in lonely.values() for pair in found]
        for name, pairs in groups.items():
            if (outcome, name) not in self._sums:
                self._sums[outcome, name] = _sums(pairs[:MOST_TRIED])
            places = self._sums[outcome, name].get(wanted, "")
            if places and places.count(",") + 1 >= least:
                return places
        return ""


def _sums(pairs: Sequence[Pair]) -> dict[int, str]:
    """Return every sum of at most MOST_SUMMED pairs with their communities, the fewest parts."""
    found: dict[int, str] = {}
    for many in range(1, MOST_SUMMED + 1):
        for parts in combinations(pairs, many):
            total = sum(_amount(part) for part in parts)
            found.setdefault(total, ",".join(part.community for part in parts))
    return found


def _amount(pair: Pair) -> int:
    """Return what the one side of a lonely pair says."""
    return abs(pair.gap_fen)


def _both(pair: Pair) -> tuple[int, int]:
    """Return ledger's and statement's amount of a pair that has both sides."""
    if pair.ledger is None or pair.statement is None:
        raise ValueError(pair)
    return pair.ledger.figures.amount_fen, pair.statement.figures.amount_fen
