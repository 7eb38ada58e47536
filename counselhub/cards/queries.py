"""What a public card says, read as the firm that made it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from counselhub.advisers.kinds import PoliticalStatus
from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.cards.models import PartyConsent
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.pairings.studio_models import PartyStudio
from counselhub.people.models import Firm
from counselhub.places.models import Community
from counselhub.roster import term_queries
from counselhub.roster.models import DutyTerm
from counselhub.rota.models import DutyPhone, Rota, RotaStreet


@dataclass(frozen=True, slots=True)
class Named:
    """A lawyer as the card names him; phone "": none that he made public."""

    name: str
    is_lead: bool
    is_party_member: bool
    phone: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of one community says. desk_phone "": the firm has given none."""

    community: Community
    firm: str
    advisers: Sequence[Named]
    terms: Sequence[DutyTerm]
    desk_phone: str
    studios: Sequence[PartyStudio]


def card(code: str, today: date | None = None) -> Card | None:
    """Return the card of a community for the firm in scope, None for no such community."""
    day = today or clock.today()
    community = db.session.get(Community, code)
    if community is None:
        return None
    studios = select(PartyStudio).where(
        PartyStudio.community_code == code, PartyStudio.is_public.is_(True)
    )
    desk = (
        select(Rota.desk_phone)
        .join(RotaStreet, and_(RotaStreet.firm_id == Rota.firm_id, RotaStreet.rota_id == Rota.id))
        .where(RotaStreet.street_code == community.street_code)
    )
    return Card(
        community,
        db.session.scalar(select(Firm.name)) or "",
        _advisers(code, day),
        list(term_queries.terms_for(code, day)),
        db.session.scalars(desk.limit(1)).first() or "",
        db.session.scalars(studios.order_by(PartyStudio.name)).all(),
    )


def _advisers(code: str, day: date) -> list[Named]:
    """Return who serves a community on a day, 主责 first."""

    def of(model: type[Any]) -> Any:
        return and_(model.firm_id == Adviser.firm_id, model.adviser_id == Adviser.id)

    query = (
        select(
            Adviser.name,
            Assignment.role,
            AdviserContact.political_status,
            PartyConsent.agreed_at,
            DutyPhone.phone,
        )
        .join(Assignment, of(Assignment))
        .outerjoin(AdviserContact, of(AdviserContact))
        .outerjoin(PartyConsent, of(PartyConsent))
        .outerjoin(DutyPhone, and_(of(DutyPhone), DutyPhone.is_public.is_(True)))
        .where(
            Assignment.community_code == code,
            Assignment.starts_on <= day,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
        )
        .order_by(Assignment.role.desc(), Assignment.starts_on, Adviser.pinyin)
    )
    found: dict[str, Named] = {}
    for name, role, politics, agreed_at, phone in db.session.execute(query):
        is_named = politics == PoliticalStatus.PARTY_MEMBER and agreed_at is not None
        found.setdefault(name, Named(name, role == AssignmentRole.LEAD, is_named, phone or ""))
    return sorted(found.values(), key=lambda one: not one.is_lead)
