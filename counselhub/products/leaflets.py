"""What is handed out at a lecture: one leaflet a line, its title and how many copies. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 20
LONGEST = 60
MOST_COPIES = 100_000
TITLED = re.compile(r"[^\d\s份本册张]")
BACKWARDS = re.compile(r"[份本册张]?\s*+(?P<copies>[0-9]{1,7})[\s：:×xX*，,]*(?P<title>.+)")
"""A line from its end: so the number is found at once, however long what stands before it."""


class LeafletError(ValueError):
    """Lines that are no leaflets; `code` says why, `line` where, counted from 1."""

    def __init__(self, code: str, line: int = 0) -> None:
        """Keep the code: the sentence is the form's."""
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Leaflet:
    """A title and the copies that were handed out."""

    title: str
    copies: int


def parsed(lines: str) -> tuple[Leaflet, ...]:
    """Return what lines like 民法典手册 50份 say. Raises LeafletError: shape, many."""
    found: list[Leaflet] = []
    for number, line in enumerate(map(str.strip, lines.splitlines()), 1):
        if not line:
            continue
        said = BACKWARDS.fullmatch(line[::-1]) if TITLED.search(line) else None
        if said is None:
            raise LeafletError("shape", number)
        title, count = said["title"][::-1], int(said["copies"][::-1])
        if len(title) > LONGEST or count > MOST_COPIES:
            raise LeafletError("shape", number)
        found.append(Leaflet(title, count))
    if len(found) > MOST:
        raise LeafletError("many")
    return tuple(found)


def lines_of(found: Sequence[Leaflet]) -> str:
    """Return leaflets as the lines that `parsed` reads."""
    return "\n".join(f"{one.title} {one.copies}份" for one in found)


def copies(found: Sequence[Leaflet]) -> int:
    """Return how many copies were handed out together."""
    return sum(one.copies for one in found)
