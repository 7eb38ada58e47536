"""Between a client's row and the words: seal, open, mask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from counselhub.clients.models import Client
from counselhub.core import data_keys, personal
from counselhub.core.sealing import KeyRing, Place, UnsealError

COLUMNS = {"name": "name_sealed", "phone": "phone_sealed"}


@dataclass(frozen=True, slots=True)
class Person:
    """A client's name and phone in full; "" what was not given, None what does not open."""

    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Masked:
    """A client as lists and pages show it."""

    id: UUID
    name: str
    phone: str
    is_erased: bool
    is_unreadable: bool


def opened(row: Any) -> Person:
    """Return the name and the phone of `row`: a Client, or a row with its columns."""
    ring = data_keys.ring()
    return Person(_open(ring, row, "name"), _open(ring, row, "phone"))


def _open(ring: KeyRing, row: Any, field: str) -> str | None:
    sealed = getattr(row, COLUMNS[field])
    if sealed is None:
        return ""
    try:
        return ring.unseal(sealed, _place(row, field))
    except UnsealError:
        return None


def masked(row: Any) -> Masked:
    """Return `row` as pages show it."""
    person = opened(row)
    return Masked(
        row.id,
        personal.masked_name(person.name or ""),
        personal.masked_phone(person.phone or ""),
        row.erased_at is not None,
        person.name is None or person.phone is None,
    )


def sealed(ring: KeyRing, row: Any, person: Person) -> Mapping[str, str | None]:
    """Return the columns that keep `person` on `row`; a part that is None stays as it was."""
    columns: dict[str, str | None] = {}
    if person.name is not None:
        columns["name_sealed"] = (
            ring.seal(person.name, _place(row, "name")) if person.name else None
        )
    if person.phone is not None:
        phone = person.phone
        columns["phone_sealed"] = ring.seal(phone, _place(row, "phone")) if phone else None
        columns["phone_digest"] = ring.digests(phone, row.firm_id)[0] if phone else None
    return columns


def _place(row: Any, field: str) -> Place:
    return Place(row.firm_id, Client.__tablename__, row.id, COLUMNS[field])
