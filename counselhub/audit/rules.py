"""Is a chain of acts whole? Pure: links in, the first break out."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID


class Break(StrEnum):
    """What does not hold."""

    GAP = "gap"
    """A link between two others is gone."""
    MISSING = "missing"
    """A link stands, its act is gone and was never pruned."""
    CHANGED = "changed"
    """The act or its place in the chain is not what the digest was taken over."""
    UNLINKED = "unlinked"
    """An act stands in no chain."""
    CUT = "cut"
    """The head of a day is no longer in the chain: its end was cut off."""
    HEAD = "head"
    """The head of a day is not the digest that the chain has there."""
    PRUNED = "pruned"
    """More acts are marked as pruned than the record says were pruned."""
    SEAL = "seal"
    """A statement is not what was sealed when it was submitted, approved or signed."""
    UNSEALED = "unsealed"
    """A submitted statement has no seal."""
    FROZEN = "frozen"
    """What was frozen of a submission is gone, or is not what its seal says."""
    RECKONED = "reckoned"
    """A submission, worked out again from its own facts and terms, gives another line."""
    ARCHIVE = "archive"
    """A file of the archive does not hold what was pruned, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link as stored. words: the canonical bytes of its act as it now is, None when gone."""

    seq: int
    source: str
    event_id: UUID
    digest: bytes
    words: bytes | None
    is_pruned: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a day."""

    day: date
    seq: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain does not hold. Of a seal: the firm's chain, number and line of a statement."""

    kind: Break
    chain: str
    seq: int | None = None
    event_id: UUID | None = None
    day: date | None = None
    number: str | None = None
    line_id: str | None = None
    line: int | None = None
    """From 1; None for the head of the statement, and for a line that is gone."""
    file: str | None = None
    """The file of the archive; seq is None when it cannot be read."""
    version: int | None = None
    """Which submission of the statement."""
    part: str | None = None
    """The line that is worked out otherwise, with both amounts."""


@dataclass(slots=True)
class Walk:
    """What one walk along a chain found."""

    chain: str
    links: int = 0
    proven: int = 0
    pruned: int = 0
    proven_from: int | None = None
    """The first link whose act is still there, and proven."""
    last: bytes = b""
    broken: Broken | None = None
    _heads: dict[int, Head] = field(default_factory=dict)


def genesis(chain: str) -> bytes:
    """Return what stands before the first link of a chain."""
    return hashlib.sha256(chain.encode()).digest()


def walk(chain: str, links: Iterable[Link], heads: Iterable[Head]) -> Walk:
    """Follow a chain to its first break.

    links: in the order of their numbers. heads: of each day that acts were linked on. A pruned act
    is taken at the word of its link; whatever is still there, before or behind it, is proven.
    """
    by_seq = {head.seq: head for head in heads}
    found = Walk(chain, last=genesis(chain))
    for link in _in_order(found, links):
        if link.words is None:
            if not link.is_pruned:
                found.broken = Broken(Break.MISSING, chain, link.seq, link.event_id)
                return found
            found.pruned += 1
        elif hashlib.sha256(found.last + link.words).digest() != link.digest:
            found.broken = Broken(Break.CHANGED, chain, link.seq, link.event_id)
            return found
        else:
            found.proven += 1
            found.proven_from = found.proven_from or link.seq
        found.last = link.digest
        head = by_seq.pop(link.seq, None)
        if head is not None and head.digest != link.digest:
            found.broken = Broken(Break.HEAD, chain, link.seq, link.event_id, head.day)
            return found
    if found.broken is None:
        found.broken = _missed(found, by_seq)
    return found


def _in_order(found: Walk, links: Iterable[Link]) -> Iterator[Link]:
    """Give the links on; note a gap and stop."""
    for link in links:
        if link.seq != found.links + 1:
            found.broken = Broken(Break.GAP, found.chain, found.links + 1)
            return
        found.links = link.seq
        yield link


def _missed(found: Walk, heads: Mapping[int, Head]) -> Broken | None:
    """Return the first head of a day that the chain did not come by: its end is gone."""
    if not heads:
        return None
    head = heads[min(heads)]
    return Broken(Break.CUT, found.chain, head.seq, day=head.day)
