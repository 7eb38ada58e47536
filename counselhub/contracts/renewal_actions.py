"""Continue many contracts in one act, or none of them."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.assignments import actions as assignments
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.contracts import actions, queries
from counselhub.contracts.actions import Given
from counselhub.contracts.models import Contract
from counselhub.contracts.renewal_rules import Before, Proposal, next_number, proposals
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.places.models import Community

MOST = 200
"""Contracts of one act."""


def propose(ids: Collection[UUID], percent: Decimal) -> list[Proposal]:
    """Return what would follow the chosen contracts, with the faults, in the order of the list.

    Raises RefusedError for none or too many, NotFoundError for one that is not there.
    """
    if not ids:
        raise RefusedError(_("请至少选一份合同。"))
    if len(ids) > MOST:
        raise RefusedError(_("一次最多续签 %(most)d 份合同，请分几次。", most=MOST))
    chosen = [_before(one) for one in queries.to_renew(ids)]
    if len(chosen) < len(ids):
        raise NotFoundError()
    codes = {code for one in chosen for code in one.communities}
    own = {one.contract_id for one in chosen}
    taken = queries.taken_days(codes, but=own)
    numbers = queries.numbers_used([next_number(one) for one in chosen])
    return proposals(chosen, percent, taken, numbers)


def _before(row: Contract) -> Before:
    return Before(
        row.id,
        row.number,
        row.kind,
        row.starts_on,
        row.last_on,
        row.annual_fen,
        tuple(one.community_code for one in row.communities),
    )


def renew_all(
    found: Sequence[Proposal], scheme_id: UUID | None, *, prolongs: bool, by: Member
) -> list[Contract]:
    """Make a draft of each; scheme_id: another scheme for all, None keeps each one's own.

    prolongs: whether assignments that end with a contract go on with the next one. Raises
    RefusedError for a fault: then nothing is to be kept.
    """
    if faulty := [one for one in found if one.fault]:
        raise RefusedError(
            _("有 %(count)d 份不能续签，请去掉勾选或先处理，然后再提交。", count=len(faulty))
        )
    made = []
    rows = {one.id: one for one in queries.to_renew([one.before.contract_id for one in found])}
    for one in found:
        old = rows[one.before.contract_id]
        given = Given(
            number=one.number,
            kind=old.kind,
            starts_on=one.first,
            ends_on=one.last,
            scheme_id=scheme_id or old.scheme_id,
            communities=one.before.communities,
            annual_fen=one.annual_fen,
        )
        new = actions.save(None, given, by=by, renews=old)
        new.paid_by = old.paid_by
        made.append(new)
        if prolongs:
            _prolong(old, new, by)
    return made


def _prolong(old: Contract, new: Contract, by: Member) -> None:
    """Assign anew whoever was assigned up to the last day of the contract before."""
    query = (
        select(Assignment, Adviser, Community)
        .join(
            Adviser,
            (Adviser.firm_id == Assignment.firm_id) & (Adviser.id == Assignment.adviser_id),
        )
        .join(Community, Community.code == Assignment.community_code)
        .options(joinedload(Community.street))
        .where(
            Assignment.community_code.in_([one.community_code for one in old.communities]),
            Assignment.ends_on == old.last_on,
        )
        .order_by(Assignment.community_code, Assignment.id)
    )
    count = 0
    for row, adviser, community in db.session.execute(query).all():
        role = AssignmentRole(row.role)
        assignments.assign(community, adviser, role, new.starts_on, new.ends_on, by=by)
        count += 1
    if count:
        history.record(new, "prolong_assignments", by=by, count=count)
