"""The facts of a month for its checks, with what the firm has set: one statement."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from counselhub.core import clock
from counselhub.core.access import allowed, in_sight
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.photos.models import SessionPhoto
from counselhub.services.inspection import (
    THIN_LETTERS,
    Finding,
    RecordFact,
    SessionFact,
    findings,
)
from counselhub.services.kinds import DisputeKind, FileKind, ServiceKind, ServiceMode
from counselhub.services.log_models import (
    FollowUpNote,
    InspectionRule,
    ServiceFile,
    ServiceFollowUp,
)
from counselhub.services.models import ServiceNote, ServiceRecord
from counselhub.services.queries import LEAST_LETTERS


def of_record(record: ServiceRecord) -> list[Finding]:
    """Return what one record lacks: one finding, or none."""
    return _judged(ServiceRecord.id == record.id, db.false())


def of_month(
    month: date, *, adviser_id: UUID | None = None, street_code: str = ""
) -> list[Finding]:
    """Return what the records of a month lack: the firm's, one adviser's, or those of one street.

    month: its first day. Days to come have no sessions yet.
    """
    last = clock.last_day(month)
    return _judged(
        _within(ServiceRecord, month, last, adviser_id, street_code),
        _within(DutySession, month, last, adviser_id, street_code),
    )


NOBODY = UUID(int=0)


def whose(by: Member) -> UUID | None:
    """Return the adviser whose records a member has to mend; None is the whole firm."""
    if allowed(by, Permission.SERVICE_MANAGE) or allowed(by, Permission.STATEMENT_READ):
        return None
    return by.adviser_id or NOBODY


def _within(
    model: type[ServiceRecord | DutySession],
    first: date,
    last: date,
    adviser_id: UUID | None,
    street_code: str,
) -> ColumnElement[bool]:
    asked: list[ColumnElement[bool]] = [model.day.between(first, last)]
    if adviser_id:
        asked.append(model.adviser_id == adviser_id)
    if street_code:
        asked.append(model.street_code == street_code)
    return and_(*asked)


_letters = func.coalesce(func.length(func.replace(ServiceNote.content, " ", "")), 0)
_is_later = and_(
    ServiceFollowUp.firm_id == ServiceRecord.firm_id, ServiceFollowUp.service_id == ServiceRecord.id
)
_later = (
    select(
        func.coalesce(func.sum(func.length(FollowUpNote.content)), 0).label("letters"),
        func.coalesce(func.sum(ServiceFollowUp.recovered_fen), 0).label("recovered"),
        func.coalesce(func.bool_or(ServiceFollowUp.outcome.is_not(None)), False).label("told"),
    )
    .select_from(ServiceFollowUp)
    .outerjoin(ServiceFollowUp.note)
    .where(_is_later)
    .lateral("later")
)
_files = (
    select(func.array_agg(ServiceFile.kind))
    .where(ServiceFile.firm_id == ServiceRecord.firm_id, ServiceFile.service_id == ServiceRecord.id)
    .correlate(ServiceRecord)
    .scalar_subquery()
)
_photographed = (
    exists()
    .where(
        DutySession.firm_id == ServiceRecord.firm_id,
        DutySession.adviser_id == ServiceRecord.adviser_id,
        DutySession.day == ServiceRecord.day,
        DutySession.community_code == ServiceRecord.community_code,
        SessionPhoto.firm_id == DutySession.firm_id,
        SessionPhoto.session_id == DutySession.id,
    )
    .correlate(ServiceRecord)
)
_asks_photo = and_(
    ServiceRecord.kind.in_((ServiceKind.LECTURE, ServiceKind.PUBLICITY)), _photographed
)


def _judged(of_records: ColumnElement[bool], of_sessions: ColumnElement[bool]) -> list[Finding]:
    rules = select(InspectionRule.thin_letters, InspectionRule.skipped)
    records, sessions, rule = db.session.execute(
        select(
            _as_json(_records(and_(of_records, in_sight(ServiceRecord)))),
            _as_json(_sessions(of_sessions)),
            _as_json(rules),
        )
    ).one()
    letters, skipped = (rule[0]["thin_letters"], rule[0]["skipped"]) if rule else (THIN_LETTERS, ())
    return findings(
        map(_record, records or ()),
        map(_session, sessions or ()),
        least_letters=letters,
        skipped=skipped,
    )


def _as_json(query: Select[*tuple[Any, ...]]) -> ColumnElement[Any]:
    row = query.subquery().table_valued()
    return select(func.jsonb_agg(func.to_jsonb(row))).scalar_subquery()


_may_lack = or_(
    _letters < LEAST_LETTERS,
    ServiceRecord.kind.in_((ServiceKind.LECTURE, ServiceKind.PUBLICITY, ServiceKind.MEDIATION)),
    ServiceRecord.mode == ServiceMode.VISIT,
    ServiceRecord.recovered_fen > 0,
    exists().where(_is_later, ServiceFollowUp.recovered_fen > 0).correlate(ServiceRecord),
)
"""What no check can find at fault is not read: most of a month."""


def _records(asked: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ServiceRecord.id,
            ServiceRecord.number,
            ServiceRecord.day,
            ServiceRecord.community_code,
            ServiceRecord.adviser_id,
            ServiceRecord.kind,
            ServiceRecord.mode,
            ServiceRecord.dispute_kind,
            ServiceRecord.persons,
            (func.coalesce(ServiceRecord.recovered_fen, 0) + _later.c.recovered).label("recovered"),
            (_letters + _later.c.letters).label("letters"),
            ServiceRecord.place.is_not(None).label("has_place"),
            or_(ServiceRecord.outcome.is_not(None), _later.c.told).label("has_outcome"),
            _files.label("files"),
            _asks_photo.label("is_photographed"),
        )
        .outerjoin(ServiceRecord.note)
        .join(_later, db.true())
        .where(asked, _may_lack)
    )


def _record(row: dict[str, Any]) -> RecordFact:
    return RecordFact(
        **_placed(row),
        number=row["number"],
        kind=ServiceKind(row["kind"]),
        mode=ServiceMode(row["mode"]) if row["mode"] else None,
        dispute_kind=DisputeKind(row["dispute_kind"]) if row["dispute_kind"] else None,
        persons=row["persons"],
        recovered_fen=int(row["recovered"]),
        letters=int(row["letters"]),
        has_place=row["has_place"],
        has_outcome=bool(row["has_outcome"]),
        files=frozenset(map(FileKind, row["files"] or ())),
        is_photographed=row["is_photographed"],
    )


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": UUID(row["id"]),
        "day": date.fromisoformat(row["day"]),
        "community_code": row["community_code"],
        "adviser_id": UUID(row["adviser_id"]),
    }


def _sessions(asked: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Select the sessions that are over and without any record of their lawyer there that day."""
    written = (
        exists()
        .where(
            ServiceRecord.firm_id == DutySession.firm_id,
            ServiceRecord.adviser_id == DutySession.adviser_id,
            ServiceRecord.day == DutySession.day,
            ServiceRecord.community_code == DutySession.community_code,
        )
        .correlate(DutySession)
    )
    return select(
        DutySession.id, DutySession.day, DutySession.community_code, DutySession.adviser_id
    ).where(asked, DutySession.status == SessionStatus.CLOSED, ~written)


def _session(row: dict[str, Any]) -> SessionFact:
    return SessionFact(**_placed(row), has_record=False)
