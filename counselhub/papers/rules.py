"""Is a paper true? Pure: what was sealed and what the reader gave, in; the verdict, out."""

from dataclasses import dataclass
from datetime import date, datetime

from counselhub.core import clock
from counselhub.papers.kinds import Part, Verdict
from counselhub.statements.documents.stamp import SHORT_DIGITS, grouped

SHORTEST_DIGEST = 8
"""Digits that somebody has to compare, of the sixteen that are printed."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a sealed paper says, and what became of it.

    month: its first day. total_fen: None for a seal that was made before totals were kept. digest:
    hexadecimal. newest_version, newest_at: of the last seal, `is_newest` when it says the same.
    """

    number: str
    month: date
    total_fen: int | None
    version: int
    digest: str
    sealed_at: datetime
    is_void: bool
    is_newest: bool
    newest_version: int
    newest_at: datetime

    @property
    def sealed_on(self) -> date:
        """The day of the seal, in Shanghai."""
        return clock.local(self.sealed_at).date()

    @property
    def short_digest(self) -> str:
        """The digest as it is printed."""
        return grouped(self.digest[:SHORT_DIGITS])


@dataclass(frozen=True, slots=True)
class Given:
    """What a reader gave to be compared; None and "" are not compared.

    is_as_issued: of a file that was uploaded.
    """

    month: date | None = None
    total_fen: int | None = None
    digest: str = ""
    is_as_issued: bool | None = None


NOTHING = Given()


def judge(paper: Paper | None, given: Given = NOTHING) -> Verdict:
    """Return the verdict on a paper; what it says is judged before whether it still holds."""
    if paper is None:
        return Verdict.UNKNOWN
    if differing(paper, given):
        return Verdict.DIFFERS
    if given.is_as_issued is False:
        return Verdict.ALTERED
    if paper.is_void:
        return Verdict.WITHDRAWN
    return Verdict.GENUINE if paper.is_newest else Verdict.OUTDATED


def differing(paper: Paper, given: Given) -> list[Part]:
    """Return what a reader gave that is not what was sealed."""
    wrong = {
        Part.MONTH: given.month not in (None, paper.month),
        Part.TOTAL: given.total_fen not in (None, paper.total_fen),
        Part.DIGEST: not paper.digest.startswith(given.digest),
    }
    return [part for part, is_wrong in wrong.items() if is_wrong]
