"""What could be sent of a referral: each field with its value as it would leave the firm."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from counselhub.clients import seals as client_seals
from counselhub.clients.models import Client, ServiceClient
from counselhub.conferences.kinds import ConferenceStatus
from counselhub.conferences.models import Conference
from counselhub.core import personal
from counselhub.core.access import in_sight
from counselhub.core.db import db
from counselhub.matters import rules as matter_rules
from counselhub.matters import seals as party_seals
from counselhub.matters.gather import Asked
from counselhub.matters.kinds import PartyKind, PartyRole
from counselhub.matters.models import MatterParty, MatterService
from counselhub.matters.seals import Marks
from counselhub.packets import rules
from counselhub.packets.kinds import PacketField
from counselhub.packets.seals import Content
from counselhub.referrals.models import Referral
from counselhub.services.models import ServiceRecord

F = PacketField


@dataclass(frozen=True, slots=True)
class Offered:
    """The fields that say something, in full; the clients; the parties for the check."""

    full: dict[PacketField, str]
    clients: Sequence[client_seals.Person]
    parties: Sequence[Asked]

    def value(self, field: PacketField, *, shows_client: bool) -> str:
        """Return a field as it would be sent.

        PACK-5: unless the client agreed to be named, names and phones are masked in every field.
        """
        if shows_client:
            return self.full[field]
        return rules.without_names(self.full[field], self._hidden())

    def _hidden(self) -> list[tuple[str, str]]:
        names = [(one.name or "", personal.masked_name(one.name or "")) for one in self.clients]
        phones = [(one.phone or "", personal.masked_phone(one.phone or "")) for one in self.clients]
        return names + phones

    def chosen(self, fields: Sequence[PacketField], *, shows_client: bool) -> Content:
        """Return the content of a packet with these fields."""
        values = [(one, self.value(one, shows_client=shows_client)) for one in F if one in fields]
        return Content(values, self.parties)


def offered(referral: Referral, service: ServiceRecord) -> Offered:
    """Return what of a referral could be sent; three statements and the service's note."""
    clients = _clients(service)
    full = {
        F.WORDS: referral.words,
        F.NOTE: service.note.content if service.note else "",
        F.OUTCOME: service.outcome or "",
        F.OPINION: referral.opinion or "",
        F.CONCLUSION: _conclusion(service),
        F.CLIENT: "；".join(f"{one.name or ''} {one.phone or ''}".strip() for one in clients),
    }
    said = {field: words for field, words in full.items() if words}
    return Offered(said, clients, _parties(service, clients))


def _clients(service: ServiceRecord) -> list[client_seals.Person]:
    of_it = and_(ServiceClient.firm_id == Client.firm_id, ServiceClient.client_id == Client.id)
    query = (
        select(Client)
        .join(ServiceClient, of_it)
        .where(ServiceClient.service_id == service.id, Client.erased_at.is_(None), in_sight(Client))
        .order_by(Client.id)
    )
    return [client_seals.opened(row) for row in db.session.scalars(query)]


def _conclusion(service: ServiceRecord) -> str:
    """Return the conclusion of the last conference on it, "" when there was none."""
    query = (
        select(Conference.conclusion)
        .where(
            Conference.service_id == service.id,
            Conference.status == ConferenceStatus.CONCLUDED,
            in_sight(Conference),
        )
        .order_by(Conference.concluded_at.desc())
        .limit(1)
    )
    return db.session.scalar(query) or ""


def _parties(service: ServiceRecord, clients: Sequence[client_seals.Person]) -> list[Asked]:
    """Return who the receiver's check is to compare: the matter's parties, else the clients."""
    linked = select(MatterService.matter_id).where(MatterService.service_id == service.id)
    query = select(MatterParty).where(MatterParty.matter_id.in_(linked)).order_by(MatterParty.id)
    found = [
        Asked(PartyRole.of(row.role), PartyKind.of(row.kind), marks)
        for row in db.session.scalars(query)
        if (marks := party_seals.opened(row)) and marks.name
    ]
    if any(one.role in matter_rules.OWN for one in found):
        return found
    own = [
        Asked(PartyRole.CLIENT, PartyKind.PERSON, Marks(one.name or "", "", one.phone or "", ""))
        for one in clients
        if one.name or one.phone
    ]
    return own + found
