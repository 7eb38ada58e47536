"""Which class a case seems to be of, and why. Pure; the firm's own thresholds are the argument.

CLASS-1 each of people, amount and sittings gives the class whose threshold it reaches; CLASS-2 the
highest of them counts; CLASS-3 a group or violence is at least major; CLASS-4 land, demolition and
medical disputes are at least ordinary; CLASS-5 several sittings are one dispute, never more cases.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from counselhub.claims.kinds import Difficulty
from counselhub.services.kinds import DisputeKind

LADDER = tuple(Difficulty)
"""The classes from the lowest up."""
HARD_KINDS = frozenset({DisputeKind.LAND, DisputeKind.DEMOLITION, DisputeKind.MEDICAL})


class Ground(StrEnum):
    """Why a class was proposed."""

    PERSONS = "persons"
    AMOUNT = "amount"
    SITTINGS = "sittings"
    GROUP = "group"
    VIOLENCE = "violence"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A dispute in numbers; None what nobody wrote down. amount_fen: at stake, whole fen."""

    persons: int | None = None
    amount_fen: int | None = None
    sittings: int | None = None
    is_group: bool = False
    is_violent: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """From how many people, how much money (whole fen), how many sittings on a class begins.

    Each has three steps: for the second, the third and the highest class.
    """

    persons: tuple[int, int, int] = (3, 10, 30)
    amount_fen: tuple[int, int, int] = (1_000_000, 10_000_000, 50_000_000)
    sittings: tuple[int, int, int] = (2, 4, 6)

    def is_rising(self) -> bool:
        """Tell whether every step is higher than the one before."""
        steps = (self.persons, self.amount_fen, self.sittings)
        return all(0 < low < middle < high for low, middle, high in steps)


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground with the class it leads to; value: the number behind it, 0 of a flag."""

    ground: Ground
    difficulty: Difficulty
    value: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """The class by rule and what led to it, the heaviest first; no reason for the lowest class."""

    difficulty: Difficulty
    reasons: tuple[Reason, ...]


def propose(case: CaseFact, scale: Scale) -> Proposal:
    """Return the class that the rules give (CLASS-1 to 5)."""
    found = sorted(_reasons(case, scale), key=lambda one: -LADDER.index(one.difficulty))
    return Proposal(found[0].difficulty if found else LADDER[0], tuple(found))


def _reasons(case: CaseFact, scale: Scale) -> Iterator[Reason]:
    counted = (
        (Ground.PERSONS, case.persons, scale.persons),
        (Ground.AMOUNT, case.amount_fen, scale.amount_fen),
        (Ground.SITTINGS, case.sittings, scale.sittings),
    )
    for ground, value, steps in counted:
        if place := _reached(value, steps):
            yield Reason(ground, LADDER[place], value or 0)
    if case.is_group:
        yield Reason(Ground.GROUP, Difficulty.MAJOR)
    if case.is_violent:
        yield Reason(Ground.VIOLENCE, Difficulty.MAJOR)
    if case.kind in HARD_KINDS:
        yield Reason(Ground.KIND, Difficulty.ORDINARY)


def _reached(value: int | None, steps: Sequence[int]) -> int:
    return sum((value or 0) >= step for step in steps)
