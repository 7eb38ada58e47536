"""The successor takes over line by line, then signs."""

from collections.abc import Mapping, Sequence, Set
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from counselhub.core import clock, history
from counselhub.core.columns import among
from counselhub.core.db import db
from counselhub.core.errors import IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.handovers import queries
from counselhub.handovers.kinds import PACK_FLOW, LineKind, PackStatus
from counselhub.handovers.models import ChatGroup, HandoverLine, HandoverPack, Promise
from counselhub.handovers.rules import LineFact, lacking


def take(
    pack: HandoverPack,
    taken: Set[UUID],
    remarks: Mapping[UUID, str],
    *,
    by: Member,
    revision: int | None = None,
) -> int:
    """Write down which lines are taken over, and what is remarked; return how many still wait.

    A promise and a group go to the successor with their line. Raises ConflictError for a stale
    page, IllegalMoveError once the pack is signed.
    """
    history.expect(pack, revision)
    if pack.status != PackStatus.OPEN:
        raise IllegalMoveError(_("交接已经签收，不能再改。"), row=pack)
    lines = queries.lines_of(pack.id, by)
    fresh = [line for line in lines if line.id in taken and line.taken_at is None]
    for line in lines:
        _mark(line, line.id in taken, remarks.get(line.id, ""), by)
    _pass_on(pack, fresh)
    flag_modified(pack, "status")  # lines lie on another table, the revision is the pack's
    history.record(pack, "take_lines", by=by, count=len(fresh))
    return lacking(map(_fact, lines))


def _mark(line: HandoverLine, is_taken: bool, remark: str, by: Member) -> None:
    line.remark = remark or None
    if is_taken == (line.taken_at is not None):
        return
    line.taken_at = clock.now() if is_taken else None
    line.taken_by_name = by.name if is_taken else None


def _fact(line: HandoverLine) -> LineFact:
    return LineFact(line.taken_at is not None, line.remark or "")


def _pass_on(pack: HandoverPack, lines: Sequence[HandoverLine]) -> None:
    """Let the successor keep the promises and own the groups that he has taken over."""
    for kind, model, column in (
        (LineKind.PROMISE, Promise, "adviser_id"),
        (LineKind.GROUP, ChatGroup, "owner_id"),
    ):
        ids = [line.subject_id for line in lines if line.kind == kind and line.subject_id]
        if ids:
            for row in db.session.scalars(select(model).where(among(model.id, ids))):
                setattr(row, column, pack.to_adviser_id)


def sign(pack: HandoverPack, *, by: Member, revision: int | None = None) -> None:
    """Sign for the whole. Raises RefusedError while lines wait (HANDOVER-1), IllegalMoveError."""
    history.expect(pack, revision)
    waiting = lacking(map(_fact, queries.lines_of(pack.id, by)))
    if waiting and pack.status == PackStatus.OPEN:
        raise RefusedError(
            _("还有%(count)s项没有勾选，也没有写明为什么没接，写明后再签收。", count=waiting)
        )
    pack.signed_at, pack.signed_by_name = clock.now(), by.name
    history.advance(pack, PACK_FLOW, "sign_pack", by=by)
