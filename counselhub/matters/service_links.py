"""Which services belong to a matter."""

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import access, history
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.members import Member
from counselhub.matters import queries
from counselhub.matters.models import Matter, MatterService
from counselhub.services.models import ServiceRecord


def link(matter: Matter, number: str, *, by: Member) -> None:
    """Let a service in sight belong to a matter.

    Raises RefusedError for a number that is not in sight, and for a service of another matter.
    """
    query = access.visible(ServiceRecord).where(ServiceRecord.number == number.strip().upper())
    service = db.session.scalars(query).one_or_none()
    if service is None:
        raise RefusedError(_("没有编号为%(number)s的服务记录，请核对。", number=number))
    _attach(matter, service, by)


def link_first(matter: Matter, service_id: UUID, *, by: Member) -> None:
    """Let the service that a matter came from belong to it. Raises NotFoundError unseen."""
    _attach(matter, access.fetch(ServiceRecord, service_id), by)


def let_belong(matter: Matter, service: ServiceRecord, *, by: Member) -> None:
    """Let a service belong to a matter, also one that does already.

    Raises RefusedError for a service of another matter.
    """
    pair = db.session.get(MatterService, (matter.firm_id, service.id))
    if pair is None or pair.matter_id != matter.id:
        _attach(matter, service, by)


def _attach(matter: Matter, service: ServiceRecord, by: Member) -> None:
    pair = {"firm_id": matter.firm_id, "service_id": service.id, "matter_id": matter.id}
    statement = insert(MatterService).values(pair).on_conflict_do_nothing()
    if db.session.execute(statement.returning(MatterService.service_id)).first():
        history.record(matter, "link_matter_service", by=by, service=service.number)
        return
    linked = select(MatterService.matter_id).where(MatterService.service_id == service.id)
    other = db.session.scalars(queries.visible().where(Matter.id.in_(linked))).first()
    named = other.number if other else _("另一件事项")
    raise RefusedError(
        _("服务记录%(service)s已经关联%(matter)s。", service=service.number, matter=named)
    )


def unlink(matter: Matter, service_id: UUID, *, by: Member) -> None:
    """Take a service off a matter; both stay. Raises NotFoundError for a service unseen."""
    detach(matter, access.fetch(ServiceRecord, service_id), by=by)


def detach(matter: Matter, service: ServiceRecord, *, by: Member) -> None:
    """Take a service off a matter, if it belongs to it."""
    pair = db.session.get(MatterService, (matter.firm_id, service.id))
    if pair is not None and pair.matter_id == matter.id:
        db.session.delete(pair)
        history.record(matter, "unlink_matter_service", by=by, service=service.number)
