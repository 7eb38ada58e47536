"""Who may not take what a service is about? Asked before anybody reads details.

A service of a matter: what its checks found and the manager has not settled, and its walls. Any
other service: its clients, compared past every wall with the parties of all matters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Select,
    Text,
    Uuid,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import null as nothing
from sqlalchemy.dialects.postgresql import ARRAY

from counselhub.clients import seals as client_seals
from counselhub.clients.models import Client, ServiceClient
from counselhub.core.db import db
from counselhub.core.labels import Labelled
from counselhub.matters import rules
from counselhub.matters.gather import Asked, Question, gathered
from counselhub.matters.kinds import Bar, ConflictCode, ConflictStatus, PartyKind, PartyRole
from counselhub.matters.models import Matter, MatterConflict, MatterService, MatterWall
from counselhub.matters.rules import Finding
from counselhub.matters.seals import Marks

COLUMNS: Mapping[str, Any] = {
    "firm_id": Uuid(),
    "id": Uuid(),
    "code": Text(),
    "name_sealed": Text(),
    "phone_sealed": Text(),
    "concerned": ARRAY(Text),
}
"""Of what is known, whatever it is of."""


@dataclass(frozen=True, slots=True)
class Interests:
    """What is known: nothing where nobody was there to compare.

    codes: the gravest first. matter_id: its own matter, else the first that stands against it.
    barred: the lawyers who may not take it, with the reasons.
    """

    is_known: bool = False
    codes: tuple[ConflictCode, ...] = ()
    matter_id: UUID | None = None
    barred: Mapping[UUID, tuple[Labelled, ...]] = field(default_factory=dict)


def interests(firm_id: UUID, service_id: UUID, matter_id: UUID | None = None) -> Interests:
    """Return what is known of a service; two statements at most.

    matter_id: the matter it is taken for, by default the one that the service belongs to.
    """
    rows = db.session.execute(_known(service_id, matter_id)).all()
    own = next((row.id for row in rows if row.what == "matter"), None)
    if own is not None:
        return _of_matter(own, rows)
    asked = [_asked(row) for row in rows if row.what == "client"]
    if not asked:
        return Interests()
    question = Question(asked, firm_id)
    return _of_findings(rules.judge(question.facts, *gathered(question, None)))


def _known(service_id: UUID, matter_id: UUID | None) -> CompoundSelect[Any]:
    """Select the matter, its open conflicts and its walls, and the service's clients."""
    of_service = select(MatterService.matter_id).where(MatterService.service_id == service_id)
    own = func.coalesce(cast(matter_id, Uuid), of_service.scalar_subquery())
    touches = or_(MatterConflict.matter_id == own, MatterConflict.other_id == own)
    here = (ServiceClient.firm_id == Client.firm_id) & (ServiceClient.client_id == Client.id)
    sealed = {"name_sealed": Client.name_sealed, "phone_sealed": Client.phone_sealed}
    return union_all(
        _rows("matter", firm_id=Matter.firm_id, id=Matter.id).where(Matter.id == own),
        _rows("conflict", code=MatterConflict.code, concerned=MatterConflict.concerned).where(
            touches, MatterConflict.status == ConflictStatus.OPEN
        ),
        _rows("wall", id=MatterWall.adviser_id).where(
            MatterWall.matter_id == own,
            MatterWall.lifted_at.is_(None),
            MatterWall.adviser_id.is_not(None),
        ),
        _rows("client", firm_id=Client.firm_id, id=Client.id, **sealed)
        .join(ServiceClient, here)
        .where(ServiceClient.service_id == service_id, Client.erased_at.is_(None)),
    )


def _rows(what: str, **given: Any) -> Select[Any]:
    shown = [given.get(name, cast(nothing(), kind)).label(name) for name, kind in COLUMNS.items()]
    return select(literal(what).label("what"), *shown)


def _asked(client: Any) -> Asked:
    person = client_seals.opened(client)
    marks = Marks(person.name or "", "", person.phone or "", "")
    return Asked(PartyRole.CLIENT, PartyKind.PERSON, marks)


def _of_matter(own: UUID, rows: Sequence[Any]) -> Interests:
    """What is open bars whom it concerns; what the manager has settled bars by walls only."""
    barred = defaultdict[UUID, list[Labelled]](list)
    codes = []
    for row in rows:
        if row.what == "wall":
            barred[row.id].append(Bar.WALLED)
        if row.what == "conflict":
            codes.append(ConflictCode(row.code))
            for adviser_id in row.concerned:
                barred[UUID(adviser_id)].append(ConflictCode(row.code))
    return Interests(True, _gravest(codes), own, _reasons(barred))


def _of_findings(findings: Sequence[Finding]) -> Interests:
    """The lawyers of a matter that stands against it may not take it; others may."""
    barred = defaultdict[UUID, list[Labelled]](list)
    for one in findings:
        for adviser_id in one.team:
            barred[adviser_id].append(one.code)
    against = next((one.matter_id for one in findings if one.matter_id), None)
    return Interests(True, _gravest(one.code for one in findings), against, _reasons(barred))


def _gravest(codes: Iterable[ConflictCode]) -> tuple[ConflictCode, ...]:
    found = set(codes)
    return tuple(code for code in ConflictCode if code in found)


def _reasons(barred: Mapping[UUID, Iterable[Labelled]]) -> dict[UUID, tuple[Labelled, ...]]:
    return {who: tuple(dict.fromkeys(reasons)) for who, reasons in barred.items()}
