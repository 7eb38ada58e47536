"""The tables of a year's file: each is a question to the database and how a row is written.

Papers go into files and are in Chinese, whatever language their reader chose. Nothing here holds
client data: of a service the firm reads its own notes, the office what it is shown elsewhere too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from counselhub.contracts.kinds import AGREED, ContractKind, ContractStatus
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.markers import not_our_honey
from counselhub.core.money import format_yuan
from counselhub.core.tenancy import ScopeKind, current_scope
from counselhub.corrections.kinds import CorrectionStatus
from counselhub.corrections.models import SessionCorrection
from counselhub.duty import evidence
from counselhub.duty.kinds import CorrectionReason, DutySource, SessionStatus
from counselhub.duty.models import DutySession
from counselhub.services.kinds import ServiceKind, ServiceMode
from counselhub.services.models import ServiceRecord
from counselhub.statements.lines import LineKind
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import S, StatementStatus
from counselhub.statements.wording import KIND_WORDS
from counselhub.yearfiles.gather import days_of

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A table under a title; widths are shares of the page's breadth."""

    title: str
    columns: Sequence[tuple[str, float]]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Place:
    """Which community and year a file is of."""

    code: str
    year: int

    @property
    def days(self) -> tuple[date, date]:
        """The year's first and last day."""
        return days_of(self.year)


def contracts(place: Place) -> Section:
    """Return the contracts that cover the community in the year."""
    first, last = place.days
    here = and_(
        ContractCommunity.firm_id == Contract.firm_id,
        ContractCommunity.contract_id == Contract.id,
    )
    query = (
        select(Contract)
        .join(ContractCommunity, here)
        .where(
            ContractCommunity.community_code == place.code,
            ContractCommunity.starts_on <= last,
            ContractCommunity.last_on >= first,
            Contract.status.in_(AGREED),
        )
        .order_by(Contract.starts_on, Contract.number)
    )
    rows = [
        (
            one.number,
            ContractKind.of(one.kind).word,
            f"{one.starts_on} 至 {one.last_on}",
            str(one.signed_on or ""),
            "" if one.annual_fen is None else format_yuan(one.annual_fen),
            ContractStatus.of(one.status).word,
        )
        for one in db.session.scalars(query)
    ]
    columns = (
        *(("合同编号", 3.0), ("类型", 2.5), ("履行期间", 3.5), ("签订日期", 1.8)),
        *(("年度金额（元）", 2.0), ("状态", 1.4)),
    )
    return Section("合同", columns, rows)


def statements_of(place: Place) -> list[Statement]:
    """Return the year's submitted statements with a line of the community, by month."""
    has_line = (
        select(StatementLine.id)
        .where(
            StatementLine.firm_id == Statement.firm_id,
            StatementLine.statement_id == Statement.id,
            StatementLine.community_code == place.code,
        )
        .exists()
    )
    query = (
        select(Statement)
        .where(
            Statement.month.between(*place.days),
            Statement.submitted_at.is_not(None),
            Statement.status != S.VOID,
            not_our_honey(Statement, Statement.number),
            has_line,
        )
        .options(joinedload(Statement.street), joinedload(Statement.firm))
        .order_by(Statement.month, Statement.number)
    )
    return list(db.session.scalars(query))


def lines(place: Place) -> Section:
    """Return what the year's statements pay for the community."""
    ids = [one.id for one in statements_of(place)]
    whole = and_(
        Statement.firm_id == StatementLine.firm_id, Statement.id == StatementLine.statement_id
    )
    query = (
        select(Statement.number, Statement.status, StatementLine)
        .join(StatementLine, whole)
        .where(Statement.id.in_(ids), StatementLine.community_code == place.code)
        .order_by(Statement.month, Statement.number, StatementLine.position)
    )
    rows = [
        (
            number,
            StatementStatus.of(status).word,
            f"{line.month:%Y-%m}",
            KIND_WORDS[LineKind(line.kind)],
            line.quantity,
            format_yuan(line.amount_fen),
        )
        for number, status, line in db.session.execute(query)
    ]
    columns = (
        *(("结算单号", 3.6), ("状态", 1.5), ("月份", 1.3), ("项目", 1.8)),
        *(("计算依据", 1.6), ("金额（元）", 1.8)),
    )
    return Section("结算明细", columns, rows)


def services(place: Place) -> Section:
    """Return the log of services; the firm's own copy tells what was said."""
    is_firm = _is_firm()
    query = select(ServiceRecord).where(
        ServiceRecord.community_code == place.code, ServiceRecord.day.between(*place.days)
    )
    options = [joinedload(ServiceRecord.adviser)]
    if is_firm:
        options.append(joinedload(ServiceRecord.note))
    ordered = query.options(*options).order_by(ServiceRecord.day, ServiceRecord.id)
    rows = [tuple(_service(one, is_firm)) for one in db.session.scalars(ordered)]
    said = (("内容", 4.5),) if is_firm else ()
    columns = (
        *(("日期", 1.7), ("编号", 2.6), ("律师", 1.5), ("类别", 1.7), ("方式", 1.1)),
        *(("件次", 0.8), ("人次", 0.8), *said, ("结果", 3.0)),
    )
    return Section("服务记录", columns, rows)


def _service(one: ServiceRecord, is_firm: bool) -> Iterator[str]:
    yield from (str(one.day), one.number, one.adviser.name, ServiceKind.of(one.kind).word)
    yield ServiceMode.of(one.mode).word if one.mode else ""
    yield from (str(one.count), "" if one.persons is None else str(one.persons))
    if is_firm:
        yield one.note.content if one.note else ""
    yield one.outcome or ""


def visits(place: Place) -> Section:
    """Return the sessions on site with the grade of their evidence."""
    query = (
        select(DutySession)
        .where(
            DutySession.community_code == place.code,
            DutySession.day.between(*place.days),
        )
        .options(joinedload(DutySession.adviser))
        .order_by(DutySession.signed_in_at, DutySession.id)
    )
    found = list(db.session.scalars(query))
    graded = evidence.of(found)
    rows = [
        (
            str(one.day),
            one.adviser.name,
            _hour(one.signed_in_at),
            _hour(one.signed_out_at),
            graded[one.id].grade,
            DutySource.of(one.source).word,
            _confirmed(one),
            "已作废" if one.status == SessionStatus.VOIDED else "",
        )
        for one in found
    ]
    columns = (
        *(("日期", 1.8), ("律师", 1.8), ("签到", 1.1), ("签退", 1.1), ("证据等级", 1.3)),
        *(("来源", 1.4), ("社区确认", 1.4), ("备注", 1.5)),
    )
    return Section("现场值班", columns, rows)


def _confirmed(one: DutySession) -> str:
    return {None: "", True: "已确认", False: "有异议"}[one.community_confirmed]


def _hour(at: Any) -> str:
    return f"{clock.local(at):%H:%M}" if at else ""


def lectures(place: Place) -> Section:
    """Return the lectures; their drafts, sheets and photos lie beside the file."""
    query = (
        select(ServiceRecord)
        .where(
            ServiceRecord.community_code == place.code,
            ServiceRecord.day.between(*place.days),
            ServiceRecord.kind == ServiceKind.LECTURE,
        )
        .options(joinedload(ServiceRecord.adviser))
        .order_by(ServiceRecord.day, ServiceRecord.id)
    )
    rows = [
        (
            str(one.day),
            one.adviser.name,
            one.place or "",
            "" if one.persons is None else str(one.persons),
            "" if one.copies is None else str(one.copies),
            one.outcome or "",
        )
        for one in db.session.scalars(query)
    ]
    columns = (
        *(("日期", 1.7), ("主讲律师", 1.7), ("地点", 2.6), ("人次", 1.0), ("份数", 1.0)),
        ("结果", 4.0),
    )
    return Section("法治讲座", columns, rows)


def corrections(place: Place) -> Section:
    """Return the corrections of sessions that were decided."""
    row = SessionCorrection
    query = (
        select(row)
        .where(
            row.community_code == place.code,
            row.day.between(*place.days),
            row.decided_at.is_not(None),
        )
        .order_by(row.day, row.id)
    )
    rows = [
        (
            str(one.day),
            CorrectionReason.of(one.reason).word,
            f"{_hour(one.was_signed_in_at)}–{_hour(one.was_signed_out_at)}".strip("–"),
            f"{_hour(one.signed_in_at)}–{_hour(one.signed_out_at)}",
            one.asked_by_name,
            one.decided_by_name or "",
            CorrectionStatus.of(one.status).word,
        )
        for one in db.session.scalars(query)
    ]
    columns = (
        *(("日期", 1.7), ("原因", 2.2), ("原记录", 1.8), ("补正为", 1.8)),
        *(("申请人", 1.5), ("审批人", 1.5), ("结果", 1.6)),
    )
    return Section("补正记录", columns, rows)


def _is_firm() -> bool:
    scope = current_scope()
    return scope is not None and scope.kind is ScopeKind.FIRM


TABLES: Sequence[Callable[[Place], Section]] = (
    contracts,
    lines,
    services,
    visits,
    lectures,
    corrections,
)
"""In the order in which they are bound."""
