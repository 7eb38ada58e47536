"""What a sign-in sheet is made of: places, sessions, the day's services, planned slots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, func, select, true, tuple_
from sqlalchemy.orm import aliased

from counselhub.advisers.models import Adviser
from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.access import visible
from counselhub.core.db import db
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.places.models import Community, Street
from counselhub.reports.proof import grade_by, matched_as, taps_since
from counselhub.reports.queries import Line, of_scope, slots_seen
from counselhub.roster.kinds import SlotStatus
from counselhub.roster.models import DutySlot
from counselhub.services.models import ServiceRecord


@dataclass(frozen=True, slots=True)
class Place:
    """One community that a firm serves in the month: one sheet."""

    firm_id: UUID
    code: str
    name: str
    street_code: str
    street: str


def places(month: date, *, street: str = "", code: str = "") -> list[Place]:
    """Return the communities of `served`."""
    return [Place(*row[:5]) for row in db.session.execute(served(month, street=street, code=code))]


def served(
    month: date, *, street: str = "", code: str = "", firm: str = "", words: str = ""
) -> Select[*tuple[Any, ...]]:
    """Select Place's columns of communities under a contract in the month, by street and pinyin.

    month: its first day. street, code, firm: only these, '' for all in scope; words: in the name,
    pinyin or code.
    """
    query = (
        select(
            ContractCommunity.firm_id,
            Community.code,
            Community.name,
            Street.code.label("street_code"),
            Street.name.label("street"),
            Community.pinyin,
        )
        .join(ContractCommunity.community)
        .join(Community.street)
        .join(
            Contract,
            (Contract.firm_id == ContractCommunity.firm_id)
            & (Contract.id == ContractCommunity.contract_id),
        )
        .where(
            Contract.status.in_(AGREED),
            ContractCommunity.starts_on <= clock.last_day(month),
            ContractCommunity.last_on >= month,
            *_asked(street, code, firm, words),
        )
        .distinct()
    )
    return query.order_by(Street.code, Community.pinyin, Community.code, ContractCommunity.firm_id)


def _asked(street: str, code: str, firm: str, words: str) -> Iterator[ColumnElement[bool]]:
    if street:
        yield ContractCommunity.street_code == street
    if code:
        yield ContractCommunity.community_code == code
    if firm:
        yield cast(ContractCommunity.firm_id, db.Text) == firm
    for word in words.lower().split():
        yield Community.search.contains(word, autoescape=True)


def _within(model: Any, chosen: Sequence[Place]) -> Any:
    return tuple_(model.firm_id, model.community_code).in_(
        [(place.firm_id, place.code) for place in chosen]
    )


def sessions(month: date, chosen: Sequence[Place]) -> Sequence[Line]:
    """Return a month's sessions at the places by time, with names and grade; one statement."""
    instead_of, taps = aliased(Adviser), taps_since()
    query = (
        visible(DutySession)
        .with_only_columns(
            DutySession.firm_id,
            DutySession.community_code,
            DutySession.adviser_id,
            DutySession.day,
            DutySession.signed_in_at,
            DutySession.signed_out_at,
            DutySession.source,
            DutySession.remark,
            Adviser.name.label("adviser"),
            instead_of.name.label("instead_of"),
            grade_by(taps).label("grade"),
            matched_as().label("match"),
        )
        .join(DutySession.adviser)
        .outerjoin(instead_of, DutySession.substitute_for.of_type(instead_of))
        .join(taps, true())
        .where(
            of_scope(DutySession),
            DutySession.day.between(month, clock.last_day(month)),
            DutySession.status != SessionStatus.VOIDED,
            _within(DutySession, chosen),
        )
        .order_by(DutySession.signed_in_at, DutySession.id)
    )
    return db.session.execute(query).all()


def services(month: date, chosen: Sequence[Place]) -> Sequence[Line]:
    """Return (firm_id, community_code, adviser_id, day, kind, count, persons) of each day's work.

    Persons count a record without 人次 by its 件次; nothing of a client is read.
    """
    keys = (
        ServiceRecord.firm_id,
        ServiceRecord.community_code,
        ServiceRecord.adviser_id,
        ServiceRecord.day,
        ServiceRecord.kind,
    )
    query = (
        visible(ServiceRecord)
        .with_only_columns(
            *keys,
            func.sum(ServiceRecord.count).label("count"),
            func.sum(func.coalesce(ServiceRecord.persons, ServiceRecord.count)).label("persons"),
        )
        .where(
            ServiceRecord.day.between(month, clock.last_day(month)), _within(ServiceRecord, chosen)
        )
        .group_by(*keys)
        .order_by(ServiceRecord.kind)
    )
    return db.session.execute(query).all()


def slots(month: date, chosen: Sequence[Place], statuses: Sequence[SlotStatus]) -> Sequence[Line]:
    """Return (firm_id, community_code, day, starts, ends, adviser) of the slots in these states."""
    query = (
        slots_seen()
        .with_only_columns(
            DutySlot.firm_id,
            DutySlot.community_code,
            DutySlot.day,
            DutySlot.starts,
            DutySlot.ends,
            Adviser.name.label("adviser"),
        )
        .join(DutySlot.adviser)
        .where(
            of_scope(DutySlot),
            DutySlot.month == month,
            DutySlot.status.in_(statuses),
            _within(DutySlot, chosen),
        )
        .order_by(DutySlot.day, DutySlot.starts)
    )
    return db.session.execute(query).all()
