"""Service records: kind, day, counts and result; never for whom, nor what was said."""

from dataclasses import fields
from datetime import date
from typing import Annotated
from uuid import UUID

from flask_babel import gettext as _
from pydantic import AwareDatetime, Field

from counselhub.api.cursors import changed_since, part_of
from counselhub.api.operations import expect, operation
from counselhub.api.shapes import LEFT_OUT, Asked, Code, Day, Listed, PageOf, Shown, Words
from counselhub.core.access import current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.labels import N_
from counselhub.core.permissions import Permission
from counselhub.services import actions, queries
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.services.models import ServiceRecord

READ, WRITE = "services:read", "services:write"
Count = Annotated[int, Field(ge=0, le=100_000)]


class ServiceShown(Shown):
    """服务记录; `count` (件次) and `persons` (人次) are different units and never added."""

    id: UUID
    number: str
    day: date
    kind: str
    mode: str | None
    dispute_kind: str | None
    community_code: str
    street_code: str
    adviser_id: UUID
    count: int
    persons: int | None
    outcome: str | None
    revision: int


class ServicesAsked(Listed):
    """The days from `from` to `to`, both included, and the filters of the list."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    kind: ServiceKind | None = None
    mode: ServiceMode | None = None
    community: Code | None = None
    adviser: UUID | None = None
    q: Words | None = None
    changed_since: AwareDatetime | None = None


MORE = tuple(
    getattr(ServiceRecord, name)
    for name in ServiceShown.model_fields
    if name not in {column.key for column in queries.COLUMNS}
)
"""What the list of the page has not, and a program is told."""


@operation(
    "GET",
    "/services",
    N_("列出服务记录"),
    READ,
    Permission.FIRM_READ,
    query=ServicesAsked,
    answer=PageOf[ServiceShown],
)
def list_services(asked: ServicesAsked) -> PageOf[ServiceShown]:
    """List the records of some days; a lawyer's token sees the own ones."""
    given = {
        "kind": asked.kind or "",
        "mode": asked.mode or "",
        "community": asked.community or "",
        "adviser": str(asked.adviser or ""),
        "q": asked.q or "",
    }
    query = queries.record_list(asked.first, asked.last, given, "day").add_columns(*MORE)
    if asked.changed_since:
        query = query.where(changed_since(ServiceRecord, asked.changed_since))
    return part_of(
        query, ServiceRecord.id, asked, ServiceShown.model_validate, PageOf[ServiceShown]
    )


@operation(
    "GET",
    "/services/<uuid:service_id>",
    N_("查看一条服务记录"),
    READ,
    Permission.FIRM_READ,
    answer=ServiceShown,
)
def service(service_id: UUID) -> ServiceShown:
    """Show one record."""
    return ServiceShown.model_validate(fetch(ServiceRecord, service_id))


class ServiceGiven(Asked):
    """A record to be entered; for whom it was is entered on the page alone."""

    kind: ServiceKind
    day: Day
    community_code: Code
    adviser_id: UUID | None = None
    count: Count = 1
    persons: Count | None = None
    mode: ServiceMode | None = None
    dispute_kind: DisputeKind | None = None
    minutes: int | None = Field(None, ge=1, le=1440)
    content: str = Field("", max_length=2000)
    outcome: str | None = Field(None, max_length=500)


@operation(
    "POST",
    "/services",
    N_("记一条服务"),
    WRITE,
    Permission.SERVICE_LOG,
    body=ServiceGiven,
    answer=ServiceShown,
    made=True,
)
def create_service(body: ServiceGiven) -> ServiceShown:
    """Enter a service, in the token's own name unless its role looks after all of the firm's."""
    entry = actions.Entry(**body.model_dump())
    return ServiceShown.model_validate(actions.add(entry, by=current_member()).record)


class ServiceChanged(Asked):
    """What is to be changed; what is left out stays, null empties what may be empty."""

    kind: ServiceKind = LEFT_OUT
    day: Day = LEFT_OUT
    community_code: Code = LEFT_OUT
    adviser_id: UUID = LEFT_OUT
    count: Count = LEFT_OUT
    persons: Count | None = None
    mode: ServiceMode | None = None
    dispute_kind: DisputeKind | None = None
    minutes: int | None = Field(None, ge=1, le=1440)
    content: str = Field("", max_length=2000)
    outcome: str | None = Field(None, max_length=500)


@operation(
    "PATCH",
    "/services/<uuid:service_id>",
    N_("修改一条服务记录"),
    WRITE,
    Permission.SERVICE_LOG,
    body=ServiceChanged,
    answer=ServiceShown,
)
def change_service(service_id: UUID, body: ServiceChanged) -> ServiceShown:
    """Change what is given of a record; its number, and what the page alone knows, stay."""
    row = fetch(ServiceRecord, service_id, Permission.SERVICE_LOG)
    expect(ServiceShown.model_validate(row))
    if "minutes" in body.model_fields_set and row.starts is not None and row.ends is not None:
        raise RefusedError(_("这条记录写了起止时间，时长由它们算出，请在页面上改。"), at="minutes")
    now = {one.name: getattr(row, one.name) for one in fields(actions.Entry) if one.name in KEPT}
    now["content"] = row.note.content if row.note else ""
    entry = actions.Entry(**now | body.model_dump(exclude_unset=True))
    changed = actions.change(row, entry, revision=None, by=current_member())
    db.session.flush()
    return ServiceShown.model_validate(changed.record)


KEPT = frozenset(ServiceRecord.__table__.columns.keys())
"""What of an entry lies on the record itself; its words lie on a note, its client on a link."""
