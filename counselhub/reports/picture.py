"""A month's picture: its figures by community, lawyer, firm or street, beside the month before."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.access import current_member
from counselhub.places.models import short_name
from counselhub.reports import queries
from counselhub.reports.figures import OF_SESSIONS, OF_SLOTS, Figures
from counselhub.reports.gather import Gathered, gather
from counselhub.statements.months import Month


class Spot(NamedTuple):
    """Where a figure belongs. adviser_id None: to the community whoever came."""

    firm_id: UUID
    street: str
    community: str
    adviser_id: UUID | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row. key: what the address of its records names; about: what stands below its name."""

    key: str
    name: str
    about: str
    order: str
    words: str
    now: Figures
    before: Figures


@dataclass(frozen=True, slots=True)
class Picture:
    """The lines asked for, counts of each filter, and the sums of everything in scope."""

    lines: Sequence[Line]
    counts: Mapping[str, int]
    now: Figures
    before: Figures
    streets: Sequence[tuple[str, str]]
    unclear: Sequence[tuple[str, str]]


SHOWN: Mapping[str, Callable[[Figures], bool]] = {
    "": lambda _figures: True,
    "behind": lambda figures: figures.is_behind,
    "unproven": lambda figures: figures.is_unproven,
    "absent": lambda figures: figures.is_absent,
}
ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "gap": lambda line: (
        -(0 if line.now.percent is None else 100 - line.now.percent),
        -line.now.missing_minutes,
        line.order,
    ),
    "name": lambda line: line.order,
    "minutes": lambda line: (-line.now.minutes, line.order),
    "missed": lambda line: (-line.now.missed, -line.now.short, line.order),
    "late": lambda line: (-line.now.late, -line.now.late_minutes, line.order),
    "proof": lambda line: (-line.now.grade_d, -line.now.grade_c, line.order),
    "cover": lambda line: (-line.now.substituted, -line.now.stood_in, line.order),
}
KEYS: Mapping[str, Callable[[Spot], Hashable]] = {
    "community": lambda spot: (spot.firm_id, spot.community),
    "adviser": lambda spot: spot.adviser_id,
    "firm": lambda spot: spot.firm_id,
    "street": lambda spot: spot.street,
}
Cells = Mapping[Spot, Figures]


def picture(
    month: date,
    by: str,
    *,
    show: str = "",
    words: str = "",
    sort: str = "gap",
    backwards: bool = False,
    street: str = "",
) -> Picture:
    """Work out a month (its first day), beside the month before; six statements, an office's seven.

    by: a key of KEYS. show: a key of SHOWN; words: in the name, pinyin or code. street: '' for all.
    """
    known = gather(current_member(), Month.of(month), street)
    only = None if queries.sees_everybody() else _served(known)
    now, before = _cells(known, month, street, only)
    names = _Names.of([*now, *before])
    found = _lines(by, now, before, names)
    asked = [one for one in found if words.lower() in one.words]
    shown = [one for one in asked if SHOWN.get(show, SHOWN[""])(one.now)]
    shown.sort(key=ORDERS.get(sort, ORDERS["gap"]), reverse=backwards)
    return Picture(
        lines=shown,
        counts={key: sum(map(test, (one.now for one in asked))) for key, test in SHOWN.items()},
        now=Figures.of(now.values()),
        before=Figures.of(before.values()),
        streets=names.streets(),
        unclear=known.unclear,
    )


def _served(known: Gathered) -> set[str]:
    """Return the communities that the reading lawyer is assigned to."""
    own = str(current_member().adviser_id)
    return {one.community for firm in known.firms for one in firm.assignments if one.adviser == own}


def _cells(
    known: Gathered, month: date, street: str, only: set[str] | None
) -> tuple[dict[Spot, Figures], dict[Spot, Figures]]:
    """Return the figures of a month and of the one before, by where they belong.

    Of the month before only what was planned and came: its grades and requirement stand on its own
    page. only: the communities whose requirement is shown, None for all.
    """
    last = clock.previous_month(month)
    now: defaultdict[Spot, Figures] = defaultdict(Figures)
    found = {month: now, last: defaultdict(Figures)}
    for one in queries.session_tallies(last, month, street):
        figures = found[one.of_month][Spot(*one[:4])]
        figures.add(one, OF_SESSIONS)
        if one.grade:
            figures.prove(one.grade, one.sessions)
    for one in queries.slot_tallies(last, month, street):
        found[one.of_month][Spot(*one[:4])].add(one, OF_SLOTS)
    for owed in known.standings():
        if only is None or owed.community in only:
            now[Spot(owed.firm_id, owed.community[:9], owed.community, None)].owe(owed.standing)
    _note_assigned(known, now)
    return now, found[last]


def _note_assigned(known: Gathered, cells: dict[Spot, Figures]) -> None:
    """Let every lawyer who has a community in the month appear, also who never came."""
    own = None if queries.sees_everybody() else str(current_member().adviser_id)
    for firm in known.firms:
        for one in firm.assignments:
            if own in (None, one.adviser):
                street, code = one.community[:9], one.community
                cells[Spot(firm.firm_id, street, code, UUID(one.adviser))].add(Figures())


@dataclass(frozen=True, slots=True)
class _Names:
    """What stands for the ids."""

    communities: Mapping[str, Any]
    advisers: Mapping[UUID, Any]
    firms: Mapping[UUID, str]

    @classmethod
    def of(cls, spots: Sequence[Spot]) -> "_Names":
        """Ask for the names of all places; three statements, two for a firm."""
        return cls(
            queries.communities(spot.community for spot in spots),
            queries.advisers(spot.adviser_id for spot in spots if spot.adviser_id),
            queries.firms(spot.firm_id for spot in spots),
        )

    def streets(self) -> list[tuple[str, str]]:
        """Return (code, name) of the streets."""
        return sorted({(one.street_code, one.street) for one in self.communities.values()})

    def community(self, spot: Spot, now: Figures, before: Figures) -> Line:
        """Return the row of a community; for an office also whose it is."""
        one = self.communities[spot.community]
        about = self.firms[spot.firm_id] if len(self.firms) > 1 else one.street
        key, name = spot.community, short_name(one.name)
        return Line(key, name, about, one.pinyin + key, one.search, now, before)

    def adviser(self, spot: Spot, now: Figures, before: Figures) -> Line:
        """Return the row of a lawyer."""
        one = self.advisers[spot.adviser_id] if spot.adviser_id else None
        name = one.name if one else _("已离开的律师")
        about = self.firms[spot.firm_id] if len(self.firms) > 1 else ""
        order, words = (one.pinyin, one.search) if one else ("", "")
        return Line(str(spot.adviser_id), name, about, order, words, now, before)

    def firm(self, spot: Spot, now: Figures, before: Figures) -> Line:
        """Return the row of a firm."""
        name = self.firms[spot.firm_id]
        return Line(str(spot.firm_id), name, "", name, name.lower(), now, before)

    def street(self, spot: Spot, now: Figures, before: Figures) -> Line:
        """Return the row of a street."""
        one = self.communities[spot.community]
        key = spot.street
        return Line(key, one.street, "", key, f"{key} {one.street}".lower(), now, before)


def _lines(by: str, now: Cells, before: Cells, names: _Names) -> list[Line]:
    """Sum the cells up by the asked key; what only the month before knows has no row."""
    key = KEYS[by]
    sums, spots = _summed(now, key, by)
    earlier, _spots = _summed(before, key, by)
    row = getattr(names, by)
    return [row(spots[one], sums[one], earlier.get(one, Figures())) for one in sums]


def _summed(
    cells: Cells, key: Callable[[Spot], Hashable], by: str
) -> tuple[dict[Hashable, Figures], dict[Hashable, Spot]]:
    sums: defaultdict[Hashable, Figures] = defaultdict(Figures)
    spots: dict[Hashable, Spot] = {}
    for spot, figures in cells.items():
        if by == "adviser" and spot.adviser_id is None:
            continue
        sums[key(spot)].add(figures)
        spots.setdefault(key(spot), spot)
    return sums, spots
