"""What one lawyer leaves to another in a community: each source gives its lines.

A feature that has something to hand over adds its source to SOURCES, nothing else. Lines are
kept and printed in Chinese, whoever makes them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.handovers import queries
from counselhub.handovers.kinds import PAPERS, LineKind
from counselhub.handovers.rules import Draft
from counselhub.matters.kinds import MatterKind, MatterStatus
from counselhub.matters.models import Matter
from counselhub.matters.sight import SERVICES_SEEN, beyond_walls, walls_of
from counselhub.referrals.kinds import LIVE, Speciality
from counselhub.referrals.models import Referral
from counselhub.services.kinds import ServiceKind
from counselhub.services.log_models import ServiceFollowUp
from counselhub.services.models import ServiceRecord

LOOK_BACK = timedelta(days=180)
"""How far back a service without a result may still be going on."""
MOST = 200
"""How many lines of one source a pack takes at most."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves what to whom; duty: the coming slots, as moving them went."""

    community_code: str
    from_id: UUID
    to_id: UUID
    by: Member
    duty: Sequence[Draft] = ()


Source = Callable[[Leaving], Iterable[Draft]]


def _duty(leaving: Leaving) -> Iterable[Draft]:
    return leaving.duty


def _services(leaving: Leaving) -> Iterator[Draft]:
    """Disputes without a result, neither of their own nor of a follow-up."""
    told = select(ServiceFollowUp.id).where(
        ServiceFollowUp.firm_id == ServiceRecord.firm_id,
        ServiceFollowUp.service_id == ServiceRecord.id,
        func.coalesce(ServiceFollowUp.outcome, "") != "",
    )
    query = select(ServiceRecord).where(
        ServiceRecord.community_code == leaving.community_code,
        ServiceRecord.adviser_id == leaving.from_id,
        ServiceRecord.dispute_kind.is_not(None),
        func.coalesce(ServiceRecord.outcome, "") == "",
        ServiceRecord.day >= clock.today() - LOOK_BACK,
        ~told.exists(),
        SERVICES_SEEN,
    )
    for row in db.session.scalars(query.order_by(ServiceRecord.day.desc()).limit(MOST)):
        words = f"{row.number} {ServiceKind.of(row.kind).word} {row.day}"
        yield Draft(LineKind.SERVICE, words, None, row.id)


def _matters(leaving: Leaving) -> Iterator[Draft]:
    """Matters by number and kind: what they are about stands behind the walls of their own."""
    query = select(Matter).where(
        Matter.community_code == leaving.community_code,
        Matter.adviser_id == leaving.from_id,
        Matter.status.in_((MatterStatus.OPEN, MatterStatus.FROZEN)),
        Matter.id.notin_(walls_of(leaving.by)),
    )
    for row in db.session.scalars(query.order_by(Matter.opened_on, Matter.id).limit(MOST)):
        words = f"{row.number} {MatterKind.of(row.kind).word}"
        yield Draft(LineKind.MATTER, words, None, row.id)


def _referrals(leaving: Leaving) -> Iterator[Draft]:
    query = select(Referral).where(
        Referral.community_code == leaving.community_code,
        Referral.status.in_(LIVE),
        or_(Referral.receiver_id == leaving.from_id, Referral.asker_id == leaving.from_id),
        beyond_walls("walled_services", Referral.service_id),
    )
    for row in db.session.scalars(query.order_by(Referral.asked_at, Referral.id).limit(MOST)):
        due = clock.local(row.due_at).date() if row.due_at else None
        words = f"{row.number} {Speciality.of(row.speciality).word}"
        yield Draft(LineKind.REFERRAL, words, due, row.id)


def _promises(leaving: Leaving) -> Iterator[Draft]:
    """Everything that the community still waits for, whoever of the firm has promised it."""
    for row in queries.promises_of(leaving.community_code, open_only=True):
        words = f"答应{row.to_whom}：{row.words}"
        yield Draft(LineKind.PROMISE, words, row.due_on, row.id)


def _groups(leaving: Leaving) -> Iterator[Draft]:
    for row in queries.groups_of(leaving.community_code, open_only=True):
        owner = row.owner.name if row.owner else "所外人员"
        yield Draft(LineKind.GROUP, f"“{row.name}”，群主{owner}", None, row.id)


def _papers(_leaving: Leaving) -> Iterator[Draft]:
    for words in PAPERS:
        yield Draft(LineKind.PAPER, words)


SOURCES: tuple[Source, ...] = (
    _duty,
    _services,
    _matters,
    _referrals,
    _promises,
    _groups,
    _papers,
)


def gather(leaving: Leaving) -> list[Draft]:
    """Return every line of a pack, source by source; as many statements as there are sources."""
    return [draft for source in SOURCES for draft in source(leaving)]
