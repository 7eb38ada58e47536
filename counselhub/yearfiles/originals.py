"""Photos and files of a community's year, one at a time, as the present scope may see them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, select

from counselhub.agreements.kinds import PaperKind as ContractPaperKind
from counselhub.agreements.models import ContractPaper
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core.db import db
from counselhub.core.downloads import safe_name
from counselhub.corrections.kinds import PaperKind
from counselhub.corrections.models import (
    CorrectionFile,
    CorrectionFileContent,
    SessionCorrection,
)
from counselhub.duty.models import DutySession
from counselhub.photos.models import PhotoContent, SessionPhoto
from counselhub.services.kinds import FileKind
from counselhub.services.log_models import ServiceFile, ServiceFileContent
from counselhub.services.models import ServiceRecord
from counselhub.yearfiles.sections import Place

AT_ONCE = 4
"""Files in memory at a time."""


class Original(NamedTuple):
    """One file: where it lies in the ZIP, what it is, its bytes."""

    path: str
    what: str
    content: bytes


class Shown(NamedTuple):
    """A small picture of the photo sheets."""

    day: date
    thumb: bytes


def photos(place: Place) -> Select[*tuple[Any, ...]]:
    """Return the question for the year's photos: day, id, picture, small picture."""
    of_session = and_(
        DutySession.firm_id == SessionPhoto.firm_id, DutySession.id == SessionPhoto.session_id
    )
    of_photo = and_(
        PhotoContent.firm_id == SessionPhoto.firm_id, PhotoContent.photo_id == SessionPhoto.id
    )
    return (
        select(DutySession.day, SessionPhoto.id, PhotoContent.picture, PhotoContent.thumb)
        .join(DutySession, of_session)
        .join(PhotoContent, of_photo)
        .where(DutySession.community_code == place.code, DutySession.day.between(*place.days))
        .order_by(DutySession.day, SessionPhoto.arrived_at, SessionPhoto.id)
    )


def shown(place: Place) -> Iterator[Shown]:
    """Give the small pictures in the order of their days."""
    query = photos(place).with_only_columns(DutySession.day, PhotoContent.thumb)
    for day, thumb in db.session.execute(query.execution_options(yield_per=50)):
        yield Shown(day, thumb)


def originals(place: Place) -> Iterator[Original]:
    """Give every photo and file, a few in memory at a time."""
    yield from _contract_papers(place)
    yield from _photos(place)
    yield from _service_files(place)
    yield from _correction_files(place)


def _contract_papers(place: Place) -> Iterator[Original]:
    """Give the signed scans and receipts of filing, which only the firm's own scope sees."""
    first, last = place.days
    served, paper = ContractCommunity, ContractPaper
    of_place = and_(served.firm_id == paper.firm_id, served.contract_id == paper.contract_id)
    of_contract = and_(Contract.firm_id == paper.firm_id, Contract.id == paper.contract_id)
    query = (
        select(Contract.number, paper, paper.content)
        .join(served, of_place)
        .join(Contract, of_contract)
        .where(served.community_code == place.code, paper.kind != ContractPaperKind.DRAFT)
        .where(served.starts_on <= last, served.last_on >= first)
        .order_by(Contract.number, paper.added_at, paper.id)
    )
    for number, row, content in _streamed(query):
        kind = ContractPaperKind.of(row.kind).word
        path = f"合同/{safe_name(number)}-{kind}-{_short(row.id)}.{row.ending}"
        yield Original(path, f"合同 {number} {kind}", content)


def _photos(place: Place) -> Iterator[Original]:
    query = photos(place).with_only_columns(DutySession.day, SessionPhoto.id, PhotoContent.picture)
    for day, photo_id, picture in _streamed(query):
        yield Original(f"现场照片/{day}-{_short(photo_id)}.jpg", f"{day} 现场照片", picture)


def _service_files(place: Place) -> Iterator[Original]:
    of_record = and_(
        ServiceRecord.firm_id == ServiceFile.firm_id, ServiceRecord.id == ServiceFile.service_id
    )
    of_file = and_(
        ServiceFileContent.firm_id == ServiceFile.firm_id,
        ServiceFileContent.file_id == ServiceFile.id,
    )
    query = (
        select(ServiceRecord.day, ServiceFile, ServiceFileContent.content)
        .join(ServiceRecord, of_record)
        .join(ServiceFileContent, of_file)
        .where(ServiceRecord.community_code == place.code, ServiceRecord.day.between(*place.days))
        .order_by(ServiceRecord.day, ServiceFile.arrived_at, ServiceFile.id)
    )
    for day, file, content in _streamed(query):
        kind = FileKind.of(file.kind).word
        stem = safe_name(file.name.removesuffix(file.ending))
        path = f"服务附件/{day}-{kind}-{stem}-{_short(file.id)}{file.ending}"
        yield Original(path, f"{day} {kind}：{file.name}", content)


def _correction_files(place: Place) -> Iterator[Original]:
    of_correction = and_(
        SessionCorrection.firm_id == CorrectionFile.firm_id,
        SessionCorrection.id == CorrectionFile.correction_id,
    )
    of_file = and_(
        CorrectionFileContent.firm_id == CorrectionFile.firm_id,
        CorrectionFileContent.file_id == CorrectionFile.id,
    )
    row = SessionCorrection
    query = (
        select(row.day, CorrectionFile, CorrectionFileContent.content)
        .join(row, of_correction)
        .join(CorrectionFileContent, of_file)
        .where(row.community_code == place.code, row.day.between(*place.days))
        .order_by(row.day, CorrectionFile.place, CorrectionFile.id)
    )
    for day, file, content in _streamed(query):
        ending = ".jpg" if file.kind == PaperKind.PHOTO else ".pdf"
        yield Original(f"补正附件/{day}-{_short(file.id)}{ending}", f"{day} 补正附件", content)


def _streamed(query: Select[*tuple[Any, ...]]) -> Any:
    return db.session.execute(query.execution_options(yield_per=AT_ONCE))


def _short(row_id: UUID) -> str:
    """The random end of an id: two files of one name do not meet."""
    return row_id.hex[-8:]
