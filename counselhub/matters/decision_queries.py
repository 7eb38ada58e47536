"""What pages show to who decides: conflicts, walls, who may be kept from a matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, text, union_all
from sqlalchemy.orm import aliased, joinedload

from counselhub.advisers.models import Adviser
from counselhub.advisers.queries import here
from counselhub.core import access, clock
from counselhub.core.db import db
from counselhub.core.permissions import Permission
from counselhub.core.tenancy import current_firm_id
from counselhub.matters.models import (
    Matter,
    MatterConflict,
    MatterPaper,
    MatterParty,
    MatterWall,
)
from counselhub.matters.queries import parties_of, visible
from counselhub.people.models import Membership, Person


def conflicts_of(matter: Matter) -> Sequence[Any]:
    """Return (conflict, party, other matter, paper's id) of a matter, newest first.

    Of a conflict that was found from the other matter, the other one is that. Whoever does not
    decide gets no other matter: the database may show it to him, this page does not.
    """
    pair = (MatterConflict.matter_id, MatterConflict.other_id)
    other = aliased(Matter)
    query = (
        select(MatterConflict, MatterParty, other, MatterPaper.id)
        .outerjoin(
            MatterParty,
            and_(
                MatterParty.firm_id == MatterConflict.firm_id,
                MatterParty.id == MatterConflict.party_id,
            ),
        )
        .outerjoin(
            other,
            and_(
                other.firm_id == MatterConflict.firm_id,
                other.id.in_(pair),
                other.id != matter.id,
            ),
        )
        .outerjoin(
            MatterPaper,
            and_(
                MatterPaper.firm_id == MatterConflict.firm_id,
                MatterPaper.conflict_id == MatterConflict.id,
            ),
        )
        .where(or_(*(column == matter.id for column in pair)))
        .order_by(MatterConflict.found_at.desc(), MatterConflict.id)
    )
    return db.session.execute(query).all()


def walls(matter: Matter) -> Sequence[MatterWall]:
    """Return the walls of a matter, those in force first."""
    query = select(MatterWall).where(MatterWall.matter_id == matter.id)
    order = (MatterWall.lifted_at.is_not(None), MatterWall.made_at.desc(), MatterWall.id)
    return db.session.scalars(query.order_by(*order)).all()


def colleagues() -> list[tuple[str, str]]:
    """Return (key, name) of everybody of the firm who can be kept from a matter.

    The key is `adviser:<id>` of a lawyer, `person:<id>` of a member who is none.
    """
    lawyers = select(func.concat("adviser:", Adviser.id), Adviser.name, Adviser.pinyin).where(
        here(clock.today())
    )
    others = (
        select(func.concat("person:", Person.id), Person.name, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.firm_id == current_firm_id(),
            Membership.ended_at.is_(None),
            Membership.adviser_id.is_(None),
        )
    )
    rows = db.session.execute(union_all(lawyers, others).order_by(text("3"), text("1")))
    return [(row[0], row[1]) for row in rows]


def deciders() -> list[str]:
    """Return the names of who may decide on conflicts in this firm."""
    query = (
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.firm_id == current_firm_id(),
            Membership.ended_at.is_(None),
            Membership.role.in_(access.roles_with(Permission.MATTER_DECIDE)),
        )
    )
    return list(db.session.scalars(query.order_by(Person.name, Person.id)))


@dataclass(frozen=True, slots=True)
class Context:
    """What a conflict is about, for who decides: both parties, the other matter, who is on both."""

    party: MatterParty | None
    other: Matter | None
    theirs: Sequence[MatterParty]
    concerned: Sequence[str]
    paper_id: UUID | None


def context_of(conflict: MatterConflict) -> Context:
    """Return what a conflict is about, with five statements at most."""
    party = None
    if conflict.party_id is not None:
        party = db.session.get(MatterParty, (conflict.firm_id, conflict.party_id))
    other = None
    if conflict.other_id is not None:
        query = visible().options(joinedload(Matter.adviser)).where(Matter.id == conflict.other_id)
        other = db.session.scalars(query).one_or_none()
    names = select(Adviser.name).where(Adviser.id.in_(list(map(UUID, conflict.concerned))))
    papers = select(MatterPaper.id).where(MatterPaper.conflict_id == conflict.id)
    return Context(
        party,
        other,
        parties_of(other) if other else (),
        db.session.scalars(names.order_by(Adviser.pinyin)).all() if conflict.concerned else (),
        db.session.scalars(papers).first(),
    )
