"""The account between a firm and a street, worked out from what was booked. Pure; whole fen."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from counselhub.balances.kinds import EntryKind

AGES = (30, 60, 90)
"""Days since the signature at which the next column of the ageing begins."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking. key: its source, `due:<id of the statement>`; an un-match is below 0."""

    day: date
    kind: EntryKind
    key: str
    label: str
    amount_fen: int
    statement: str
    """The id of the statement that it is about."""

    def document(self) -> dict[str, Any]:
        """Return it as it is frozen."""
        return {
            "day": self.day.isoformat(),
            "kind": self.kind.value,
            "key": self.key,
            "label": self.label,
            "amount_fen": self.amount_fen,
            "statement": self.statement,
        }


@dataclass(frozen=True, slots=True)
class Owed:
    """A signed statement: since when it is due, and when it was paid, None while it is not."""

    signed_on: date
    paid_on: date | None
    amount_fen: int


def figures(entries: Iterable[Entry], first: date, last: date) -> dict[str, int]:
    """Return the sums of an account from `first` to `last`, both included (BALANCE-1).

    unpaid = opening_unpaid + due − paid: what the street owes; on_way = opening_on_way + paid −
    received − written_off: what it has paid and the firm has not got. Both together are `closing`.
    """
    before, within = dict.fromkeys(EntryKind, 0), dict.fromkeys(EntryKind, 0)
    for one in entries:
        if one.day < first:
            before[one.kind] += one.amount_fen
        elif one.day <= last:
            within[one.kind] += one.amount_fen
    unpaid, on_way = _open(before)
    more_unpaid, more_on_way = _open(within)
    closing_unpaid, closing_on_way = unpaid + more_unpaid, on_way + more_on_way
    return {
        "opening": unpaid + on_way,
        "opening_unpaid": unpaid,
        "opening_on_way": on_way,
        **{kind.value: fen for kind, fen in within.items()},
        "unpaid": closing_unpaid,
        "on_way": closing_on_way,
        "closing": closing_unpaid + closing_on_way,
    }


def _open(sums: Mapping[EntryKind, int]) -> tuple[int, int]:
    """Return what bookings leave unpaid, and what they leave on its way."""
    paid = sums[EntryKind.PAID]
    got = sums[EntryKind.RECEIVED] + sums[EntryKind.WRITTEN_OFF]
    return sums[EntryKind.DUE] - paid, paid - got


def lines(entries: Iterable[Entry], first: date, last: date) -> list[Entry]:
    """Return the entries of the period by day, in the order of kinds, then by label."""
    kinds = list(EntryKind)
    found = [one for one in entries if first <= one.day <= last]
    return sorted(found, key=lambda one: (one.day, kinds.index(one.kind), one.label, one.key))


def ageing(owed: Iterable[Owed], last: date) -> list[int]:
    """Return what is unpaid at the end of `last` by age: up to 30, 60, 90 days, and older."""
    found = [0] * (len(AGES) + 1)
    for one in owed:
        if one.signed_on <= last and (one.paid_on is None or one.paid_on > last):
            days = (last - one.signed_on).days
            found[sum(days > age for age in AGES)] += one.amount_fen
    return found


def digest(head: Sequence[str], sums: Mapping[str, Any], told: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 over an account as it is frozen, hexadecimal (BALANCE-2)."""
    text = json.dumps([list(head), dict(sums), list(told)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
