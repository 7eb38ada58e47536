"""Assignments from a round's proposals: all of them, or none with each obstacle named."""

from flask_babel import gettext as _

from counselhub.advisers.models import Adviser
from counselhub.assignments import actions as assigning
from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.assignments.models import Assignment
from counselhub.assignments.queries import leads_on
from counselhub.choosing import queries
from counselhub.choosing.kinds import ROUND_FLOW
from counselhub.choosing.models import ChoiceProposal, ChoiceRound
from counselhub.core import history
from counselhub.core.errors import DomainError, RefusedError
from counselhub.core.members import Member
from counselhub.handovers import replacing
from counselhub.handovers.reassigning import ObstaclesError, Told, Trial
from counselhub.handovers.replacing import Change


def settle(row: ChoiceRound, *, by: Member, revision: int | None = None) -> int:
    """Make every proposal an assignment; return how many hands have changed.

    Whoever leads already stays; where another leads, he is replaced with a pack. Raises
    RefusedError while a community has nobody, ObstaclesError naming what is in the way, then the
    caller ends the transaction; ConflictError, IllegalMoveError.
    """
    history.expect(row, revision)
    history.advance(row, ROUND_FLOW, "settle_round", by=by)
    proposals = queries.proposals(row)
    _refuse_empty(proposals)
    now = leads_on([one.community_code for one in proposals], row.starts_on)
    trial, changed = Trial(), 0
    for one in proposals:
        try:
            changed += _assign(row, one, now.get(one.community_code), by)
        except DomainError as refusal:
            trial.obstacles.append(Told(one.community.short_name, refusal.message))
    if trial.obstacles:
        raise ObstaclesError(trial)
    return changed


def _refuse_empty(proposals: list[ChoiceProposal]) -> None:
    empty = sum(one.adviser_id is None for one in proposals)
    if empty:
        raise RefusedError(_("还有%(count)s个社区没有人选，请先在方案里选好。", count=empty))


def _assign(row: ChoiceRound, one: ChoiceProposal, now: Assignment | None, by: Member) -> bool:
    """Assign one community; say whether its hands change."""
    adviser = one.adviser
    if adviser is None or (now is not None and now.adviser_id == adviser.id):
        return False
    if now is not None:
        replacing.replace(now, adviser, _change(row), by=by)
    else:
        _begin(row, one, adviser, by)
    return True


def _change(row: ChoiceRound) -> Change:
    return Change(EndCause.ROTATION, row.starts_on, None, f"双向选择：{row.name}")


def _begin(row: ChoiceRound, one: ChoiceProposal, adviser: Adviser, by: Member) -> None:
    words = f"双向选择：{row.name}"
    lead = AssignmentRole.LEAD
    assigning.assign(one.community, adviser, lead, row.starts_on, by=by, reason=words)
