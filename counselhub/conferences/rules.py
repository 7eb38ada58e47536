"""Who may do what to a conference, whose time clashes, which tasks are late? Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from counselhub.conferences.kinds import BusyWith, ConferenceStatus, TaskState

S = ConferenceStatus
LED = {
    S.PLANNED: frozenset({"change", "hold", "cancel"}),
    S.HELD: frozenset({"attend", "note", "conclude", "add_task", "drop_task", "finish_task"}),
    S.CONCLUDED: frozenset({"revise", "tell_community", "add_task", "drop_task", "finish_task"}),
    S.CANCELLED: frozenset[str](),
}
"""What its chair and the desk do in each state."""
BY_SEATED = {S.PLANNED: frozenset({"give_opinion", "excuse"}), S.HELD: frozenset({"give_opinion"})}
"""What each lawyer does for himself, and nobody for him."""
NUMBERING = re.compile(r"^[(（]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[、.．)）](?![0-9])")


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a conference."""

    is_desk: bool = False
    is_chair: bool = False
    is_seated: bool = False
    owns_task: bool = False
    """Whether the task that is asked about is his."""

    @property
    def leads(self) -> bool:
        """Whether what the chair does is his to do."""
        return self.is_desk or self.is_chair


def acts(status: ConferenceStatus, who: Standing) -> frozenset[str]:
    """Return the acts that `who` may do now, as CONFERENCE_ACTS names them.

    CONF-1: an opinion is its lawyer's alone, and nobody's once the conference has its conclusion.
    CONF-2: the chair does not excuse himself: another one takes the chair first.
    """
    mine = frozenset[str]()
    if who.leads:
        mine |= LED[status]
    if who.owns_task and "finish_task" in LED[status]:
        mine |= {"finish_task"}
    if who.is_seated:
        mine |= BY_SEATED.get(status, frozenset())
    return mine - {"excuse"} if who.is_chair else mine


def led() -> frozenset[str]:
    """Return every act of the chair and the desk, in whatever state."""
    return frozenset().union(*LED.values())


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one day by Shanghai's wall clock, without its last instant."""

    starts: datetime
    ends: datetime

    def meets(self, other: "Span") -> bool:
        """Whether the two share any time; touching ends do not."""
        return self.starts < other.ends and other.starts < self.ends


@dataclass(frozen=True, slots=True)
class Busy:
    """What takes a lawyer's time. what: the community or the other conference, "" for leave."""

    kind: BusyWith
    span: Span
    what: str = ""


def clashes(wanted: Span, busy: Iterable[Busy]) -> list[Busy]:
    """Return what shares time with `wanted`, by beginning.

    CONF-3: a clash is told to whoever invites, and forbids nothing: duty and leave can be moved.
    """
    found = [one for one in busy if one.span.meets(wanted)]
    return sorted(found, key=lambda one: (one.span.starts, one.kind))


def task_state(due_on: date, done_on: date | None, today: date) -> TaskState:
    """Return how a task stands. CONF-4: on its day it is not late yet."""
    if done_on is not None:
        return TaskState.DONE
    return TaskState.LATE if due_on < today else TaskState.OPEN


def lines(typed: str) -> list[str]:
    """Return the lines that say something, without a numbering of their own: 一、 or 2. goes."""
    plain = (NUMBERING.sub("", line.strip()).strip() for line in typed.splitlines())
    return [line for line in plain if line]
