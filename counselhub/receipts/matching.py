"""Which receipt settles which statement: suggestions, each with its reason. Pure; amounts in fen.

The rules go from the surest to the least sure, and each takes receipts by day and statements by
age, so that the order in which rows come does not matter. Nothing is given twice: what a rule has
taken, the next one does not see.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from uuid import UUID

from counselhub.receipts.kinds import Confidence, How

MOST_OF_STREET = 10
"""Statements of a street that are tried together, the oldest: 375 sums at most."""
MOST_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """An open receipt. rest_fen: what of it settles nothing yet, above 0."""

    id: UUID
    day: date
    rest_fen: int
    payer: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DueFact:
    """A paid statement that the firm has not received whole. due_fen: what is missing, above 0."""

    id: UUID
    number: str
    street_code: str
    street_name: str
    month: date
    due_fen: int
    payment_reference: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A receipt and what of it settles which statements; never more than either has."""

    receipt_id: UUID
    parts: tuple[tuple[UUID, int], ...]
    how: How
    confidence: Confidence

    @property
    def amount_fen(self) -> int:
        """What it allocates in all."""
        return sum(fen for _statement, fen in self.parts)


Payers = Mapping[str, frozenset[str]]
"""Streets (codes) that a payer has paid for before, by `payer_key`."""


def payer_key(name: str) -> str:
    """Return a payer's name as it is compared: without blanks, brackets of one width."""
    return "".join(name.split()).replace("(", "（").replace(")", "）")


def number_key(text: str) -> str:
    """Return the letters and digits of a text in capitals: what a bank leaves of a number."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(one for one in text if one.isascii() and one.isalnum()).upper()


@dataclass(slots=True)
class _Desk:
    """What is still to be matched, and what was found."""

    receipts: list[ReceiptFact]
    dues: dict[UUID, DueFact]
    payers: Payers
    found: list[Suggestion] = field(default_factory=list)

    def streets_of(self, receipt: ReceiptFact) -> frozenset[str]:
        """Streets that the payer is known for: it paid before, or it bears the street's name."""
        return self.payers.get(payer_key(receipt.payer), frozenset())

    def take(
        self, receipt: ReceiptFact, dues: Sequence[DueFact], how: How, sure: Confidence
    ) -> None:
        """Note a suggestion, and take what it is about off the desk."""
        rest, parts = receipt.rest_fen, []
        for due in dues:
            parts.append((due.id, min(rest, due.due_fen)))
            rest -= parts[-1][1]
            del self.dues[due.id]
        self.found.append(Suggestion(receipt.id, tuple(parts), how, sure))


def suggest(
    receipts: Iterable[ReceiptFact], dues: Iterable[DueFact], payers: Payers
) -> list[Suggestion]:
    """Return what belongs together, the surest first; each receipt and statement once at most.

    MATCH-1 numbers in the reference, MATCH-2 amount and payer, MATCH-3 several of a street,
    MATCH-4 a known payer's smaller amount, MATCH-5 an amount that only one pair has.
    """
    by_age = sorted(dues, key=lambda due: (due.month, due.number, due.id))
    by_day = sorted(receipts, key=lambda one: (one.day, one.rest_fen, one.id))
    desk = _Desk(by_day, {due.id: due for due in by_age}, _with_names(by_day, by_age, payers))
    for rule in (_by_number, _by_amount, _by_sum, _by_payer, _alone):
        _apply(desk, rule)
    return desk.found


Rule = Callable[[_Desk], Callable[[ReceiptFact], bool]]


def _apply(desk: _Desk, rule: Rule) -> None:
    takes = rule(desk)
    desk.receipts = [one for one in desk.receipts if not (desk.dues and takes(one))]


def _with_names(receipts: Sequence[ReceiptFact], dues: Sequence[DueFact], payers: Payers) -> Payers:
    """Add the streets whose names payers bear: 甲街道财政所 pays for 甲街道."""
    streets = {due.street_name: due.street_code for due in dues if due.street_name}
    known: dict[str, frozenset[str]] = {}
    for key in {payer_key(one.payer) for one in receipts}:
        named = {code for name, code in streets.items() if name in key}
        known[key] = payers.get(key, frozenset()) | named
    return known


def _by_number(desk: _Desk) -> Callable[[ReceiptFact], bool]:
    keys = {number_key(due.number): due.id for due in desk.dues.values()}
    keys |= {
        key: due.id
        for due in desk.dues.values()
        if len(key := number_key(due.payment_reference)) >= 8 and key not in keys
    }

    def takes(receipt: ReceiptFact) -> bool:
        text = number_key(receipt.reference)
        if len(text) < 6:
            return False
        hits = [key for key in keys if key in text]
        longest = [key for key in hits if not any(key != one and key in one for one in hits)]
        ids = dict.fromkeys(keys[key] for key in longest if keys[key] in desk.dues)
        named = [desk.dues[one] for one in ids]
        if not named or receipt.rest_fen < sum(due.due_fen for due in named[:-1]) + 1:
            return False
        exact = receipt.rest_fen == sum(due.due_fen for due in named)
        desk.take(receipt, named, How.NUMBER, Confidence.CERTAIN if exact else Confidence.LIKELY)
        return True

    return takes


def _by_amount(desk: _Desk) -> Callable[[ReceiptFact], bool]:
    by_amount: defaultdict[int, list[DueFact]] = defaultdict(list)
    for due in desk.dues.values():
        by_amount[due.due_fen].append(due)

    def takes(receipt: ReceiptFact) -> bool:
        streets = desk.streets_of(receipt)
        fitting = [
            due
            for due in by_amount[receipt.rest_fen]
            if due.id in desk.dues and due.street_code in streets
        ]
        if not fitting:
            return False
        sure = Confidence.CERTAIN if len(fitting) == 1 else Confidence.LIKELY
        desk.take(receipt, fitting[:1], How.AMOUNT, sure)
        return True

    return takes


def _by_sum(desk: _Desk) -> Callable[[ReceiptFact], bool]:
    of_street: defaultdict[str, list[DueFact]] = defaultdict(list)
    for due in desk.dues.values():
        of_street[due.street_code].append(due)
    sums = {code: _sums(dues[:MOST_OF_STREET]) for code, dues in of_street.items()}

    def takes(receipt: ReceiptFact) -> bool:
        for code in sorted(desk.streets_of(receipt)):
            for together in sums.get(code, {}).get(receipt.rest_fen, ()):
                if all(due.id in desk.dues for due in together):
                    desk.take(receipt, together, How.SEVERAL, Confidence.LIKELY)
                    return True
        return False

    return takes


def _sums(dues: Sequence[DueFact]) -> dict[int, list[tuple[DueFact, ...]]]:
    """Return which statements come to which sum together, the fewest and oldest first."""
    found: defaultdict[int, list[tuple[DueFact, ...]]] = defaultdict(list)
    for size in range(2, MOST_TOGETHER + 1):
        for together in combinations(dues, size):
            found[sum(due.due_fen for due in together)].append(together)
    return found


def _by_payer(desk: _Desk) -> Callable[[ReceiptFact], bool]:
    """The oldest statement of a known payer's street, in part; from one that paid before only."""
    of_street: defaultdict[str, list[DueFact]] = defaultdict(list)
    for due in desk.dues.values():
        of_street[due.street_code].append(due)

    def takes(receipt: ReceiptFact) -> bool:
        streets = desk.streets_of(receipt)
        if len(streets) != 1:
            return False
        for due in of_street[min(streets)]:
            if due.id in desk.dues and receipt.rest_fen < due.due_fen:
                desk.take(receipt, [due], How.PAYER, Confidence.POSSIBLE)
                return True
        return False

    return takes


def _alone(desk: _Desk) -> Callable[[ReceiptFact], bool]:
    by_amount: defaultdict[int, list[DueFact]] = defaultdict(list)
    for due in desk.dues.values():
        by_amount[due.due_fen].append(due)
    receipts: defaultdict[int, int] = defaultdict(int)
    for one in desk.receipts:
        receipts[one.rest_fen] += 1

    def takes(receipt: ReceiptFact) -> bool:
        fitting = by_amount[receipt.rest_fen]
        if len(fitting) != 1 or receipts[receipt.rest_fen] != 1:
            return False
        desk.take(receipt, fitting, How.ALONE, Confidence.POSSIBLE)
        return True

    return takes
