"""A template as its table holds it: columns as plain values, and back. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from counselhub.programme.kinds import Measure, Part, Unit
from counselhub.programme.rules import Column
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode


def written(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Return columns as JSON holds them, codes in the order of their classes."""
    return [
        {
            "title": one.title,
            "unit": one.unit.value,
            "measure": one.measure.value,
            "kinds": [kind.value for kind in ServiceKind if kind in one.kinds],
            "modes": [mode.value for mode in ServiceMode if mode in one.modes],
            "disputes": [kind.value for kind in DisputeKind if kind in one.disputes],
            "part": one.part.value,
        }
        for one in columns
    ]


def read(columns: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """Return the columns that `written` wrote. Raises KeyError for an unknown code."""
    return tuple(
        Column(
            title=one["title"],
            unit=Unit.of(one["unit"]),
            measure=Measure.of(one["measure"]),
            kinds=frozenset(map(ServiceKind.of, one["kinds"])),
            modes=frozenset(map(ServiceMode.of, one["modes"])),
            disputes=frozenset(map(DisputeKind.of, one["disputes"])),
            part=Part.of(one["part"]),
        )
        for one in columns
    )
