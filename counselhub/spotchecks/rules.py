"""Which planned duty is drawn? Pure: the same population and seed give the same draw anywhere."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

OVERDUE_DAYS = 30
"""SPOT-2: who was not checked for longer comes before all others."""
MOST_TICKETS = OVERDUE_DAYS // 7


@dataclass(frozen=True, slots=True)
class Candidate:
    """One community with duty planned in the days of a draw.

    last_on: the day of its last check, None when it never had one. slots: ids, in any order.
    """

    community: str
    last_on: date | None
    slots: tuple[str, ...]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Read it back from the list that a draw keeps."""
        last = document["last_on"]
        return cls(
            document["community"],
            date.fromisoformat(last) if last else None,
            tuple(document["slots"]),
        )

    def document(self) -> dict[str, Any]:
        """Return it as the list of a draw keeps it."""
        last = self.last_on.isoformat() if self.last_on else None
        return {"community": self.community, "last_on": last, "slots": sorted(self.slots)}


@dataclass(frozen=True, slots=True)
class Pick:
    """One drawn community with the slot to look at. tickets: how many it had, 0 when overdue."""

    community: str
    slot: str
    tickets: int


def listed(population: Iterable[Candidate]) -> list[dict[str, Any]]:
    """Return the list that a draw keeps: by community's code, slots by id."""
    return [one.document() for one in sorted(population, key=lambda one: one.community)]


def digest(population: Iterable[Candidate]) -> str:
    """Return the SHA-256 of that list as JSON without blanks, keys in order, in UTF-8."""
    text = json.dumps(listed(population), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def draw(population: Sequence[Candidate], *, seed: int, count: int, on: date) -> list[Pick]:
    """Return at most `count` picks in their order, one for each community.

    SPOT-1: a community has a ticket for each whole week since its last check, at least one; ticket
    k of a community is the SHA-256 of `seed:code:k`, and the smallest one counts; the communities
    with the smallest are drawn. SPOT-2: those not checked for more than OVERDUE_DAYS before `on`,
    or never, come first, the longest unchecked at the head, equals by their smallest ticket of one.
    SPOT-3: of a community the slot with the smallest SHA-256 of `seed:id` is looked at.
    The order of the population changes nothing.
    """
    chosen = sorted(population, key=lambda one: _place(one, seed, on))[: max(0, count)]
    return [
        Pick(
            one.community,
            min(one.slots, key=lambda slot: _value(seed, slot)),
            0 if _is_overdue(one, on) else _tickets(one, on),
        )
        for one in chosen
    ]


def is_too_early(at: datetime, starts: datetime, *, is_absence: bool) -> bool:
    """SPOT-4: a finding is of the slot's day; nobody is absent before the slot begins.

    at, starts: wall clock.
    """
    return at < starts if is_absence else at.date() < starts.date()


def may_settle(today: date, due_on: date | None, *, is_answered: bool) -> bool:
    """SPOT-5: the office decides when the firm has answered, or has let its last day pass."""
    return is_answered or (due_on is not None and today > due_on)


def longest_wait(communities: int, count: int) -> int:
    """Return after how many weekly draws at the latest each of `communities` has been drawn anew.

    Of draws of `count` each, all of them carried out, every community having duty each week.
    """
    return OVERDUE_DAYS // 7 + 1 + (communities - 1) // count


def _place(one: Candidate, seed: int, on: date) -> tuple[bool, int, str]:
    overdue = _is_overdue(one, on)
    last = (one.last_on or date.min).toordinal() if overdue else 0
    tickets = 1 if overdue else _tickets(one, on)
    best = min(_value(seed, f"{one.community}:{k}") for k in range(1, tickets + 1))
    return not overdue, last, best


def _is_overdue(one: Candidate, on: date) -> bool:
    return one.last_on is None or (on - one.last_on).days > OVERDUE_DAYS


def _tickets(one: Candidate, on: date) -> int:
    weeks = (on - one.last_on).days // 7 if one.last_on else 1
    return min(MOST_TICKETS, max(1, weeks))


def _value(seed: int, words: str) -> str:
    return hashlib.sha256(f"{seed}:{words}".encode()).hexdigest()
