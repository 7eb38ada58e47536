"""The firm's data as the workbook writes it: one statement a sheet, whatever the number of rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array
from sqlalchemy.orm import aliased

from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.assignments.models import Assignment
from counselhub.claims.models import CaseClaim
from counselhub.closing.models import ClosedMonth
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.markers import not_our_honey
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.matters.sight import SERVICES_SEEN
from counselhub.pairings.models import Pairing
from counselhub.places.models import Community, Street
from counselhub.schemes.models import Scheme, SchemeVersion
from counselhub.services.models import ServiceNote, ServiceRecord
from counselhub.workbook import layout
from counselhub.workbook.layout import Sheet

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Stored:
    """One row of the database: its id, its values by column name, and what no column tells."""

    id: UUID
    values: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)


def stored(sheet: Sheet, condition: Any = None) -> Iterator[Stored]:
    """Return the firm's rows of `sheet` that meet `condition`, in the order of an export."""
    query = _SELECTS[sheet.name]()
    if condition is not None:
        query = query.where(condition)
    result = db.session.execute(query, execution_options={"yield_per": CHUNK})
    finish = _FINISH.get(sheet.name, _as_selected)
    names = set(sheet.by_name)
    for row in result.mappings():
        values = finish(dict(row))
        extra = {key: value for key, value in values.items() if key not in names and key != "id"}
        yield Stored(row["id"], {name: _tidy(values[name]) for name in names}, extra)


def _tidy(value: Any) -> Any:
    """Return a text as a cell gives it back: trimmed, lines parted one way, None when empty."""
    return value.strip().replace("\r\n", "\n") or None if isinstance(value, str) else value


def _as_selected(values: dict[str, Any]) -> dict[str, Any]:
    return values


def _schemes() -> Select[*tuple[Any, ...]]:
    terms = [
        getattr(SchemeVersion, column.name)
        for column in layout.SCHEMES.columns
        if column.name not in ("code", "name")
    ]
    return (
        select(SchemeVersion.id, Scheme.id.label("scheme_id"), Scheme.code, Scheme.name, *terms)
        .join(
            Scheme,
            (Scheme.firm_id == SchemeVersion.firm_id) & (Scheme.id == SchemeVersion.scheme_id),
        )
        .order_by(Scheme.code, SchemeVersion.effective_from.nulls_first())
    )


def _advisers() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Adviser.id,
            Adviser.name,
            Adviser.licence_number,
            Adviser.category,
            Adviser.specialties,
            Adviser.joined_on,
            Adviser.left_on,
            Adviser.pinyin,
            AdviserContact.phone,
            AdviserContact.email,
            AdviserContact.political_status,
        )
        .outerjoin(
            AdviserContact,
            (AdviserContact.firm_id == Adviser.firm_id) & (AdviserContact.adviser_id == Adviser.id),
        )
        .where(not_our_honey(Adviser, Adviser.licence_number))
        .order_by(Adviser.pinyin, Adviser.licence_number)
    )


def _communities_of_contract() -> Any:
    """Return the codes of a contract's communities as one array."""
    ordered = aggregate_order_by(ContractCommunity.community_code, ContractCommunity.community_code)
    codes = select(func.array_agg(ordered)).where(
        ContractCommunity.firm_id == Contract.firm_id,
        ContractCommunity.contract_id == Contract.id,
    )
    return func.coalesce(codes.scalar_subquery(), array([], type_=Text))


def _contracts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Contract.id,
            Contract.number,
            Contract.kind,
            _communities_of_contract().label("communities"),
            Contract.starts_on,
            func.coalesce(Contract.terminated_on, Contract.ends_on).label("ends_on"),
            Contract.signed_on,
            Scheme.code.label("scheme"),
            Contract.annual_fen,
            Contract.ends_on.label("agreed_until"),
            Contract.terminated_on,
            Contract.status,
        )
        .join(Scheme, (Scheme.firm_id == Contract.firm_id) & (Scheme.id == Contract.scheme_id))
        .order_by(Contract.starts_on, Contract.number)
    )


def _finish_contract(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"communities": tuple(values["communities"])}


def _by_adviser(model: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    return select(model.id, Adviser.licence_number.label("licence"), *columns).join(
        Adviser, (Adviser.firm_id == model.firm_id) & (Adviser.id == model.adviser_id)
    )


def _assignments() -> Select[*tuple[Any, ...]]:
    return _by_adviser(
        Assignment,
        Assignment.community_code,
        Assignment.role,
        Assignment.starts_on,
        Assignment.ends_on,
    ).order_by(
        Assignment.community_code,
        Assignment.starts_on,
        Assignment.role.desc(),
        Adviser.licence_number,
    )


def _sessions() -> Select[*tuple[Any, ...]]:
    other = aliased(Adviser)
    return (
        _by_adviser(
            DutySession,
            DutySession.community_code,
            DutySession.day,
            DutySession.signed_in_at,
            DutySession.signed_out_at,
            DutySession.source,
            other.licence_number.label("substitute"),
            DutySession.community_confirmed,
            DutySession.remark,
            DutySession.status,
        )
        .outerjoin(
            other,
            (other.firm_id == DutySession.firm_id) & (other.id == DutySession.substitute_for_id),
        )
        .order_by(DutySession.signed_in_at, Adviser.licence_number, DutySession.community_code)
    )


def _finish_session(values: dict[str, Any]) -> dict[str, Any]:
    out = values["signed_out_at"]
    return values | {
        "time_in": clock.local(values["signed_in_at"]).time(),
        "time_out": out and clock.local(out).time(),
    }


def _shifts() -> Select[*tuple[Any, ...]]:
    return _by_adviser(
        OnlineShift,
        OnlineShift.street_code,
        OnlineShift.starts_at,
        OnlineShift.ends_at,
        OnlineShift.remark,
    ).order_by(OnlineShift.starts_at, Adviser.licence_number, OnlineShift.street_code)


def _finish_shift(values: dict[str, Any]) -> dict[str, Any]:
    ends = {
        name: clock.local(values[name]).replace(tzinfo=None) for name in ("starts_at", "ends_at")
    }
    return values | ends


def _services() -> Select[*tuple[Any, ...]]:
    """Select the services; is_seen: whether their words are, which a wall may hide."""
    columns = [
        getattr(ServiceRecord, column.name)
        for column in layout.SERVICES.columns
        if column.name not in ("licence", "content")
    ]
    return (
        _by_adviser(ServiceRecord, *columns, ServiceNote.content, SERVICES_SEEN.label("is_seen"))
        .outerjoin(
            ServiceNote,
            (ServiceNote.firm_id == ServiceRecord.firm_id)
            & (ServiceNote.service_id == ServiceRecord.id),
        )
        .order_by(ServiceRecord.day, ServiceRecord.number)
    )


def _claims() -> Select[*tuple[Any, ...]]:
    columns = [
        getattr(CaseClaim, column.name)
        for column in layout.CLAIMS.columns
        if column.name != "licence"
    ]
    return _by_adviser(CaseClaim, *columns).order_by(CaseClaim.closed_on, CaseClaim.number)


def _pairings() -> Select[*tuple[Any, ...]]:
    """Select agreements that were signed; one that ended early goes out with its last day."""
    last_on = func.coalesce(Pairing.ended_on, Pairing.valid_until).label("valid_until")
    columns = [
        last_on if column.name == "valid_until" else getattr(Pairing, column.name)
        for column in layout.PAIRINGS.columns
    ]
    query = select(Pairing.id, *columns, Pairing.ended_on)
    query = query.where(Pairing.signed_on.is_not(None))
    return query.order_by(Pairing.community_code, Pairing.signed_on)


_SELECTS: dict[str, Callable[[], Select[*tuple[Any, ...]]]] = {
    "补贴方案": _schemes,
    "律师": _advisers,
    "合同": _contracts,
    "指派": _assignments,
    "现场值班": _sessions,
    "线上值班": _shifts,
    "服务记录": _services,
    "以案定补": _claims,
    "结对共建": _pairings,
}
_FINISH: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "合同": _finish_contract,
    "现场值班": _finish_session,
    "线上值班": _finish_shift,
}


def communities_in(codes: Iterable[str]) -> set[str]:
    """Return those of `codes` that the register of communities has."""
    return set(db.session.scalars(select(Community.code).where(among(Community.code, codes))))


def streets_in(codes: Iterable[str]) -> set[str]:
    """Return those of `codes` that the register of streets has."""
    return set(db.session.scalars(select(Street.code).where(among(Street.code, codes))))


def among(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that `column` is one of any number of texts, as one parameter."""
    found: ColumnElement[bool] = column == any_(literal(sorted(values), ARRAY(Text)))
    return found


def closed_months() -> dict[tuple[str, date], str]:
    """Return the number of the statement that closed each place and month (its first day)."""
    rows = db.session.execute(
        select(ClosedMonth.place_code, ClosedMonth.month, ClosedMonth.statement_number)
    )
    return {(place, month): number for place, month, number in rows}


def recent_imports(firm_id: UUID) -> list[Event]:
    """Return the last imports of the firm, newest first."""
    query = select(Event).where(Event.firm_id == firm_id, Event.subject_id == firm_id)
    imports = query.where(Event.subject == "workbook").order_by(Event.at.desc(), Event.id.desc())
    return list(db.session.scalars(imports.limit(5)))
