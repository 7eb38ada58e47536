"""What an answer of the community is worth once the session goes on living. Pure.

EVID-7: a confirmation is of the session as it then was: who, where, from when to when. A session
    that became another has none, until the community answers again or signs on paper. A dispute
    stays until somebody has said what came of it.
"""

from dataclasses import dataclass
from datetime import datetime

from counselhub.confirmations.kinds import Answer, RequestStatus, Standing


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """The last answer on a session."""

    answer: Answer
    is_overtaken: bool
    is_settled: bool


def standing(last: AnswerFact | None, *, is_noted: bool, is_asked: bool) -> Standing:
    """Return what a session has of its community.

    is_noted: its own mark 社区确认, which a link sets and paper may. is_asked: a link is open.
    """
    is_disputed = last is not None and last.answer is Answer.DISPUTED
    if is_disputed and last and not last.is_settled:
        return Standing.DISPUTED
    if is_noted:
        return Standing.CONFIRMED
    if is_asked:
        return Standing.ASKED
    if is_disputed:
        return Standing.SETTLED
    return Standing.OVERTAKEN if last and last.is_overtaken else Standing.LACKING


def is_over(status: RequestStatus, expires_at: datetime, now: datetime) -> bool:
    """Tell whether a link that nobody answered opens nothing any more."""
    return status is RequestStatus.OPEN and now >= expires_at
