"""Is there a conflict of interest? What every part asks before anybody reads details.

`check` gathers with one statement, past every wall, judges by `rules.judge` and leaves a record.
What it returns may be told to who asked only by `Answer.verdict` and `Answer.reasons`: the matters
that were found are for who decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.matters import rules
from counselhub.matters.gather import Asked, Question, gathered
from counselhub.matters.kinds import Occasion, Verdict
from counselhub.matters.models import ConflictCheck
from counselhub.matters.rules import Finding

__all__ = ["Answer", "Asked", "check"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check said. findings are for who decides, verdict and reasons for who asked."""

    row: ConflictCheck
    findings: Sequence[Finding]

    @property
    def verdict(self) -> Verdict:
        """Whether there may be a conflict."""
        return Verdict.POSSIBLE if self.findings else Verdict.NONE

    @property
    def reasons(self) -> list[str]:
        """Why, without a word of any other matter; each reason once."""
        return list(dict.fromkeys(one.code.label for one in self.findings))


def check(
    asked: Sequence[Asked],
    *,
    by: Member,
    occasion: Occasion = Occasion.ASKED,
    matter_id: UUID | None = None,
) -> Answer:
    """Check parties against all that the firm has, and leave a record of it.

    asked: the whole of a matter's parties, in any order. matter_id: the matter that they are of,
    which is no conflict of itself. Two statements: one that asks, one that records.
    """
    question = Question(asked, by.firm_id)
    findings = rules.judge(question.facts, *gathered(question, matter_id))
    row = ConflictCheck(
        firm_id=by.firm_id,
        matter_id=matter_id,
        at=clock.now(),
        by_name=by.name,
        occasion=occasion,
        verdict=Verdict.POSSIBLE if findings else Verdict.NONE,
        codes=sorted({one.code.value for one in findings}),
        digests=sorted(question.places),
    )
    db.session.add(row)
    db.session.flush()
    history.record(row, "check_conflict", by=by, reason=occasion.value, verdict=row.verdict)
    return Answer(row, findings)
