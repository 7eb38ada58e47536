"""What only a rule pack can say of pay: by class, by factors, by presence, activity and points."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

HUNDRED = Decimal(100)


class Factor(StrEnum):
    """What a budget is allotted to communities by, in the order written (M14)."""

    POPULATION = "人口"
    DISPUTES = "矛盾纠纷"
    CONTRACTS = "合同"


Counts = tuple[int, int, int]
"""A community's numbers, in the order of `Factor`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """A year's budget and what it is allotted by (M14).

    weights: percentages that sum to 100. communities: every one that shares the budget, by code.
    """

    budget_fen: int
    weights: Mapping[Factor, Decimal]
    communities: Mapping[str, Counts]
    # The budget is shared out once, however many communities ask: `rules.annual` keeps it here.
    amounts: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def total(self, factor: Factor) -> int:
        """Return what all communities have of a factor."""
        place = list(Factor).index(factor)
        return sum(counts[place] for counts in self.communities.values())


@dataclass(frozen=True, slots=True)
class Activity:
    """What one service of a kind is paid, and how many a community and month; cap None: any."""

    fee_fen: int
    cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTerms:
    """The part of a version that a workbook does not know; None and empty: it pays nothing so.

    class_fen: a class's amount a year, class_of: a community's class (M13). visit_cap, hour_cap:
    paid visits and hours of a community and month (M15). activities: by 服务类别 (M16). point_cap:
    above 0, point_floor: 0 or less, None is 0 (M17).
    """

    class_fen: Mapping[str, int] = field(default_factory=dict)
    class_of: Mapping[str, str] = field(default_factory=dict)
    factors: Factors | None = None
    visit_fen: int | None = None
    visit_cap: int | None = None
    hour_fen: int | None = None
    hour_cap: int | None = None
    activities: Mapping[str, Activity] = field(default_factory=dict)
    point_fen: int | None = None
    point_cap: int | None = None
    point_floor: int | None = None

    @property
    def pays_presence(self) -> bool:
        """Whether presence itself is paid (M15)."""
        return bool(self.visit_fen or self.hour_fen)

    @property
    def varies(self) -> bool:
        """Whether communities have amounts of their own (M13, M14)."""
        return bool(self.class_of) or self.factors is not None

    def pays(self, kind: str) -> bool:
        """Whether services of a kind are paid (M16)."""
        return kind in self.activities

    def faults(self) -> Iterator[tuple[str, str]]:
        """Give (code, column) of what nothing can be computed from.

        `negative`; `class` of a community without an amount; `weights` that do not sum to 100;
        `factor_total` a weighted factor of which no community has any; `floor` above 0.
        """
        numbers = ("visit_fen", "visit_cap", "hour_fen", "hour_cap", "point_fen", "point_cap")
        yield from (("negative", name) for name in numbers if (getattr(self, name) or 0) < 0)
        if any(fen < 0 for fen in self.class_fen.values()):
            yield "negative", "class_fen"
        if not set(self.class_of.values()) <= set(self.class_fen):
            yield "class", "class_of"
        if any(one.fee_fen < 0 or (one.cap or 0) < 0 for one in self.activities.values()):
            yield "negative", "activities"
        if (self.point_floor or 0) > 0:
            yield "floor", "point_floor"
        if self.factors is not None:
            yield from _faults_of(self.factors)


def _faults_of(factors: Factors) -> Iterator[tuple[str, str]]:
    """Judge a budget and its factors."""
    numbers = [number for counts in factors.communities.values() for number in counts]
    if factors.budget_fen < 0 or any(number < 0 for number in numbers):
        yield "negative", "factors"
    weights = factors.weights
    if any(not 0 <= weight <= HUNDRED for weight in weights.values()):
        yield "percent", "factors"
    elif sum(weights.values()) != HUNDRED:
        yield "weights", "factors"
    elif any(weight and not factors.total(factor) for factor, weight in weights.items()):
        yield "factor_total", "factors"


NO_PACK = PackTerms()
"""The terms of a scheme that comes from a workbook."""
