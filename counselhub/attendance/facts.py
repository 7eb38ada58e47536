"""What an attendance export says, before anybody knows whom or what it is about. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime

from counselhub.attendance.kinds import MARKS, Layout, Mark, Vendor


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the other system knows one; `userid` and `number` (工号) are texts, or ''."""

    vendor: Vendor
    userid: str
    name: str
    number: str = ""

    @property
    def key(self) -> str:
        """What tells people apart: the userid, else the name."""
        return f"id:{self.userid}" if self.userid else f"name:{self.name}"


@dataclass(frozen=True, slots=True)
class Tap:
    """One punch of another system; times are wall clocks of Shanghai, without zone."""

    who: Who
    at: datetime
    planned: datetime | None = None
    result: str = ""
    place: str = ""
    device: str = ""
    remark: str = ""
    mark: Mark = Mark.PLAIN
    cell: str = ""
    """Where it was read, "" for what came by the interface."""

    @property
    def minute(self) -> datetime:
        """The minute of the punch: two in one count once."""
        return self.at.replace(second=0, microsecond=0)

    @property
    def key(self) -> tuple[str, datetime]:
        """What tells punches apart."""
        return self.who.key, self.minute


@dataclass(frozen=True, slots=True)
class DayFact:
    """What the other system made of one person's day, in its own words: 缺卡, 请假."""

    who: Who
    day: date
    words: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence at one cell, `原始记录!H5`."""

    cell: str
    message: str

    def document(self) -> dict[str, str]:
        """Return it as commands print it."""
        return {"cell": self.cell, "message": self.message}


@dataclass
class Reading:
    """Everything that one file says. rows: rows that name a person, sound or not."""

    layout: Layout
    first: date | None = None
    last: date | None = None
    rows: int = 0
    taps: list[Tap] = field(default_factory=list)
    days: list[DayFact] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    people: dict[str, Who] = field(default_factory=dict)
    rows_of: dict[str, int] = field(default_factory=dict)
    """How many rows each person has, by the person's key."""

    def see(self, who: Who) -> None:
        """Count a row of `who`."""
        self.rows += 1
        self.people.setdefault(who.key, who)
        self.rows_of[who.key] = self.rows_of.get(who.key, 0) + 1


def distinct(taps: list[Tap]) -> dict[tuple[str, datetime], Tap]:
    """Return one punch for each person and minute: what several rows tell of it is joined."""
    found: dict[tuple[str, datetime], Tap] = {}
    for tap in taps:
        other = found.get(tap.key)
        found[tap.key] = tap if other is None else _joined(other, tap)
    return found


def _joined(one: Tap, other: Tap) -> Tap:
    worst = max(one.mark, other.mark, key=MARKS.index)
    return Tap(
        who=one.who,
        at=min(one.at, other.at),
        planned=one.planned or other.planned,
        result=one.result or other.result,
        place=one.place or other.place,
        device=one.device or other.device,
        remark=one.remark or other.remark,
        mark=worst,
        cell=one.cell,
    )
