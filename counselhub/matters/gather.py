"""Gathers what a check of conflicts compares: one statement, past every wall, of one firm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Select,
    Text,
    cast,
    column,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.clients.models import Client
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock, data_keys
from counselhub.core.db import db
from counselhub.matters import names, rules, seals
from counselhub.matters.kinds import Matched, MatterStatus, PartyKind, PartyRole
from counselhub.matters.rules import Candidate, Known, PartyFact
from counselhub.matters.seals import Marks
from counselhub.places.models import Community

IN_FORCE = ("signed", "filed", "active")


@dataclass(frozen=True, slots=True)
class Asked:
    """A party to ask about."""

    role: PartyRole
    kind: PartyKind
    marks: Marks
    community_code: str | None = None
    """Of a committee that was picked from the list."""


class Question:
    """What is asked, turned to what the database compares."""

    def __init__(self, asked: Sequence[Asked], firm_id: UUID) -> None:
        ring = data_keys.ring()
        self.asked = asked
        self.places: dict[str, set[int]] = {}
        self.nears: dict[str, set[int]] = {}
        self.phones: dict[str, set[int]] = {}
        self.facts: list[PartyFact] = []
        for place, one in enumerate(asked):
            keys = seals.keys_of(ring, firm_id, one.kind, one.marks)
            ids = frozenset(digest for how, digest in keys if how is Matched.ID)
            self.facts.append(PartyFact(place, one.role, ids))
            for how, digest in keys:
                self.places.setdefault(digest, set()).add(place)
                if how is Matched.PHONE:
                    self.phones.setdefault(digest, set()).add(place)
            for near in seals.nears_of(one.kind, one.marks):
                self.nears.setdefault(near, set()).add(place)

    @property
    def people(self) -> list[str]:
        """Names of persons as they were typed and as they are compared."""
        return [
            name
            for one in self.asked
            if one.kind is PartyKind.PERSON
            for name in {one.marks.name, names.person(one.marks.name)}
            if name
        ]

    @property
    def has_organisation_against(self) -> bool:
        """Whether the other side may be a committee."""
        return any(
            one.kind is PartyKind.ORGANISATION and one.role in rules.AGAINST for one in self.asked
        )


def gathered(question: Question, besides: UUID | None) -> tuple[list[Candidate], Known]:
    """Ask the database once; return the parties found and what is known beside them."""
    committees: set[int] = set()
    members: dict[int, set[UUID]] = {}
    served: set[int] = set()
    candidates: list[Candidate] = []
    for row in db.session.connection().execute(statement(question, besides)):
        match row.source:
            case "party":
                candidates += _candidates(question, row)
            case "committee":
                committees |= _places_of_committee(question.asked, row.hit, row.how)
            case "member":
                for place in _places_of_member(question, row.hit, row.how):
                    members.setdefault(place, set()).add(row.party_id)
            case "client":
                served |= question.phones[row.hit]
    teams = {place: frozenset(found) for place, found in members.items()}
    return candidates, Known(frozenset(committees), teams, frozenset(served))


def statement(question: Question, besides: UUID | None) -> CompoundSelect[Any]:
    """Return the one statement that asks for everything a check compares."""
    texts = ARRAY(Text)
    found = func.matter_candidates(
        cast(list(question.places), texts),
        cast(list(question.nears), texts),
        cast(besides, PG_UUID(as_uuid=True)),
    ).table_valued(
        column("hit", Text),
        column("how", Text),
        column("party_id", PG_UUID(as_uuid=True)),
        column("matter_id", PG_UUID(as_uuid=True)),
        column("role", Text),
        column("status", Text),
        column("ids", texts),
        column("team", ARRAY(PG_UUID(as_uuid=True))),
    )
    parts: list[Select[Any]] = [select(literal("party").label("source"), *found.c)]
    if question.has_organisation_against:
        parts.append(_committees())
    parts.append(_members(question))
    if question.phones:
        digests = list(question.phones)
        parts.append(
            _bare("client", Client.__table__.c.phone_digest).where(
                Client.__table__.c.phone_digest.in_(digests)
            )
        )
    return union_all(*parts)


def _bare(source: str, hit: Any, how: Any = None, row_id: Any = None) -> Select[Any]:
    blank, no_id = cast(null(), Text), cast(null(), PG_UUID(as_uuid=True))
    return select(
        literal(source).label("source"),
        cast(hit, Text),
        blank if how is None else cast(how, Text),
        no_id if row_id is None else row_id,
        no_id,
        blank,
        blank,
        cast(null(), ARRAY(Text)),
        cast(null(), ARRAY(PG_UUID(as_uuid=True))),
    )


def _committees() -> Select[Any]:
    """The communities whose contract is in force today."""
    place, contract, named = (
        table.__table__.c for table in (ContractCommunity, Contract, Community)
    )
    today = clock.today()
    return (
        _bare("committee", named.name, named.code)
        .distinct()
        .join_from(
            ContractCommunity.__table__, Community.__table__, named.code == place.community_code
        )
        .join(
            Contract.__table__,
            (contract.firm_id == place.firm_id) & (contract.id == place.contract_id),
        )
        .where(place.starts_on <= today, place.last_on >= today, contract.status.in_(IN_FORCE))
    )


def _members(question: Question) -> Select[Any]:
    """Lawyers of the firm by name or phone: those two stand on tables of their own."""
    adviser, contact = Adviser.__table__.c, AdviserContact.__table__.c
    phones = [one.marks.phone for one in question.asked if one.marks.phone]
    return (
        _bare("member", adviser.name, contact.phone, adviser.id)
        .join_from(
            Adviser.__table__,
            AdviserContact.__table__,
            (contact.firm_id == adviser.firm_id) & (contact.adviser_id == adviser.id),
            isouter=True,
        )
        .where(adviser.name.in_(question.people) | contact.phone.in_(phones))
    )


def _candidates(question: Question, row: Any) -> list[Candidate]:
    how = Matched(row.how)
    if how is Matched.SIMILAR:
        places: Iterable[int] = question.nears[row.hit]
    else:
        places = question.places[row.hit]
    return [
        Candidate(
            place,
            how,
            row.party_id,
            row.matter_id,
            PartyRole(row.role),
            MatterStatus(row.status),
            frozenset(row.ids),
            frozenset(row.team),
        )
        for place in places
    ]


def _places_of_committee(asked: Sequence[Asked], name: str, code: str) -> set[int]:
    return {
        place
        for place, one in enumerate(asked)
        if one.kind is PartyKind.ORGANISATION
        and (
            one.community_code == code
            or any(
                names.is_committee(line, name)
                for line in (one.marks.name, *one.marks.aliases.splitlines())
                if line
            )
        )
    }


def _places_of_member(question: Question, name: str, phone: str | None) -> set[int]:
    return {
        place
        for place, one in enumerate(question.asked)
        if (one.kind is PartyKind.PERSON and names.person(one.marks.name) == names.person(name))
        or (phone is not None and one.marks.phone == phone)
    }
