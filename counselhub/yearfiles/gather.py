"""What there is of every community's year: four statements, however many communities."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, select

from counselhub.agreements.kinds import PaperKind
from counselhub.agreements.models import ContractPaper
from counselhub.contracts.kinds import AGREED
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.db import db
from counselhub.core.markers import not_our_honey
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.photos.models import SessionPhoto
from counselhub.services.kinds import FileKind, ServiceKind
from counselhub.services.log_models import ServiceFile
from counselhub.services.models import ServiceRecord
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.months import Month
from counselhub.statements.states import SEALED, S
from counselhub.yearfiles.rules import (
    ContractFact,
    LectureFact,
    StatementFact,
    VisitFact,
    YearFacts,
)

SIGNED = SEALED - {S.APPROVED}


def facts_of(year: int, codes: Collection[str] | None = None) -> dict[str, YearFacts]:
    """Return by community what the present scope sees of a year; all places that have something.

    codes: only these communities.
    """
    found: defaultdict[str, YearFacts] = defaultdict(YearFacts)
    for code, *contract in _rows(_contracts(year), ContractCommunity.community_code, codes):
        found[code].contracts.append(ContractFact(*contract))
    for code, number, month, status in _rows(_statements(year), LINE_PLACE, codes):
        fact = StatementFact(number, Month.of(month), status in SIGNED)
        found[code].statements.append(fact)
    for code, *visit in _rows(_visits(year), DutySession.community_code, codes):
        found[code].visits.append(VisitFact(*visit))
    for code, *lecture in _rows(_lectures(year), ServiceRecord.community_code, codes):
        found[code].lectures.append(LectureFact(*lecture))
    return dict(found)


LINE_PLACE = StatementLine.community_code


def _rows(query: Select[*tuple[Any, ...]], place: Any, codes: Collection[str] | None) -> Any:
    return db.session.execute(query if codes is None else query.where(place.in_(codes)))


def days_of(year: int) -> tuple[date, date]:
    """Return a year's first and last day."""
    return date(year, 1, 1), date(year, 12, 31)


def _contracts(year: int) -> Select[*tuple[Any, ...]]:
    first, last = days_of(year)
    place = ContractCommunity
    has_scan = exists().where(
        ContractPaper.firm_id == place.firm_id,
        ContractPaper.contract_id == place.contract_id,
        ContractPaper.kind == PaperKind.SCAN,
    )
    return (
        select(place.community_code, Contract.number, place.starts_on, place.last_on, has_scan)
        .join(Contract, and_(Contract.firm_id == place.firm_id, Contract.id == place.contract_id))
        .where(place.starts_on <= last, place.last_on >= first, Contract.status.in_(AGREED))
    )


def _statements(year: int) -> Select[*tuple[Any, ...]]:
    whole = and_(
        Statement.firm_id == StatementLine.firm_id, Statement.id == StatementLine.statement_id
    )
    return (
        select(LINE_PLACE, Statement.number, Statement.month, Statement.status)
        .join(Statement, whole)
        .where(
            Statement.month.between(*days_of(year)),
            Statement.submitted_at.is_not(None),
            Statement.status != S.VOID,
            LINE_PLACE.is_not(None),
            not_our_honey(Statement, Statement.number),
        )
        .distinct()
    )


def _visits(year: int) -> Select[*tuple[Any, ...]]:
    row = DutySession
    pictured = select(SessionPhoto.id).where(
        SessionPhoto.firm_id == row.firm_id, SessionPhoto.session_id == row.id
    )
    return select(
        row.community_code,
        row.day,
        row.signed_out_at.is_not(None),
        pictured.correlate(row).exists().label("pictured"),
    ).where(row.day.between(*days_of(year)), row.status != SessionStatus.VOIDED)


def _lectures(year: int) -> Select[*tuple[Any, ...]]:
    row = ServiceRecord
    files = (
        select(ServiceFile.id)
        .where(ServiceFile.firm_id == row.firm_id, ServiceFile.service_id == row.id)
        .correlate(row)
    )
    return select(
        row.community_code,
        row.day,
        files.where(ServiceFile.kind == FileKind.SIGN_IN).exists().label("has_sheet"),
        files.where(ServiceFile.is_shared).exists().label("has_shared"),
    ).where(row.day.between(*days_of(year)), row.kind == ServiceKind.LECTURE)
