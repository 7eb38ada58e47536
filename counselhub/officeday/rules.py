"""What a year will have cost: signed so far, open months at their base, a mean of what varies.

Pure; amounts are whole fen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from counselhub.core.money import divide_half_up
from counselhub.statements.months import Month

FIXED_KINDS = frozenset({"base", "shortfall", "withhold", "release", "grade", "adjustment"})
"""Kinds of lines that do not depend on what is done beyond duty; all others vary."""


@dataclass(frozen=True, slots=True)
class SignedFact:
    """A statement that the office has signed. total_fen: what is paid; variable_fen: of it."""

    firm: str
    month: Month
    total_fen: int
    variable_fen: int


@dataclass(frozen=True, slots=True)
class BaseFact:
    """A month's base of one community under one contract, and the month that settles it (M1)."""

    firm: str
    month: Month
    settles: Month
    fen: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """A year's cost as it will be. open_months: of all firms together; mean_fen: of one such."""

    signed_fen: int
    base_fen: int
    open_months: int
    mean_fen: int

    @property
    def variable_fen(self) -> int:
        """What the open months add beside their base, if they are like those signed."""
        return self.mean_fen * self.open_months

    @property
    def total_fen(self) -> int:
        """The whole year."""
        return self.signed_fen + self.base_fen + self.variable_fen


def forecast(signed: Sequence[SignedFact], bases: Iterable[BaseFact]) -> Forecast:
    """Forecast a year from its signed statements and the bases of all its months.

    A base is open while the statement that settles it is not signed; a firm's month is open while
    it has a base and no signed statement. Without a signed statement nothing varies yet.
    """
    done = {(one.firm, one.month) for one in signed}
    known = list(bases)
    base_fen = sum(one.fen for one in known if (one.firm, one.settles) not in done)
    open_months = {(one.firm, one.month) for one in known} - done
    varied_fen = sum(one.variable_fen for one in signed)
    mean_fen = divide_half_up(varied_fen, len(done)) if done else 0
    return Forecast(sum(one.total_fen for one in signed), base_fen, len(open_months), mean_fen)


@dataclass(frozen=True, slots=True)
class Budget:
    """One source's year. granted_fen: None when the office has entered nothing."""

    source: str
    granted_fen: int | None
    used_fen: int

    @property
    def left_fen(self) -> int | None:
        """What is left, below 0 when more was signed than granted; None without a grant."""
        return None if self.granted_fen is None else self.granted_fen - self.used_fen


def budgets(granted: Mapping[str, int | None], used: Mapping[str, int]) -> list[Budget]:
    """Return each source that was granted or used, in the order of `granted`."""
    return [
        Budget(source, fen, used.get(source, 0))
        for source, fen in granted.items()
        if fen is not None or used.get(source)
    ]
