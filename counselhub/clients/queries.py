"""Which clients the firm has, whose services they were, what a page shows of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.claims.models import CaseClaim
from counselhub.clients import seals
from counselhub.clients.models import ClaimClient, Client, ServiceClient
from counselhub.clients.seals import Masked
from counselhub.closing.queries import is_closed
from counselhub.core import clock, data_keys
from counselhub.core.access import can, in_sight, visible
from counselhub.core.columns import among
from counselhub.core.db import columns_of, db
from counselhub.core.permissions import Permission
from counselhub.places.models import Community
from counselhub.services.models import ServiceNote, ServiceRecord

MOST_FOUND = 50
MOST_OFFERED = 50
"""Clients that a form offers to choose from; earlier ones are found by their phone."""
SEALED = (
    Client.firm_id,
    Client.id,
    Client.name_sealed,
    Client.phone_sealed,
    Client.erased_at,
)
_of_client = and_(
    ServiceClient.firm_id == ServiceRecord.firm_id, ServiceClient.service_id == ServiceRecord.id
)
_of_case = and_(ClaimClient.firm_id == CaseClaim.firm_id, ClaimClient.claim_id == CaseClaim.id)
_here = and_(ServiceClient.firm_id == Client.firm_id, ServiceClient.client_id == Client.id)
LIST = (
    *SEALED,
    Client.informed_on,
    Client.created_at,
    select(func.count())
    .select_from(ServiceClient)
    .where(_here)
    .correlate(Client)
    .scalar_subquery()
    .label("services"),
    select(func.max(ServiceRecord.day))
    .join(ServiceClient, _of_client)
    .where(_here)
    .correlate(Client)
    .scalar_subquery()
    .label("last_day"),
)
OF_SERVICES = (
    select(ServiceClient.service_id, *SEALED).join(ServiceClient, _here).order_by(Client.id)
)


def client_list(*, oldest_first: bool = False) -> Select[Any]:
    """Select what the list shows of every client that the member sees, the newest first."""
    order = Client.id if oldest_first else Client.id.desc()
    return visible(Client).with_only_columns(*LIST).order_by(order)


def by_phone(phone: str, firm_id: UUID) -> Sequence[Any]:
    """Return the clients that the member sees with exactly this phone, at most 50.

    phone: as `personal.normal_phone` writes it.
    """
    digests = data_keys.ring().digests(phone, firm_id)
    query = client_list().where(Client.phone_digest.in_(digests)).limit(MOST_FOUND)
    return db.session.execute(query).all()


def of_services(service_ids: Collection[UUID]) -> dict[UUID, list[Masked]]:
    """Return the clients of each of these services as the member may see them: masked."""
    found: dict[UUID, list[Masked]] = defaultdict(list)
    if not service_ids or not can(Permission.CLIENT_READ):
        return found
    query = OF_SERVICES.where(in_sight(Client), among(ServiceClient.service_id, service_ids))
    for row in columns_of(query):
        found[row.service_id].append(seals.masked(row))
    return found


def services_of(client: Client) -> Select[*tuple[Any, ...]]:
    """Select the services of a client that the member sees, the newest first."""
    return (
        visible(ServiceRecord)
        .with_only_columns(
            ServiceRecord.id,
            ServiceRecord.number,
            ServiceRecord.day,
            ServiceRecord.kind,
            ServiceRecord.mode,
            ServiceRecord.dispute_kind,
            ServiceRecord.count,
            ServiceRecord.outcome,
            Community.name.label("community"),
            Adviser.name.label("adviser"),
            ServiceNote.content,
        )
        .join(ServiceClient, _of_client)
        .join(ServiceRecord.community)
        .join(ServiceRecord.adviser)
        .outerjoin(ServiceRecord.note)
        .where(ServiceClient.client_id == client.id)
        .order_by(ServiceRecord.day.desc(), ServiceRecord.id.desc())
    )


def client_of_claim(claim_id: UUID) -> UUID | None:
    """Return the client that a case claim names, in sight or not; None when it names nobody."""
    return db.session.scalar(select(ClaimClient.client_id).where(ClaimClient.claim_id == claim_id))


def offered(present: UUID | None = None) -> list[tuple[Masked, date]]:
    """Return the clients that the member may choose from, the newest first, masked.

    With the day of entry in Shanghai; `present` is among them when it is in sight.
    """
    query = (
        visible(Client)
        .with_only_columns(*SEALED, Client.created_at)
        .where(or_(Client.erased_at.is_(None), Client.id == present))
        .order_by((Client.id == present).desc(), Client.id.desc())
        .limit(MOST_OFFERED)
    )
    rows = db.session.execute(query)
    return [(seals.masked(row), clock.local(row.created_at).date()) for row in rows]


def cases_of(client: Client) -> Sequence[Any]:
    """Return the case claims that name a client, the newest first."""
    query = (
        visible(CaseClaim)
        .with_only_columns(
            CaseClaim.id,
            CaseClaim.number,
            CaseClaim.accepted_on,
            CaseClaim.closed_on,
            CaseClaim.dispute_kind,
            CaseClaim.difficulty,
            CaseClaim.form,
            Community.name.label("community"),
            Adviser.name.label("adviser"),
        )
        .join(ClaimClient, _of_case)
        .join(CaseClaim.community)
        .join(CaseClaim.adviser)
        .where(ClaimClient.client_id == client.id)
        .order_by(CaseClaim.closed_on.desc(), CaseClaim.id.desc())
    )
    return db.session.execute(query).all()


def cases_count(client: Client) -> int:
    """Return how many case claims name a client."""
    query = select(func.count()).where(ClaimClient.client_id == client.id)
    return db.session.scalar(query) or 0


def links_of(client: Client) -> Sequence[Row[ServiceRecord, bool]]:
    """Return every service of a client, seen or not, and whether its month is closed."""
    closed = is_closed(ServiceRecord.firm_id, ServiceRecord.community_code, ServiceRecord.day)
    query = (
        select(ServiceRecord, closed)
        .join(ServiceClient, _of_client)
        .options(joinedload(ServiceRecord.note))
        .where(ServiceClient.client_id == client.id)
        .order_by(ServiceRecord.day, ServiceRecord.id)
    )
    return db.session.execute(query).all()


def due(before: date) -> Select[UUID]:
    """Select the clients of the firm in scope that had no service and no case since `before`."""
    later = (
        select(ServiceRecord.id)
        .join(ServiceClient, _of_client)
        .where(_here, ServiceRecord.day >= before)
        .correlate(Client)
        .exists()
    )
    later_case = (
        select(CaseClaim.id)
        .join(ClaimClient, _of_case)
        .where(
            ClaimClient.firm_id == Client.firm_id,
            ClaimClient.client_id == Client.id,
            CaseClaim.closed_on >= before,
        )
        .correlate(Client)
        .exists()
    )
    return (
        select(Client.id)
        .where(
            Client.erased_at.is_(None),
            Client.created_at < clock.instant(before, time()),
            ~later,
            ~later_case,
        )
        .order_by(Client.id)
    )
