"""What a pack lacks before it may be signed, and how a change of hands moves load. Pure.

HANDOVER-1: every line is taken over, or has a remark that says why not.
HANDOVER-2: a community is told the cause only where it harms nobody: left, its own wish, rotation.
HANDOVER-3: above `COMFORTABLE_COMMUNITIES` a successor's load is pointed out, never refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from counselhub.assignments.rules import COMFORTABLE_COMMUNITIES
from counselhub.handovers.kinds import LineKind


@dataclass(frozen=True, slots=True)
class Draft:
    """One thing to hand over, as its source tells it; subject_id: the row that it tells of."""

    kind: LineKind
    words: str
    due_on: date | None = None
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LineFact:
    """A line as it is to be judged."""

    is_taken: bool
    remark: str = ""


def lacking(lines: Iterable[LineFact]) -> int:
    """Return how many lines are neither taken over nor explained (HANDOVER-1)."""
    return sum(not (line.is_taken or line.remark) for line in lines)


@dataclass(frozen=True, slots=True)
class Load:
    """A lawyer's led communities on the day of the change, before it and after."""

    adviser_id: UUID
    name: str
    before: int
    after: int

    @property
    def is_heavy(self) -> bool:
        """Whether more than the comfortable number comes together (HANDOVER-3)."""
        return self.after > COMFORTABLE_COMMUNITIES and self.after > self.before


def loads(
    names: Mapping[UUID, str], before: Mapping[UUID, int], after: Mapping[UUID, int]
) -> Sequence[Load]:
    """Return the load of everybody in `names`, the heaviest first, then by name."""
    found = [Load(one, name, before.get(one, 0), after.get(one, 0)) for one, name in names.items()]
    return sorted(found, key=lambda load: (-load.after, load.name, load.adviser_id))
