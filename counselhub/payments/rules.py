"""What a payment list says, worked out from its rows. Pure; amounts are whole fen."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from counselhub.statements.terms import Source

SOURCES = tuple(source.value for source in Source)
"""市级, 区级, 街道, in the order that M12 writes them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One payment as finance reads it. funding: (source, fen) pairs that sum to `amount_fen`."""

    position: int
    statement: str
    """The statement's number."""
    month: date
    payee: str
    bank: str
    account: str
    amount_fen: int
    funding: tuple[tuple[str, int], ...]

    def share(self, source: str) -> int:
        """Return what one source pays of it, 0 when it pays nothing."""
        return sum(fen for name, fen in self.funding if name == source)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a list, in fen. shares: by source, in the order of SOURCES."""

    rows: int
    amount_fen: int
    shares: tuple[tuple[str, int], ...]


def totals(rows: Iterable[Row]) -> Totals:
    """Return the sums of `rows`; of none all are 0 (PAY-2)."""
    every = list(rows)
    shares: Counter[str] = Counter()
    for row in every:
        shares.update(dict(row.funding))
    return Totals(
        len(every),
        sum(row.amount_fen for row in every),
        tuple((source, shares[source]) for source in SOURCES),
    )


def digest(number: str, rows: Sequence[Row]) -> str:
    """Return the SHA-256 over a list's number and rows, hexadecimal (PAY-3).

    The rows count in the order of their positions, whatever order they come in.
    """
    told = [
        [row.position, row.statement, row.payee, row.bank, row.account, row.amount_fen]
        + [list(share) for share in row.funding]
        for row in sorted(rows, key=lambda row: row.position)
    ]
    text = json.dumps([number, told], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def lacking(payee: str, bank: str, account: str) -> bool:
    """Say whether finance could not pay: a payee without name, bank or account (PAY-1)."""
    return not (payee.strip() and bank.strip() and account.strip())
