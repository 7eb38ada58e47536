"""A furnished firm's matters: two that stand against one another, a wall and a waiver."""

from datetime import date
from uuid import UUID

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.matters import actions, queries
from counselhub.matters.actions import MatterEntry, PartyEntry
from counselhub.matters.conflicts import Asked
from counselhub.matters.deciding import Whom, wall_off
from counselhub.matters.kinds import MatterKind, PartyKind, PartyRole, WallReason
from counselhub.matters.models import MatterConflict, MatterPaper, MatterService
from counselhub.matters.seals import Marks
from tests.factories import Tenant


def add_matters(tenant: Tenant, token: str, service_id: UUID, client_id: UUID) -> dict[str, object]:
    """Add a matter that a second one freezes; return ids by parameter."""
    by = tenant.member(Role.MANAGER)
    ours = _party(PartyRole.CLIENT, f"某某{token}有限公司", client_id)
    theirs = _party(PartyRole.OPPONENT, f"别家{token}有限公司")
    first, _answer = actions.open_matter(
        _entry(tenant, f"旧事{token}", {tenant.backup_id}), [ours, theirs], by=by
    )
    turned = _party(PartyRole.OPPONENT, f"某某{token}有限公司")
    second, _answer = actions.open_matter(
        _entry(tenant, f"新事{token}", set()),
        [_party(PartyRole.CLIENT, f"来者{token}有限公司"), turned],
        by=by,
    )
    conflict = db.session.scalars(db.select(MatterConflict)).one()
    paper = MatterPaper(
        matter_id=second.id,
        conflict_id=conflict.id,
        ending="pdf",
        digest=token,
        bytes_count=1,
        content=token.encode(),
        arrived_at=clock.now(),
        by_name=f"主任{token}",
    )
    conflict.own_consent_on = conflict.other_consent_on = date(2026, 9, 8)
    db.session.add_all([paper, MatterService(service_id=service_id, matter_id=first.id)])
    whom = Whom("李四光", adviser_id=tenant.backup_id)
    wall = wall_off(second, whom, WallReason.CONFLICT, f"理由{token}", by=by)
    db.session.flush()
    return {
        "matter_id": second.id,
        "party_id": queries.parties_of(second)[0].id,
        "conflict_id": conflict.id,
        "paper_id": paper.id,
        "wall_id": wall.id,
    }


def _party(role: PartyRole, name: str, client_id: UUID | None = None) -> PartyEntry:
    return PartyEntry(Asked(role, PartyKind.ORGANISATION, Marks(name)), client_id)


def _entry(tenant: Tenant, title: str, members: set[UUID]) -> MatterEntry:
    return MatterEntry(
        title,
        MatterKind.OTHER,
        tenant.town.communities[0],
        tenant.adviser_id,
        frozenset(members),
    )
