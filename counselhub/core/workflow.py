"""State machines as tables. Pure: a flow says which act leads from which states to which."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One act of a flow: allowed in `sources`, leads to `target`."""

    sources: frozenset[str]
    target: str


Flow = Mapping[str, Move]


def moves_from(flow: Flow, status: str) -> list[str]:
    """Return the acts that `flow` allows in `status`, in the order of the table."""
    return [act for act, move in flow.items() if status in move.sources]


def states_of(flow: Flow) -> frozenset[str]:
    """Return every state that `flow` names."""
    return frozenset().union(*(move.sources | {move.target} for move in flow.values()))
