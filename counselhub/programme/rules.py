"""Which records feed which column, and whether the parts of a template sum to its total. Pure.

A record falls in one cell: its kind, its mode and its kind of dispute, the last two perhaps unsaid.
A template with a total is refused unless every cell falls in exactly one of its parts; so its parts
sum to its total whatever the log holds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from counselhub.programme.kinds import OF_DUTY, UNITS, Measure, Part, Unit
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode

MOST_COLUMNS = 24
LONGEST_TITLE = 24
Cell = tuple[ServiceKind, ServiceMode | None, DisputeKind | None]
MANNERS = tuple(product((*ServiceMode, None), (*DisputeKind, None)))
"""Every mode with every kind of dispute, unsaid ones too."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report.

    kinds: which feed it; none for a rest and for measures of duty, and none means all of them in a
    column aside. modes, disputes: only records that say one of these; none means whatever they say.
    """

    title: str
    unit: Unit
    measure: Measure = Measure.COUNT
    kinds: frozenset[ServiceKind] = frozenset()
    modes: frozenset[ServiceMode] = frozenset()
    disputes: frozenset[DisputeKind] = frozenset()
    part: Part = Part.PART

    @property
    def is_summed(self) -> bool:
        """Whether it is a part of the total."""
        return self.part is not Part.ASIDE

    @property
    def is_of_duty(self) -> bool:
        """Whether duty feeds it, and no service record."""
        return self.measure in OF_DUTY

    def names(self, cell: Cell) -> bool:
        """Whether the column names this cell; a rest names none."""
        kind, mode, dispute = cell
        if self.part is Part.REST or self.is_of_duty:
            return False
        any_kind = not self.kinds and self.part is Part.ASIDE
        return (
            (any_kind or kind in self.kinds)
            and (not self.modes or mode in self.modes)
            and (not self.disputes or dispute in self.disputes)
        )


@dataclass(frozen=True, slots=True)
class Template:
    """A report's columns in their order. has_total: its parts sum to a 合计."""

    name: str
    title: str
    columns: tuple[Column, ...]
    has_total: bool

    @property
    def parts(self) -> list[Column]:
        """The columns that the total sums."""
        return [column for column in self.columns if column.is_summed]

    @property
    def units(self) -> list[Unit]:
        """The units of the parts, each once, in the order of the columns."""
        return list(dict.fromkeys(column.unit for column in self.parts))

    def feeds(self, column: Column, cell: Cell) -> bool:
        """Whether a record of this cell counts in `column`."""
        if column.part is Part.REST:
            return not any(other.names(cell) for other in self.parts)
        return column.names(cell)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the log holds of one cell; persons counts a record without 人次 by its 件次."""

    count: int = 0
    persons: int = 0
    copies: int = 0
    recovered_fen: int = 0

    def of(self, measure: Measure) -> int:
        """Return what `measure` counts of it; 0 for a measure of duty."""
        named = {
            Measure.COUNT: self.count,
            Measure.PERSONS: self.persons,
            Measure.COPIES: self.copies,
            Measure.RECOVERED: self.recovered_fen,
        }
        return named.get(measure, 0)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a template is refused. code: the rule; column: its place from 0, None for the whole.

    kinds: those in question; other: the place of another column that is in the way.
    """

    code: str
    column: int | None = None
    kinds: tuple[ServiceKind, ...] = field(default=())
    other: int | None = None


def values(template: Template, log: Mapping[Cell, Tally]) -> list[int]:
    """Return what each column counts of a log, in order; amounts in fen, duty 0."""
    return [
        sum(
            tally.of(column.measure)
            for cell, tally in log.items()
            if not column.is_of_duty and template.feeds(column, cell)
        )
        for column in template.columns
    ]


def total(template: Template, log: Mapping[Cell, Tally]) -> int:
    """Return the total from the side of the log: each record once, by the first part it falls in.

    A record that falls in no part counts by its 件次: it was done, whatever the template forgot.
    """
    found = 0
    for cell, tally in log.items():
        part = next((one for one in template.parts if template.feeds(one, cell)), None)
        found += tally.of(part.measure if part else Measure.COUNT)
    return found


def faults(template: Template) -> list[Fault]:
    """Return why a template is refused, nothing when it is sound.

    Codes: none, many, untitled, same_title, unit, no_kinds, takes_none, not_summed, rests, twice,
    left_out. A kind that two parts count is named even where there is no total to spoil.
    """
    found = list(_of_columns(template))
    if not template.parts and template.has_total:
        found.append(Fault("none"))
    if not template.columns:
        return [Fault("none")]
    if len(template.columns) > MOST_COLUMNS:
        found.append(Fault("many"))
    found += _twice(template)
    if template.has_total and template.parts:
        found += _left_out(template)
    return found


def _of_columns(template: Template) -> Iterator[Fault]:
    titles: dict[str, int] = {}
    rests: list[int] = []
    for place, column in enumerate(template.columns):
        if not column.title or len(column.title) > LONGEST_TITLE:
            yield Fault("untitled", place)
        elif (first := titles.setdefault(column.title, place)) != place:
            yield Fault("same_title", place, other=first)
        yield from (Fault(code, place) for code in _of_column(column))
        if column.part is Part.REST:
            rests.append(place)
            if len(rests) > 1:
                yield Fault("rests", place, other=rests[0])


def _of_column(column: Column) -> Iterator[str]:
    """Return the codes of what is wrong with a column by itself."""
    chosen = column.kinds or column.modes or column.disputes
    if column.unit not in UNITS[column.measure]:
        yield "unit"
    if column.is_summed and (column.is_of_duty or column.measure is Measure.RECOVERED):
        yield "not_summed"
    if chosen and (column.is_of_duty or column.part is Part.REST):
        yield "takes_none"
    if column.part is Part.PART and not column.kinds and not column.is_of_duty:
        yield "no_kinds"


def _twice(template: Template) -> Iterator[Fault]:
    """Name the kinds of records that two parts both count."""
    summed = [(place, one) for place, one in enumerate(template.columns) if one.part is Part.PART]
    for (first, one), (second, other) in combinations(summed, 2):
        both = one.kinds & other.kinds
        if both and _meet(one.modes, other.modes) and _meet(one.disputes, other.disputes):
            kinds = tuple(kind for kind in ServiceKind if kind in both)
            yield Fault("twice", second, kinds, other=first)


def _meet(some: frozenset[Any], others: frozenset[Any]) -> bool:
    """Whether a record may say what both ask for; one that asks for nothing takes anything."""
    return not some or not others or bool(some & others)


def _left_out(template: Template) -> Iterator[Fault]:
    """Name the kinds of which some record falls in no part."""
    if any(column.part is Part.REST for column in template.columns):
        return
    kinds = tuple(kind for kind in ServiceKind if _is_left_out(template, kind))
    if kinds:
        yield Fault("left_out", None, kinds)


def _is_left_out(template: Template, kind: ServiceKind) -> bool:
    parts = template.parts
    return any(not any(part.names((kind, *said)) for part in parts) for said in MANNERS)


def uncounted(template: Template) -> tuple[ServiceKind, ...]:
    """Return the kinds of which no column counts anything 件次 or 人次: told beside the report."""
    counting = [one for one in template.columns if one.measure in (Measure.COUNT, Measure.PERSONS)]
    if any(column.part is Part.REST for column in counting):
        return ()
    return tuple(
        kind
        for kind in ServiceKind
        if not any(one.names((kind, *said)) for one in counting for said in MANNERS)
    )
