"""Between a party's row and the words: seal, open, mask, and the digests it is found by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from counselhub.core import data_keys, identifiers, personal
from counselhub.core.sealing import KeyRing, Place, UnsealError
from counselhub.matters import names
from counselhub.matters.kinds import Matched, PartyKind
from counselhub.matters.models import MatterParty

COLUMNS = {
    "name": "name_sealed",
    "aliases": "aliases_sealed",
    "phone": "phone_sealed",
    "identity": "identity_sealed",
}


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells who a party is, each clean and "" where not given; aliases one a line."""

    name: str = ""
    aliases: str = ""
    phone: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A party as pages show it: a person masked, an organisation by its name."""

    name: str
    aliases: str
    phone: str
    identity: str
    is_wiped: bool
    is_unreadable: bool


def keys_of(ring: KeyRing, firm_id: UUID, kind: str, marks: Marks) -> list[tuple[Matched, str]]:
    """Return the digests of a party's marks, one a key of the ring; those of the first key first.

    The phone's are those that a client is found by, so that the two registers can be compared.
    """
    asked = [
        *((Matched.NAME, f"name|{one}") for one in _folded(kind, marks.name)),
        *((Matched.ALIAS, f"name|{one}") for one in _folded(kind, marks.aliases)),
        *((Matched.PHONE, one) for one in (marks.phone,) if one),
        *((Matched.ID, f"id|{one}") for one in (marks.identity,) if one),
    ]
    found = [
        (place, how, digest)
        for how, text in asked
        for place, digest in enumerate(ring.digests(text, firm_id))
    ]
    return [(how, digest) for _place, how, digest in sorted(found, key=lambda one: one[0])]


def written_keys(ring: KeyRing, firm_id: UUID, kind: str, marks: Marks) -> list[tuple[str, str]]:
    """Return (kind, digest) of what is kept to find a party by: those of the writing key."""
    every = keys_of(ring, firm_id, kind, marks)
    own = [(how.value, digest) for how, digest in every if digest.startswith(f"{ring.writing}.")]
    return list(dict.fromkeys(own))


def _folded(kind: str, lines: str) -> list[str]:
    fold = names.person if kind == PartyKind.PERSON else names.organisation
    return [folded for line in lines.splitlines() if (folded := fold(line))]


def nears_of(kind: str, marks: Marks) -> list[str]:
    """Return the cores of an organisation's names, by which one nearly the same is found."""
    if kind != PartyKind.ORGANISATION:
        return []
    lines = [marks.name, *marks.aliases.splitlines()]
    return [near for line in lines if (near := names.near(line))]


def sealed(ring: KeyRing, row: Any, marks: Marks) -> Mapping[str, str | None]:
    """Return the columns that keep `marks` on `row`."""
    return {
        column: ring.seal(text, _place(row, column)) if (text := getattr(marks, part)) else None
        for part, column in COLUMNS.items()
    }


def opened(row: Any) -> Marks | None:
    """Return what tells who the party of `row` is, None when a part does not open."""
    ring = data_keys.ring()
    try:
        return Marks(
            *(
                ring.unseal(text, _place(row, column)) if (text := getattr(row, column)) else ""
                for column in COLUMNS.values()
            )
        )
    except UnsealError:
        return None


def shown(row: Any) -> Shown:
    """Return a party as pages show it."""
    marks = opened(row)
    found = marks or Marks()
    is_person = row.kind == PartyKind.PERSON
    mask = personal.masked_name if is_person else str
    aliases = "、".join(mask(line) for line in found.aliases.splitlines())
    identity = identifiers.masked(found.identity) if is_person else found.identity
    return Shown(
        mask(found.name),
        aliases,
        personal.masked_phone(found.phone),
        identity,
        row.name_sealed is None,
        marks is None,
    )


def _place(row: Any, column: str) -> Place:
    return Place(row.firm_id, MatterParty.__tablename__, row.id, column)
