"""What two versions of a text differ in, by paragraph and inside one by character. Pure.

The shortest way from one to the other is that of Myers (1986). It costs the square of the number
of edits, so it is given an effort: beyond it what each text has only once is held together, and
the rest told as replaced. So no two texts, however strange to one another, hold a page up.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isqrt
from typing import NamedTuple

EFFORT = 400_000
"""Steps of one comparison: less than half a second."""
ALIKE = 0.35
"""From this likeness on two paragraphs are one that was changed."""
MOST_PAIRS = 900
"""Pairs of a gap whose likeness is asked for; a larger gap was written anew."""
SHORT = 2
"""A stretch shorter than this between two changes is taken for changed: it only unsettles."""

Matches = Sequence[tuple[int, int]]


class Mark(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Change(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph beside the other; a number counts from 1, None where there is no such one."""

    change: Change
    old: int | None
    new: int | None
    pieces: tuple[Piece, ...]


class Stretch(NamedTuple):
    """A part of both texts: the same in both, or not."""

    old: range
    new: range
    is_same: bool


class Effort:
    """How many steps a comparison may still take."""

    def __init__(self, steps: int) -> None:
        """Begin with `steps`."""
        self.left = steps

    @property
    def most_edits(self) -> int:
        """How many edits the rest is enough for."""
        return isqrt(2 * self.left)

    def spend(self, edits: int) -> None:
        """Take off what looking for so many edits cost."""
        self.left = max(0, self.left - (edits + 1) ** 2 // 2)


def compare(old: Sequence[str], new: Sequence[str], steps: int = EFFORT) -> list[Row]:
    """Return the paragraphs of both, in the order of the newer text.

    Every paragraph of `old` and of `new` is in exactly one row. steps: half of them go to the
    order of paragraphs, half to what changed inside.
    """
    effort = Effort(steps // 2)
    rows: list[Row] = []
    matches = _matches(old, new, Effort(steps // 2))
    for part in _stretches(matches, range(len(old)), range(len(new))):
        rows += _same(old, part) if part.is_same else _gap(old, new, part, effort)
    return rows


def _same(old: Sequence[str], part: Stretch) -> Iterator[Row]:
    for here, there in zip(part.old, part.new, strict=True):
        yield Row(Change.SAME, here + 1, there + 1, (Piece(Mark.SAME, old[here]),))


def _gap(old: Sequence[str], new: Sequence[str], gap: Stretch, effort: Effort) -> Iterator[Row]:
    """Tell a stretch that is not the same: paragraphs that are alike are one that was changed."""
    for part in _stretches(_alike(old, new, gap), gap.old, gap.new):
        if part.is_same:
            for here, there in zip(part.old, part.new, strict=True):
                pieces = tuple(_pieces(old[here], new[there], effort))
                yield Row(Change.CHANGED, here + 1, there + 1, pieces)
            continue
        for here in part.old:
            yield Row(Change.REMOVED, here + 1, None, (Piece(Mark.REMOVED, old[here]),))
        for there in part.new:
            yield Row(Change.ADDED, None, there + 1, (Piece(Mark.ADDED, new[there]),))


def _alike(old: Sequence[str], new: Sequence[str], gap: Stretch) -> Matches:
    """Return pairs of like paragraphs, in order, of the greatest likeness together."""
    if not gap.old or not gap.new or len(gap.old) * len(gap.new) > MOST_PAIRS:
        return []
    likes = [[likeness(old[one], new[other]) for other in gap.new] for one in gap.old]
    best = [[0.0] * (len(gap.new) + 1) for _one in range(len(gap.old) + 1)]
    for here in reversed(range(len(gap.old))):
        for there in reversed(range(len(gap.new))):
            taken = likes[here][there]
            joined = taken + best[here + 1][there + 1] if taken >= ALIKE else 0.0
            best[here][there] = max(joined, best[here + 1][there], best[here][there + 1])
    return [(gap.old.start + one, gap.new.start + other) for one, other in _chosen(best)]


def _chosen(best: list[list[float]]) -> Iterator[tuple[int, int]]:
    """Walk the table of `_alike` along what it chose."""
    here = there = 0
    while best[here][there]:
        if best[here][there] == best[here + 1][there]:
            here += 1
        elif best[here][there] == best[here][there + 1]:
            there += 1
        else:
            yield here, there
            here, there = here + 1, there + 1


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are by their pairs of letters: 0 nothing, 1 the same letters."""
    left, right = _bigrams(one), _bigrams(other)
    return 2 * (left & right).total() / (left.total() + right.total())


def _bigrams(text: str) -> Counter[str]:
    return Counter(text[place : place + 2] for place in range(max(1, len(text) - 1)))


def _pieces(old: str, new: str, effort: Effort) -> Iterator[Piece]:
    """Return what a changed paragraph kept, lost and won."""
    whole = range(len(old)), range(len(new))
    kept = [
        pair
        for part in _stretches(_matches(old, new, effort), *whole)
        if part.is_same and (len(part.old) >= SHORT or _is_edge(part, *whole))
        for pair in zip(part.old, part.new, strict=True)
    ]
    for part in _stretches(kept, *whole):
        lost, won = old[part.old.start : part.old.stop], new[part.new.start : part.new.stop]
        if part.is_same:
            yield Piece(Mark.SAME, lost)
            continue
        if lost:
            yield Piece(Mark.REMOVED, lost)
        if won:
            yield Piece(Mark.ADDED, won)


def _is_edge(part: Stretch, old: range, new: range) -> bool:
    begins = (part.old.start, part.new.start) == (0, 0)
    return begins or (part.old.stop, part.new.stop) == (old.stop, new.stop)


def _stretches(matches: Matches, old: range, new: range) -> Iterator[Stretch]:
    """Return the parts of both texts in order, what matches and what lies between."""
    here, there = old.start, new.start
    for first, other, length in [*_runs(matches), (old.stop, new.stop, 0)]:
        if (first, other) != (here, there):
            yield Stretch(range(here, first), range(there, other), False)
        here, there = first + length, other + length
        if length:
            yield Stretch(range(first, here), range(other, there), True)


def _runs(matches: Matches) -> list[tuple[int, int, int]]:
    """Return matches that follow one another as (old, new, length)."""
    runs: list[tuple[int, int, int]] = []
    for here, there in matches:
        if runs and (here, there) == (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]):
            first, other, length = runs.pop()
            runs.append((first, other, length + 1))
        else:
            runs.append((here, there, 1))
    return runs


def _matches(old: Sequence[str], new: Sequence[str], effort: Effort) -> Matches:
    """Return what both have in common, in order: the most there is, as far as the effort goes."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next(
        (at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head
    )
    inner = _shortest(old[head : len(old) - tail], new[head : len(new) - tail], effort)
    return [
        *((at, at) for at in range(head)),
        *((one + head, other + head) for one, other in inner),
        *((len(old) - tail + at, len(new) - tail + at) for at in range(tail)),
    ]


def _shortest(old: Sequence[str], new: Sequence[str], effort: Effort) -> Matches:
    """Return the matches of the shortest edit; the anchors when the effort does not reach it."""
    if not old or not new:
        return []
    most, furthest, trace = effort.most_edits, {1: 0}, []
    for edits in range(min(most, len(old) + len(new)) + 1):
        trace.append(furthest.copy())
        for diagonal in range(-edits, edits + 1, 2):
            here = _begin(furthest, diagonal, edits)
            there = here - diagonal
            while here < len(old) and there < len(new) and old[here] == new[there]:
                here, there = here + 1, there + 1
            furthest[diagonal] = here
            if here >= len(old) and there >= len(new):
                effort.spend(edits)
                return _walked_back(trace, len(old), len(new))
    effort.spend(most)
    return _anchors(old, new)


def _anchors(old: Sequence[str], new: Sequence[str]) -> Matches:
    """Return the longest row of matches among what each text has only once; it costs little."""
    there = {one: place for place, one in enumerate(new)}
    only = {one for one, times in Counter(old).items() if times == 1}
    only &= {one for one, times in Counter(new).items() if times == 1}
    ends: list[int] = []
    rows: list[Matches] = []
    for here, one in enumerate(old):
        if one in only:
            longer = bisect_left(ends, there[one])
            row = [*(rows[longer - 1] if longer else ()), (here, there[one])]
            ends[longer : longer + 1], rows[longer : longer + 1] = [there[one]], [row]
    return rows[-1] if rows else []


def _begin(furthest: dict[int, int], diagonal: int, edits: int) -> int:
    """Return how far of the old text a diagonal is reached with one more edit."""
    if _came_down(furthest, diagonal, edits):
        return furthest[diagonal + 1]
    return furthest[diagonal - 1] + 1


def _came_down(furthest: dict[int, int], diagonal: int, edits: int) -> bool:
    if diagonal in (-edits, edits):
        return diagonal == -edits
    return furthest[diagonal - 1] < furthest[diagonal + 1]


def _walked_back(trace: list[dict[int, int]], here: int, there: int) -> Matches:
    """Return the matches on the way that `trace` remembers."""
    found: list[tuple[int, int]] = []
    for edits, furthest in reversed(list(enumerate(trace))):
        diagonal = here - there
        before = diagonal + 1 if _came_down(furthest, diagonal, edits) else diagonal - 1
        first = furthest[before]
        other = first - before
        while here > first and there > other:
            here, there = here - 1, there - 1
            found.append((here, there))
        here, there = first, other
    return found[::-1]
