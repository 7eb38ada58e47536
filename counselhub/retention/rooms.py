"""Sweeps of pictures and scans of premises: the firm's of its reports, each office's of its rooms.

The record of acts keeps the digest of each, so that one who kept a copy can still be answered.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from counselhub.core import history
from counselhub.core.db import db, reached
from counselhub.core.members import command_member
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.premises.kinds import FileKind, IssueStatus
from counselhub.premises.models import PremisesFile, PremisesIssue, PremisesReport
from counselhub.retention.kinds import Kept
from counselhub.retention.sweeping import BATCH, Sweep, in_firms, noted, through_streets

OVER = (IssueStatus.SOLVED, IssueStatus.WITHDRAWN)


def report_photos(sweep: Sweep) -> None:
    """Photos of reports that the office answered long ago; words and answer stay."""
    row = PremisesReport
    over = select(row.id).where(row.answered_at < sweep.until, row.has_photo)
    gone = update(row).values(photo=None, has_photo=False)
    in_firms(sweep, over, noted(sweep, gone, row.id))


def files(sweep: Sweep) -> None:
    """Photos, letters and proofs of premises, street by street: they are the office's."""

    def expire(code: str) -> Sequence[UUID]:
        found = list(db.session.scalars(select(PremisesFile.id).where(_is_over(sweep))))
        for first in range(0, 0 if sweep.dry else len(found), BATCH):
            _delete(sweep.kept, code, found[first : first + BATCH])
            db.session.commit()
        return found

    through_streets(sweep, expire)


def _is_over(sweep: Sweep) -> ColumnElement[bool]:
    """Files of issues that ended long ago, and photos of a room that has a newer one."""
    newer = aliased(PremisesFile)
    of_ended = select(PremisesIssue.id).where(
        PremisesIssue.status.in_(OVER),
        or_(PremisesIssue.solved_on.is_(None), PremisesIssue.solved_on < sweep.before),
    )
    is_replaced = exists().where(
        newer.premises_id == PremisesFile.premises_id, newer.arrived_at > PremisesFile.arrived_at
    )
    return and_(
        PremisesFile.arrived_at < sweep.until,
        or_(
            PremisesFile.issue_id.in_(of_ended),
            and_(PremisesFile.kind == FileKind.ROOM, is_replaced),
        ),
    )


def _delete(kept: Kept, street_code: str, ids: list[UUID]) -> None:
    office = Scope(ScopeKind.OFFICE, street_code)
    done = reached(delete(PremisesFile).where(PremisesFile.id.in_(ids)))
    by = command_member(office)
    history.note("retention_sweep", scope=office, by=by, what=kept.value, acts=done)
