"""What is in a packet, sealed at rest in both firms' rows: made, opened, sealed anew."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from counselhub.core import data_keys
from counselhub.core.sealing import KeyRing, Place, UnsealError
from counselhub.matters.gather import Asked
from counselhub.matters.kinds import PartyKind, PartyRole
from counselhub.matters.seals import Marks
from counselhub.packets.kinds import PacketField
from counselhub.packets.models import PacketFile, PacketReceived
from counselhub.people import resealing


@dataclass(frozen=True, slots=True)
class Content:
    """The chosen fields in order, and the parties for the receiver's check."""

    fields: Sequence[tuple[PacketField, str]]
    parties: Sequence[Asked]


def written(content: Content) -> str:
    """Return a content as the text that is sealed."""
    parties = [
        {"role": one.role.value, "kind": one.kind.value, **asdict(one.marks)}
        for one in content.parties
    ]
    fields = [[field.value, words] for field, words in content.fields]
    return json.dumps({"fields": fields, "parties": parties}, ensure_ascii=False)


def read(text: str) -> Content:
    """Return the content that `written` gave."""
    known = json.loads(text)
    fields = [(PacketField.of(code), words) for code, words in known["fields"]]
    return Content(fields, [_party(one) for one in known["parties"]])


def _party(known: dict[str, str]) -> Asked:
    role, kind = PartyRole.of(known.pop("role")), PartyKind.of(known.pop("kind"))
    return Asked(role, kind, Marks(**known))


def seal(content: Content, model: Any, firm_id: UUID, row_id: UUID) -> str:
    """Return a content sealed for one firm's row."""
    place = Place(firm_id, model.__tablename__, row_id, "sealed")
    return data_keys.writing_ring().seal(written(content), place)


def opened(row: PacketFile | PacketReceived) -> Content | None:
    """Return the content of a row; None when it was erased or does not open."""
    if row.sealed is None:
        return None
    try:
        return read(data_keys.ring().unseal(row.sealed, _place(row)))
    except UnsealError:
        return None


def reseal(ring: KeyRing) -> tuple[int, set[str]]:
    """Seal every packet anew; return how many, and the keys that are still needed."""
    return resealing.reseal(ring, _place, PacketFile.sealed, PacketReceived.sealed)


def _place(row: Any) -> Place:
    row_id = row.packet_id if isinstance(row, PacketFile) else row.id
    return Place(row.firm_id, row.__tablename__, row_id, "sealed")
