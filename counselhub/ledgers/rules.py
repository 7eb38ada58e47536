"""Hold an office's ledger against the lines of statements. Pure; linear in rows and lines.

Amounts are fen, times whole minutes. A figure that a side does not tell is None and is compared
with nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from counselhub.ledgers.kinds import Measure, Outcome


class Figures(NamedTuple):
    """What one side says of a community's month. None: it says nothing of it."""

    amount_fen: int
    visits: int | None = None
    minutes: int | None = None
    lectures: int | None = None
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerFact:
    """One row of the ledger. contract: "" when the row names none; then it speaks of all of them.

    row: its number in the office's file.
    """

    community: str
    contract: str
    figures: Figures
    row: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What no two rows of a ledger share."""
        return self.community, self.contract


@dataclass(frozen=True, slots=True)
class StatementFact:
    """What the lines of a statement say of one community under one contract.

    figures: lectures and cases are those that are paid. held: all lectures held and cases closed,
    paid or not, for a ledger may count either.
    """

    firm: str
    community: str
    contract: str
    figures: Figures
    held: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far the sides may lie apart and still agree; each 0 or more."""

    fen: int = 0
    minutes: int = 0
    visits: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of the reconciliation: a ledger row, statement facts of one firm, or both.

    contract: the ledger's word for it, the statement's where there is no ledger row.
    """

    outcome: Outcome
    community: str
    contract: str
    ledger: LedgerFact | None
    statement: StatementFact | None
    differs: tuple[Measure, ...] = ()

    @property
    def gap_fen(self) -> int:
        """Ledger less statement; a side that is not there counts 0."""
        ours = self.statement.figures.amount_fen if self.statement else 0
        return (self.ledger.figures.amount_fen if self.ledger else 0) - ours


Units = dict[str, dict[str, dict[str, StatementFact]]]
"""By community, then by contract, then by firm."""


def reconcile(
    rows: Iterable[LedgerFact], facts: Iterable[StatementFact], tolerance: Tolerance
) -> list[Pair]:
    """Return a pair for each ledger row and each statement fact, by community and contract.

    rows: no two of one key. LEDGER-1: a row with a contract meets the facts of that contract in
    its community; one without meets all that no other row names, of one firm, their amounts added:
    the firm whose sum lies nearest. Every row and every fact stands in exactly one pair, and the
    order of either changes nothing.
    """
    units: Units = {}
    for fact in facts:
        contracts = units.setdefault(fact.community, {})
        contracts.setdefault(fact.contract, {})[fact.firm] = fact
    ordered = sorted(rows, key=lambda row: (row.community, not row.contract, row.contract))
    pairs = [_pair(row, _taken(row, units.get(row.community, {})), tolerance) for row in ordered]
    left = (fact for found in units.values() for firms in found.values() for fact in firms.values())
    pairs += [
        Pair(Outcome.ONLY_STATEMENT, fact.community, fact.contract, None, fact) for fact in left
    ]
    return sorted(pairs, key=_place)


def _place(pair: Pair) -> tuple[str, str, str]:
    return pair.community, pair.contract, pair.statement.firm if pair.statement else ""


def _taken(row: LedgerFact, found: dict[str, dict[str, StatementFact]]) -> StatementFact | None:
    """Take what a row speaks of out of its community's facts; rows with a contract come first."""
    named = [row.contract] if row.contract else sorted(found)
    by_firm: dict[str, list[StatementFact]] = {}
    for contract in named:
        for firm, fact in found.get(contract, {}).items():
            by_firm.setdefault(firm, []).append(fact)
    if not by_firm:
        return None
    wanted = row.figures.amount_fen

    def distance(firm: str) -> tuple[int, str]:
        return abs(sum(one.figures.amount_fen for one in by_firm[firm]) - wanted), firm

    chosen = by_firm[min(by_firm, key=distance)]
    for fact in chosen:
        del found[fact.contract][fact.firm]
    return joined(chosen)


def joined(facts: Sequence[StatementFact]) -> StatementFact:
    """Return the facts of one firm in one community as one.

    Amounts, lectures and cases add up; presence is the community's (M3), the same under each
    contract, so the largest stands for all.
    """
    first = facts[0]
    if len(facts) == 1:
        return first
    figures = [fact.figures for fact in facts]
    return replace(
        first,
        contract="、".join(fact.contract for fact in facts),
        figures=Figures(
            sum(one.amount_fen for one in figures),
            _most(one.visits for one in figures),
            _most(one.minutes for one in figures),
            _sum(one.lectures for one in figures),
            _sum(one.cases for one in figures),
        ),
        held=(sum(fact.held[0] for fact in facts), sum(fact.held[1] for fact in facts)),
    )


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _pair(row: LedgerFact, fact: StatementFact | None, tolerance: Tolerance) -> Pair:
    if fact is None:
        return Pair(Outcome.ONLY_LEDGER, row.community, row.contract, row, None)
    found = differences(row.figures, fact, tolerance)
    outcome = Outcome.MATCHED
    if found:
        is_money = Measure.AMOUNT in found
        outcome = Outcome.AMOUNT_DIFFERS if is_money else Outcome.COUNT_DIFFERS
    return Pair(outcome, row.community, row.contract, row, fact, found)


def differences(ledger: Figures, fact: StatementFact, tolerance: Tolerance) -> tuple[Measure, ...]:
    """Return what lies further apart than allowed, money first.

    LEDGER-2: the amount decides the outcome where it differs, whatever else does. LEDGER-3: a
    figure that one side leaves blank agrees. LEDGER-4: lectures and cases agree with those paid or
    with all that were held.
    """
    ours = fact.figures
    allowed = {
        Measure.AMOUNT: (tolerance.fen, (ours.amount_fen,)),
        Measure.VISITS: (tolerance.visits, (ours.visits,)),
        Measure.MINUTES: (tolerance.minutes, (ours.minutes,)),
        Measure.LECTURES: (0, (ours.lectures, max(fact.held[0], ours.lectures or 0))),
        Measure.CASES: (0, (ours.cases, max(fact.held[1], ours.cases or 0))),
    }
    return tuple(
        measure
        for measure, (room, known) in allowed.items()
        if not _agrees(getattr(ledger, measure), known, room)
    )


def _agrees(value: int | None, known: Sequence[int | None], room: int) -> bool:
    if value is None or known[0] is None:
        return True
    return any(one is not None and abs(value - one) <= room for one in known)


def counted(pairs: Iterable[Pair]) -> dict[str, int]:
    """Return how many pairs each outcome has, those without any too."""
    counts = {outcome.value: 0 for outcome in Outcome}
    for pair in pairs:
        counts[pair.outcome] += 1
    return counts


Sides = tuple[Mapping[str, object] | None, Mapping[str, object] | None]
"""What ledger and statement say of a line, as it keeps them."""


def fate_of(before: Sides | None, now: Sides, *, is_settled: bool) -> str:
    """Say what a new comparison does to a line: `new`, `same`, `changed` or `reopened`.

    LEDGER-5: what was settled stays while neither side says anything else, and is open again when
    one does. before: None for a line that was not there.
    """
    if before is None:
        return "new"
    if before == now:
        return "same"
    return "reopened" if is_settled else "changed"


def to_adjust(
    gap_fen: int, *, is_fault: bool, drift_fen: int, entered_fen: int, recomputed_fen: int
) -> int:
    """LEDGER-6: what a later statement settles of a line that both sides have confirmed.

    gap_fen: ledger less statement, as compared. is_fault: the statement was wrong. drift_fen: by
    how much the statement's lines have grown since. entered_fen: what was entered for the month by
    whatever way, recomputed_fen: by this one. A line that is no fault any more gives that back.
    """
    if not (is_fault and gap_fen):
        return -recomputed_fen
    return gap_fen - drift_fen - entered_fen
