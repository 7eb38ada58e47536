"""What stands beside records: follow-ups, files, a member's templates and saved filters."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import joinedload

from counselhub.core.db import db
from counselhub.core.tenancy import current_firm_id
from counselhub.services.log_models import (
    EntryTemplate,
    InspectionRule,
    SavedFilter,
    ServiceFile,
    ServiceFileContent,
    ServiceFollowUp,
)


def follow_ups(service_id: UUID) -> Sequence[ServiceFollowUp]:
    """Return a record's follow-ups with their words, oldest first."""
    query = (
        select(ServiceFollowUp)
        .options(joinedload(ServiceFollowUp.note))
        .where(ServiceFollowUp.service_id == service_id)
        .order_by(ServiceFollowUp.day, ServiceFollowUp.created_at, ServiceFollowUp.id)
    )
    return db.session.scalars(query).all()


def follow_up_of(service_id: UUID, follow_up_id: UUID) -> ServiceFollowUp | None:
    """Return one follow-up of a record, None when the record has no such one."""
    return db.session.scalar(
        select(ServiceFollowUp).where(
            ServiceFollowUp.service_id == service_id, ServiceFollowUp.id == follow_up_id
        )
    )


def files(service_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what is known of a record's files and whether their bytes are still there."""
    has_content = exists().where(
        ServiceFileContent.firm_id == ServiceFile.firm_id,
        ServiceFileContent.file_id == ServiceFile.id,
    )
    query = (
        select(ServiceFile, has_content.label("has_content"))
        .where(ServiceFile.service_id == service_id)
        .order_by(ServiceFile.arrived_at, ServiceFile.id)
    )
    return db.session.execute(query).all()


def file_of(service_id: UUID, file_id: UUID) -> ServiceFile | None:
    """Return one file of a record, None when the record has no such one."""
    return db.session.scalar(
        select(ServiceFile).where(ServiceFile.service_id == service_id, ServiceFile.id == file_id)
    )


def shared_files(service_ids: Sequence[UUID]) -> dict[UUID, list[ServiceFile]]:
    """Return by record the files that the office may see, under whatever scope."""
    query = select(ServiceFile).where(
        ServiceFile.service_id.in_(service_ids), ServiceFile.is_shared
    )
    found: dict[UUID, list[ServiceFile]] = {}
    for file in db.session.scalars(query.order_by(ServiceFile.arrived_at, ServiceFile.id)):
        found.setdefault(file.service_id, []).append(file)
    return found


def same_file(service_id: UUID, digest: str) -> ServiceFile | None:
    """Return the file of a record with this digest, None when it has none."""
    return db.session.scalar(
        select(ServiceFile).where(
            ServiceFile.service_id == service_id, ServiceFile.digest == digest
        )
    )


def content_of(file: ServiceFile) -> bytes | None:
    """Return the bytes of a file, None when their time is over."""
    return db.session.scalar(
        select(ServiceFileContent.content).where(
            ServiceFileContent.firm_id == file.firm_id, ServiceFileContent.file_id == file.id
        )
    )


def templates(membership_id: UUID | None) -> Sequence[EntryTemplate]:
    """Return a member's own templates in their order."""
    query = select(EntryTemplate).where(EntryTemplate.membership_id == membership_id)
    return db.session.scalars(query.order_by(EntryTemplate.position, EntryTemplate.id)).all()


def next_position(membership_id: UUID | None) -> int:
    """Return the place behind a member's last template."""
    query = select(func.max(EntryTemplate.position)).where(
        EntryTemplate.membership_id == membership_id
    )
    return (db.session.scalar(query) or 0) + 1


_of_member = SavedFilter.membership_id == bindparam("membership")
FILTERS = (
    select(
        SavedFilter.id,
        SavedFilter.membership_id,
        SavedFilter.name,
        SavedFilter.asked,
        SavedFilter.is_shared,
    )
    .where(SavedFilter.firm_id == bindparam("firm"), or_(_of_member, SavedFilter.is_shared))
    .order_by(_of_member.desc(), SavedFilter.name, SavedFilter.id)
)
"""Every list of services asks it: made once, and past the ORM."""


def saved_filters(membership_id: UUID | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what the list tells of the searches that a member keeps and colleagues share.

    Each with id, membership_id, name, asked and is_shared; the own ones first.
    """
    asked = {"firm": current_firm_id(), "membership": membership_id}
    return db.session.connection().execute(FILTERS, asked).all()


def own_filters(membership_id: UUID | None) -> Sequence[SavedFilter]:
    """Return the searches that a member keeps."""
    return db.session.scalars(
        select(SavedFilter).where(SavedFilter.membership_id == membership_id)
    ).all()


def inspection_rule() -> InspectionRule | None:
    """Return what the firm has set for its checks, None while it has set nothing."""
    return db.session.scalar(select(InspectionRule))
