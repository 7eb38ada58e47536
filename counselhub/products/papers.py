"""A paper for A4, written once and set twice: as PDF to be signed, as Word file to be worked on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms and values, two to a line."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Heading:
    """What the next part is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Running text; a line break in it begins a new paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of written cells; widths are shares of the line."""

    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


Block = Facts | Heading | Words | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. signatures: one line each; note: small print at its foot."""

    title: str
    blocks: Sequence[Block]
    signatures: Sequence[str]
    note: str
    day: date


def written(day: date | None) -> str:
    """Return a day as papers write it, blanks to be filled by hand for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　　年　　月　　日"
