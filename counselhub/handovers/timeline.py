"""A community's history in one line of time: contracts, who served, posts, pairings, premises.

One statement for all of it. Each reader sees what row security shows: a firm its own, the street's
office what firms share with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, and_, cast, func, literal, null, select, union_all

from counselhub.advisers.models import Adviser
from counselhub.assignments.models import Assignment
from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.access import in_sight
from counselhub.core.db import db
from counselhub.core.labels import N_, Labelled
from counselhub.handovers.models import HandoverPack
from counselhub.liaisons.models import CommitteePost
from counselhub.pairings.models import Pairing
from counselhub.people.models import Firm
from counselhub.premises.models import PremisesIssue

MOST = 500
"""How many happenings a page shows at most, the newest: decades of one community."""


class What(Labelled):
    """What a happening is of."""

    CONTRACT = "contract", N_("合同")
    ASSIGNMENT = "assignment", N_("指派")
    HANDOVER = "handover", N_("更换律师")
    POST = "post", N_("调解委员会")
    PAIRING = "pairing", N_("结对共建")
    PREMISES = "premises", N_("值班场所")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing from `first` to `last` (None: open, or only a day).

    code: a code of the thing, as a role or a status; name: whom or what; note: words of people.
    """

    what: What
    id: UUID
    first: date
    last: date | None
    code: str
    name: str
    note: str
    firm: str


@dataclass(frozen=True, slots=True)
class Year:
    """The happenings that began in one year, the newest first."""

    year: int
    happenings: tuple[Happening, ...]


def of_community(code: str, *, is_firm: bool) -> list[Year]:
    """Return a community's happenings by year, newest first; is_firm: with the firm's own packs."""
    parts = [_contracts(code), _posts(code), _pairings(code), _premises(code)]
    parts.append(_assignments(code, is_firm=is_firm))
    if is_firm:
        parts.append(_handovers(code))
    every = union_all(*parts).subquery()
    query = (
        select(every, Firm.name.label("firm"))
        .outerjoin(Firm, Firm.id == every.c.firm_id)
        .order_by(every.c.first.desc(), every.c.what, every.c.id)
        .limit(MOST)
    )
    return by_year(
        Happening(
            What.of(row.what),
            row.id,
            row.first,
            row.last,
            row.code,
            row.name or "",
            row.note or "",
            row.firm or "",
        )
        for row in db.session.execute(query)
    )


def by_year(happenings: Iterable[Happening]) -> list[Year]:
    """Return happenings, newest first, by the year in which they began."""
    return [
        Year(year, tuple(found)) for year, found in groupby(happenings, lambda one: one.first.year)
    ]


def _part(what: What, row: Any, columns: Sequence[Any]) -> Select[Any]:
    """Select the shared columns of one kind: firm, id, first, last, code, name, note."""
    firm = row.firm_id if hasattr(row, "firm_id") else null()
    labels = ("firm_id", "id", "first", "last", "code", "name", "note")
    kinds = (Firm.id.type, row.id.type, None, None, Text(), Text(), Text())
    given = (firm, row.id, *columns)
    typed = [
        (cast(column, kind) if kind else column).label(label)
        for column, kind, label in zip(given, kinds, labels, strict=True)
    ]
    return select(literal(what.value).label("what"), *typed)


def _of_adviser(row: Any, adviser_id: Any) -> Any:
    return and_(Adviser.firm_id == row.firm_id, Adviser.id == adviser_id)


def _contracts(code: str) -> Select[Any]:
    row = ContractCommunity
    columns = (row.starts_on, row.last_on, Contract.kind, Contract.number, null())
    return (
        _part(What.CONTRACT, row, columns)
        .join(row.contract)
        .where(row.community_code == code, Contract.status.in_(AGREED))
    )


def _assignments(code: str, *, is_firm: bool) -> Select[Any]:
    """Why somebody left is told to the firm; the office asks for it where it needs to know."""
    row = Assignment
    why = row.end_reason if is_firm else null()
    columns = (row.starts_on, row.ends_on, row.role, Adviser.name, why)
    return (
        _part(What.ASSIGNMENT, row, columns)
        .outerjoin(Adviser, _of_adviser(row, row.adviser_id))
        .where(row.community_code == code)
    )


def _posts(code: str) -> Select[Any]:
    row = CommitteePost
    columns = (row.starts_on, row.ends_on, row.role, Adviser.name, row.document)
    return (
        _part(What.POST, row, columns)
        .outerjoin(Adviser, _of_adviser(row, row.adviser_id))
        .where(row.community_code == code)
    )


def _pairings(code: str) -> Select[Any]:
    row = Pairing
    columns = (
        row.signed_on,
        func.coalesce(row.ended_on, row.valid_until),
        row.status,
        row.party_b,
        row.end_reason,
    )
    return _part(What.PAIRING, row, columns).where(
        row.community_code == code, row.signed_on.is_not(None)
    )


def _premises(code: str) -> Select[Any]:
    row = PremisesIssue
    columns = (row.reported_on, row.solved_on, row.kind, null(), null())
    return _part(What.PREMISES, row, columns).where(row.community_code == code)


def _handovers(code: str) -> Select[Any]:
    """Only packs that the reader may open."""
    row = HandoverPack
    columns = (row.starts_on, null(), row.cause, Adviser.name, row.reason)
    return (
        _part(What.HANDOVER, row, columns)
        .outerjoin(Adviser, _of_adviser(row, row.to_adviser_id))
        .where(row.community_code == code, in_sight(row))
    )
