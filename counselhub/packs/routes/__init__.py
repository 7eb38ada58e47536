"""Pages of rule packs: drafting, examples, rehearsal, activation; adoption by firms; marks."""

from counselhub.packs.routes import (
    activation,
    drafting,
    examples,
    marks,
    offered,
    passing,
    rehearsals,
)
from counselhub.packs.routes.blueprint import bp

__all__ = [
    "activation",
    "bp",
    "drafting",
    "examples",
    "marks",
    "offered",
    "passing",
    "rehearsals",
]
