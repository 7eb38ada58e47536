"""The three lists: resources and needs are written, a need that a resource meets is a project."""

from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from counselhub.core import history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.pairings import rules
from counselhub.pairings.kinds import (
    ITEM_FLOW,
    OPEN,
    PROJECT_FLOW,
    WORKING,
    ItemStatus,
    ListKind,
    ProjectStatus,
)
from counselhub.pairings.models import Pairing
from counselhub.pairings.work_models import PairingItem, PairingProject

TAKEN = "uq_pairing_project_need"
BY_TARGET = {
    ItemStatus.OFFERED: "release_item",
    ItemStatus.MATCHED: "match_item",
    ItemStatus.DONE: "finish_item",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """A line of a list as it is written; kind: of `ListKind`, party: of `Side`."""

    kind: str
    party: str
    title: str
    quantity: str | None
    wanted: str | None


def shared_street(pairing: Pairing) -> str | None:
    """Return the street whose office may know of acts under an agreement, None for a draft."""
    return pairing.street_code if pairing.status not in ("draft",) else None


def refuse_ended(pairing: Pairing) -> None:
    """Raise IllegalMoveError for an agreement under which nothing is written any more."""
    if pairing.status not in OPEN:
        raise IllegalMoveError(_("协议已经结束，清单、计划和活动不能再改动。"), row=pairing)


def add(pairing: Pairing, entry: ItemEntry, *, by: Member) -> PairingItem:
    """Write a line on a list. Raises IllegalMoveError under an ended agreement."""
    refuse_ended(pairing)
    item = PairingItem(pairing_id=pairing.id, **asdict(entry))
    db.session.add(item)
    db.session.flush()
    history.record(item, "add_item", by=by, street_code=shared_street(pairing))
    return item


def change(
    item: PairingItem, entry: ItemEntry, pairing: Pairing, *, revision: int | None, by: Member
) -> None:
    """Change a line. Raises ConflictError for a stale page, RefusedError to move a matched one."""
    history.expect(item, revision)
    refuse_ended(pairing)
    if entry.kind != item.kind and (found := _project_of(item)):
        raise RefusedError(
            _("它已对接在项目“%(title)s”里，不能换清单；请先取消项目。", title=found.title)
        )
    for name, value in asdict(entry).items():
        setattr(item, name, value)
    history.record(item, "change_item", by=by, street_code=shared_street(pairing))


def remove(item: PairingItem, pairing: Pairing, *, revision: int | None, by: Member) -> None:
    """Strike a line. Raises RefusedError, naming the project, for one that was matched."""
    history.expect(item, revision)
    refuse_ended(pairing)
    if found := _project_of(item):
        raise RefusedError(
            _("项目“%(title)s”由它对接而来，不能从清单删除。", title=found.title), row=item
        )
    history.record(item, "remove_item", by=by, street_code=shared_street(pairing), title=item.title)
    db.session.flush()
    db.session.delete(item)


def _project_of(item: PairingItem) -> PairingProject | None:
    column = PairingProject.need_id if item.kind == ListKind.NEED else PairingProject.resource_id
    return db.session.scalars(select(PairingProject).where(column == item.id).limit(1)).first()


def match(
    need: PairingItem, resource: PairingItem, title: str, pairing: Pairing, *, by: Member
) -> PairingProject:
    """Make a project of a need and a resource of one agreement; title "": the need's own.

    Raises RefusedError for two of one list, ConflictError for a need that has a project, naming it.
    """
    if pairing.status not in WORKING:
        raise IllegalMoveError(_("协议签订之后、结束之前才能对接项目。"), row=pairing)
    if (need.kind, resource.kind) != (ListKind.NEED, ListKind.RESOURCE):
        raise RefusedError(_("请从需求清单和资源清单里各选一项。"))
    if not need.pairing_id == resource.pairing_id == pairing.id:
        raise RefusedError(_("需求和资源不在同一份协议里。"))
    project = PairingProject(
        pairing_id=pairing.id,
        title=title or need.title,
        need_id=need.id,
        resource_id=resource.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(project)
    except IntegrityError as error:
        if constraint_of(error) != TAKEN:
            raise
        raise ConflictError(_taken(need)) from error
    street = shared_street(pairing)
    history.record(project, "make_project", by=by, street_code=street)
    _settle(need, ItemStatus.MATCHED, street, by)
    _settle(resource, ItemStatus.MATCHED, street, by)
    return project


def _taken(need: PairingItem) -> str:
    other = _project_of(need)
    return str(
        _(
            "需求“%(need)s”已经对接为项目“%(project)s”，不能再对接一次。",
            need=need.title,
            project=other.title if other else need.title,
        )
    )


def finish(
    project: PairingProject, outcome: str, pairing: Pairing, *, revision: int | None, by: Member
) -> None:
    """Say that a project is done, with what came of it. Raises RefusedError without words."""
    history.expect(project, revision)
    if not outcome:
        raise RefusedError(_("请写明项目的成效。"), row=project)
    _close(project, "finish_project", outcome, ItemStatus.DONE, pairing, by)


def drop(
    project: PairingProject, reason: str, pairing: Pairing, *, revision: int | None, by: Member
) -> None:
    """Call a project off; its need is open again. Raises RefusedError without a reason."""
    history.expect(project, revision)
    if not reason:
        raise RefusedError(_("请写明取消的原因。"), row=project)
    _close(project, "drop_project", reason, ItemStatus.OFFERED, pairing, by)


def _close(
    project: PairingProject,
    act: str,
    words: str,
    need_becomes: ItemStatus,
    pairing: Pairing,
    by: Member,
) -> None:
    refuse_ended(pairing)
    street = shared_street(pairing)
    project.outcome = words
    history.advance(project, PROJECT_FLOW, act, by=by, street_code=street, words=words)
    db.session.flush()
    of_resource = select(PairingProject.status).where(
        PairingProject.resource_id == project.resource_id
    )
    _settle(project.need, need_becomes, street, by)
    resource_becomes = rules.resource_status(set(db.session.scalars(of_resource)))
    _settle(project.resource, resource_becomes, street, by)


def _settle(item: PairingItem, target: ItemStatus, street: str | None, by: Member) -> None:
    """Bring an item to the state that its projects give it."""
    if item.status != target:
        history.advance(item, ITEM_FLOW, BY_TARGET[target], by=by, street_code=street)


def live_projects(pairing: Pairing) -> list[PairingProject]:
    """Return the projects of an agreement that activities may be held for, oldest first."""
    query = select(PairingProject).where(
        PairingProject.pairing_id == pairing.id, PairingProject.status != ProjectStatus.DROPPED
    )
    return list(db.session.scalars(query.order_by(PairingProject.id)))
