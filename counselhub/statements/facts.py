"""What happened and what was agreed: the only input of the rules. Built by actions from rows.

Days and minutes are of Asia/Shanghai; a minute is counted from midnight, 0 to 1440, its seconds
dropped. Sequences may be in any order: no rule depends on it. Who did what (`adviser`, "" where it
is not known) changes no amount but M3's presence: the split inside the firm asks for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from counselhub.statements.months import Month
from counselhub.statements.pack_terms import NO_PACK
from counselhub.statements.terms import Difficulty, Grade, SchemeTerms, Source


class ContractKind(StrEnum):
    """合同类型: with the community, or with the street office."""

    ENGAGEMENT = "聘用合同"
    PROCUREMENT = "政府购买服务合同"


class DutyRole(StrEnum):
    """角色 of an assignment; presence of either counts (M3)."""

    LEAD = "主责"
    BACKUP = "备岗"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFact:
    """A contract as the money sees it.

    number: unique in the firm. communities: all of them, also in other streets. ends_on and
    terminated_on are the last day of service, whichever is earlier. annual_fen: a community's
    amount, in place of the scheme's. scheme_versions: at least one, any order; before the first
    one's day the first one holds. Raises ValueError without a version.
    """

    number: str
    kind: ContractKind
    communities: Sequence[str]
    starts_on: date
    ends_on: date
    terminated_on: date | None = None
    annual_fen: int | None = None
    scheme_versions: Sequence[SchemeTerms]
    # Each rule asks for a month's period anew: `rules.periods` keeps its answers here.
    settlements: dict[Month, Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not self.scheme_versions:
            raise ValueError(f"contract {self.number} has no scheme version")

    @property
    def last_day(self) -> date:
        """The last day on which the contract is in force; before starts_on if it never was."""
        if self.terminated_on is None:
            return self.ends_on
        return min(self.ends_on, self.terminated_on)


def asking(contracts: Iterable[ContractFact]) -> set[str]:
    """Return the communities in which not every grade of evidence counts (M3)."""
    return {
        code
        for contract in contracts
        if any(terms.lowest_grade < "D" for terms in contract.scheme_versions)
        for code in contract.communities
    }


class AssignmentFact(NamedTuple):
    """An adviser assigned to a community, both days included; ends_on None: still is."""

    adviser: str
    community: str
    starts_on: date
    ends_on: date | None
    role: DutyRole


class SessionFact(NamedTuple):
    """One presence on site. sign_out None: never signed out, counts for nothing (M3).

    grade: how well it is proven, A to D; known where a scheme asks for it, else D.
    is_manual (补录) and is_denied (社区确认 is 否) change no amount: they only raise warnings.
    """

    day: date
    sign_in: int
    sign_out: int | None
    adviser: str
    substitute_for: str | None = None
    is_voided: bool = False
    is_manual: bool = False
    is_denied: bool = False
    grade: str = "D"


class LectureFact(NamedTuple):
    """A 法治讲座 record; times is its 件次 (M6)."""

    day: date
    community: str
    times: int = 1
    adviser: str = ""


class ActivityFact(NamedTuple):
    """A service record that is no lecture; kind is its 服务类别, times its 件次 (M16)."""

    day: date
    community: str
    kind: str
    times: int = 1
    adviser: str = ""


class PointFact(NamedTuple):
    """A mark of the office for a community's month, of either sign; reason: its own words (M17)."""

    community: str
    points: int
    reason: str


class ShiftFact(NamedTuple):
    """An online shift of the firm for the street; may pass midnight, any number of days (M7)."""

    starts_on: date
    start_minute: int
    ends_on: date
    end_minute: int
    adviser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFact:
    """A 以案定补 claim (M8).

    taken_elsewhere: a statement of another firm, or of another month than closed_on's, has already
    taken this case_number. The statement of its own month does not make it so.
    """

    case_number: str
    closed_on: date
    community: str
    difficulty: Difficulty
    is_oral: bool = False
    is_fulfilled: bool = True
    has_full_dossier: bool = True
    taken_elsewhere: bool = False
    adviser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFact:
    """A year's withholding whose assessment is confirmed (M9).

    withheld_fen, base_fen: 0 or more, of the year's approved statements. key: the row behind it,
    "" where there is none.
    """

    contract: str
    community: str
    year: int
    grade: Grade
    withheld_fen: int
    terms: SchemeTerms
    base_fen: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentFact:
    """A difference to an approved month, of either sign (M10). reason: as people wrote it.

    cause: its word, such as 补录. key: the row that entered it, line: the one it comes from; ""
    where there is none. adviser: whose late entry it settles.
    """

    contract: str
    community: str
    month: Month
    amount_fen: int
    reason: str
    terms: SchemeTerms
    cause: str = ""
    key: str = ""
    line: str = ""
    adviser: str = ""


@dataclass(frozen=True, slots=True)
class CarryFact:
    """What of a month is still to be taken off, by source (M11): the rest of a statement below
    nothing, less what others have taken of it; above 0 where they have taken more.
    """

    month: Month
    sources: tuple[tuple[Source, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFacts:
    """All that one firm's statement for one street and month depends on.

    street: its code, which community codes begin with. contracts: those with an active day since
    1 January that are within its `reach`, claims those of its communities, of the year up to the
    month's end. sessions: by community, at least of the settlement periods that end with the month,
    and of the month where presence is paid. lectures: at least of the quarter, up to the month's
    end. shifts: those that touch the month. activities and points: those of the month that a pack
    pays. Other records and contracts change nothing.
    """

    street: str
    month: Month
    contracts: Sequence[ContractFact]
    assignments: Sequence[AssignmentFact] = ()
    sessions: Mapping[str, Sequence[SessionFact]] = field(default_factory=dict)
    lectures: Sequence[LectureFact] = ()
    shifts: Sequence[ShiftFact] = ()
    claims: Sequence[ClaimFact] = ()
    activities: Sequence[ActivityFact] = ()
    points: Sequence[PointFact] = ()
    releases: Sequence[ReleaseFact] = ()
    adjustments: Sequence[AdjustmentFact] = ()
    carry: CarryFact | None = None
    older_carries: Sequence[CarryFact] = ()

    @property
    def carries(self) -> tuple[CarryFact, ...]:
        """What earlier statements left: the latest month's, and those of the months before it."""
        return (*self.older_carries, *((self.carry,) if self.carry else ()))

    def contracts_by_community(self) -> dict[str, list[ContractFact]]:
        """Arrange the contracts by each of their communities, in the order of their numbers."""
        arranged: dict[str, list[ContractFact]] = {}
        for contract in sorted(self.contracts, key=lambda contract: contract.number):
            for community in set(contract.communities):
                arranged.setdefault(community, []).append(contract)
        return arranged

    @property
    def has_packs(self) -> bool:
        """Whether a contract is under terms that only a rule pack can say."""
        return any(
            terms.pack is not NO_PACK
            for contract in self.contracts
            for terms in contract.scheme_versions
        )

    def communities_of(self, contract: ContractFact) -> list[str]:
        """Return the contract's communities in this street, by code."""
        street = self.street
        return sorted({code for code in contract.communities if code.startswith(street)})
