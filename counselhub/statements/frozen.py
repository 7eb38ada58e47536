"""A submission frozen whole: its lines, the facts and terms behind them, and the proof of them.

Pure. The digest is sha256 over the canonical JSON; what is kept is that JSON, compressed. Whoever
holds it can work the statement out again without any row of ours.
"""

import hashlib
import hmac
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from counselhub.core import portable
from counselhub.statements.drafting import WITHDRAWN
from counselhub.statements.facts import MonthFacts
from counselhub.statements.lines import Line, LineKind, as_json
from counselhub.statements.months import Month
from counselhub.statements.rules import statement as rules

FORMAT = 1
LEVEL = 9
"""Written once, kept for years: the densest packing."""


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """A line as it was handed over. is_settled: the office had answered for it before."""

    contract: str
    community: str
    kind: LineKind
    month: Month
    quantity: str
    amount_fen: int
    trace: tuple[Any, ...]
    warnings: tuple[Any, ...]
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Frozen:
    """One submission; amounts in fen, lines in printing order. funding: [[source, fen], …]."""

    number: str
    version: int
    total_fen: int
    funding: tuple[Any, ...]
    payee: Mapping[str, str]
    facts: MonthFacts
    lines: tuple[FrozenLine, ...]
    format: int = FORMAT


class Sealed(NamedTuple):
    """What is kept of a submission."""

    content: bytes
    digest: bytes


class Difference(NamedTuple):
    """Where a statement worked out again is another one. position: from 1, None for no line."""

    position: int | None
    contract: str
    community: str
    kind: str
    month: str
    frozen_fen: int | None
    reckoned_fen: int | None


class FrozenBrokenError(ValueError):
    """What was kept is not what was frozen."""


Key = tuple[str, str, LineKind, Month]


def pack(frozen: Frozen) -> Sealed:
    """Return a submission as it is kept, with its digest."""
    words = portable.canonical(frozen)
    return Sealed(zlib.compress(words, LEVEL), hashlib.sha256(words).digest())


def unpack(content: bytes, digest: bytes) -> Frozen:
    """Return the submission that was kept. Raises FrozenBrokenError when it is another one."""
    words = unpacked(content)
    if not hmac.compare_digest(hashlib.sha256(words).digest(), digest):
        raise FrozenBrokenError("digest")
    try:
        return portable.read(Frozen, orjson.loads(words))
    except ValueError as error:
        raise FrozenBrokenError(str(error)) from error


def unpacked(content: bytes) -> bytes:
    """Return the canonical JSON that was kept. Raises FrozenBrokenError."""
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise FrozenBrokenError(str(error)) from error


def is_whole(content: bytes, digest: bytes) -> bool:
    """Whether what was kept is what the digest was taken over, without reading it."""
    try:
        return hmac.compare_digest(hashlib.sha256(unpacked(content)).digest(), digest)
    except FrozenBrokenError:
        return False


def differences(frozen: Frozen) -> Iterator[Difference]:
    """Work the statement out again from its own facts and terms; yield every line that differs.

    A line that the office had answered for stands as it was, whatever the rules give; a line that
    had lost its records stands at nothing.
    """
    reckoned: dict[Key, Line] = {
        (line.contract, line.community, line.kind, line.month): line
        for line in rules.compute(frozen.facts).lines
    }
    for position, line in enumerate(frozen.lines, 1):
        again = reckoned.pop((line.contract, line.community, line.kind, line.month), None)
        if not line.is_settled and not _agrees(line, again):
            yield _difference(position, line, line.amount_fen, again)
    for left in reckoned.values():
        yield _difference(None, left, None, left)
    total_fen = sum(line.amount_fen for line in frozen.lines)
    if total_fen != frozen.total_fen:
        yield Difference(None, "", "", "", "", frozen.total_fen, total_fen)


def _agrees(line: FrozenLine, again: Line | None) -> bool:
    if again is None:
        return list(line.trace) == [WITHDRAWN.document()] and line.amount_fen == 0
    steps: Sequence[Any] = as_json([step.parts() for step in again.trace])
    same = (line.amount_fen, line.quantity) == (again.amount_fen, again.quantity)
    return same and list(line.trace) == list(steps)


def _difference(
    position: int | None, line: FrozenLine | Line, frozen_fen: int | None, again: Line | None
) -> Difference:
    return Difference(
        position,
        line.contract,
        line.community,
        line.kind.value,
        str(line.month),
        frozen_fen,
        None if again is None else again.amount_fen,
    )
