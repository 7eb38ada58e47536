"""What a company is asked at its 法治体检: checklists as data, and how far one is filled. Pure.

A firm writes its own as plain lines: a line that begins with # opens a section, every other one is
an item of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from counselhub.products.kinds import Verdict

MOST_SECTIONS, MOST_ITEMS = 20, 120
LONGEST = 120
SIGN = "#"


class ChecklistError(ValueError):
    """Lines that are no checklist; `code` says why, `line` where, counted from 1."""

    def __init__(self, code: str, line: int = 0) -> None:
        """Keep the code: the sentence is the form's."""
        super().__init__(code)
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class Item:
    """One question. code: unique within its checklist, for instance 2.3."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together."""

    title: str
    items: tuple[Item, ...]


Sections = tuple[Section, ...]


class Found(Protocol):
    """What was found at an item."""

    verdict: Any


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items of each verdict; left: nobody has looked at yet."""

    ok: int
    bad: int
    none: int
    left: int


def parsed(lines: str) -> Sections:
    """Return the checklist that lines say.

    Raises ChecklistError: empty, no_section (an item before any), no_items, long, many.
    """
    found: list[tuple[str, list[str], int]] = []
    for number, line in enumerate(map(str.strip, lines.splitlines()), 1):
        if len(line) > LONGEST:
            raise ChecklistError("long", number)
        if line.startswith((SIGN, "＃")):
            found.append((line.lstrip("#＃ \u3000"), [], number))
        elif line and not found:
            raise ChecklistError("no_section", number)
        elif line:
            found[-1][1].append(line)
    return _numbered(found)


def _numbered(found: Sequence[tuple[str, list[str], int]]) -> Sections:
    if not found:
        raise ChecklistError("empty")
    for title, items, number in found:
        if not title or not items:
            raise ChecklistError("no_items", number)
    if len(found) > MOST_SECTIONS or sum(len(items) for _title, items, _at in found) > MOST_ITEMS:
        raise ChecklistError("many")
    return tuple(
        Section(title, tuple(Item(f"{at}.{n}", words) for n, words in enumerate(items, 1)))
        for at, (title, items, _number) in enumerate(found, 1)
    )


def lines_of(sections: Sections) -> str:
    """Return a checklist as the lines that `parsed` reads."""
    return "\n\n".join(
        "\n".join([f"{SIGN} {one.title}", *(item.words for item in one.items)]) for one in sections
    )


def written(sections: Sections) -> list[Any]:
    """Return a checklist as JSON keeps it."""
    return [
        {"title": one.title, "items": [[item.code, item.words] for item in one.items]}
        for one in sections
    ]


def read(kept: Sequence[Mapping[str, Any]]) -> Sections:
    """Return a checklist from its JSON."""
    return tuple(
        Section(one["title"], tuple(Item(code, words) for code, words in one["items"]))
        for one in kept
    )


def tally(section: Section, verdicts: Mapping[str, str]) -> Tally:
    """Count a section. verdicts: by code of the item."""
    said = [verdicts.get(item.code) for item in section.items]
    ok, bad, none = (said.count(verdict) for verdict in (Verdict.OK, Verdict.BAD, Verdict.NONE))
    return Tally(ok, bad, none, left=said.count(None))


def verdicts_of(found: Mapping[str, Found]) -> dict[str, str]:
    """Return the verdicts of what was found, by code of the item."""
    return {code: one.verdict for code, one in found.items()}


def counted(kept: Sequence[Mapping[str, Any]], found: Mapping[str, Found]) -> Tally:
    """Count a whole checklist as JSON keeps it."""
    verdicts = verdicts_of(found)
    return together([tally(one, verdicts) for one in read(kept)])


def together(tallies: Sequence[Tally]) -> Tally:
    """Add tallies up."""
    return Tally(
        ok=sum(one.ok for one in tallies),
        bad=sum(one.bad for one in tallies),
        none=sum(one.none for one in tallies),
        left=sum(one.left for one in tallies),
    )
