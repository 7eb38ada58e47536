"""The contracts that follow others: number, days, amount, and what is in their way. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from counselhub.contracts.rules import renewal
from counselhub.core.money import round_half_up


@dataclass(frozen=True, slots=True)
class Before:
    """A contract that is to be continued."""

    contract_id: UUID
    number: str
    kind: str
    first: date
    last: date
    annual_fen: int | None
    communities: tuple[str, ...]


class Taken(NamedTuple):
    """The days on which a contract of one kind covers a community."""

    community: str
    kind: str
    first: date
    last: date
    number: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What follows `before`. fault: `number` or `overlap`, '' for none; of: what is in the way."""

    before: Before
    number: str
    first: date
    last: date
    annual_fen: int | None
    fault: str = ""
    of: str = ""


def proposals(
    chosen: Sequence[Before], percent: Decimal, taken: Iterable[Taken], numbers: Collection[str]
) -> list[Proposal]:
    """Return what follows each contract, as many years on.

    percent: by how much amounts change; a contract without an amount of its own stays by its
    scheme. taken: days of other contracts; numbers: those that are used.
    """
    wanted = [next_number(one) for one in chosen]
    twice = {number for number, count in Counter(wanted).items() if count > 1}
    days = list(taken)
    return [
        _proposal(one, number, percent, days, {*numbers, *twice})
        for one, number in zip(chosen, wanted, strict=True)
    ]


def _proposal(
    before: Before, number: str, percent: Decimal, taken: Sequence[Taken], numbers: set[str]
) -> Proposal:
    first, last = renewal(before.first, before.last)
    annual_fen = changed(before.annual_fen, percent)
    fault, of = "", ""
    if number in numbers:
        fault, of = "number", number
    for one in taken:
        is_same = one.kind == before.kind and one.community in before.communities
        if is_same and one.first <= last and first <= one.last:
            fault, of = "overlap", one.number
    return Proposal(before, number, first, last, annual_fen, fault, of)


def next_number(before: Before) -> str:
    """Return the number with its year moved on, else with the new year behind it."""
    first, _last = renewal(before.first, before.last)
    year = str(before.first.year)
    if year in before.number and first.year != before.first.year:
        return before.number.replace(year, str(first.year))
    return f"{before.number}-{first.year}"


def changed(annual_fen: int | None, percent: Decimal) -> int | None:
    """Return an amount changed by a percentage, half up to a fen; None stays."""
    return None if annual_fen is None else round_half_up(annual_fen * (100 + percent) / 100)
