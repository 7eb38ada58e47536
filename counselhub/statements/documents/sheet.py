"""The statement as a form, before any format: head, columns, rows, foot, signatures.

The writers of PDF and Excel draw exactly this, so that both say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask_babel import gettext as _

from counselhub.core import clock
from counselhub.core.money import in_capitals
from counselhub.statements.documents.rows import Row, rows_of, total_of
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import StatementStatus

DRAFTS = frozenset({StatementStatus.DRAFT, StatementStatus.CERTIFIED})
"""States in which the firm may still change it: the document says 草稿."""


class Kind(StrEnum):
    """What a column holds: text, a count, whole minutes (written as hours) or fen."""

    TEXT = "text"
    COUNT = "count"
    MINUTES = "minutes"
    FEN = "fen"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. width: its share of the page's breadth, in no particular unit."""

    title: str
    kind: Kind
    width: float
    totalled: bool = False


Value = str | int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole form. rows and totals have a value for each column; amounts are fen."""

    number: str
    title: str
    head: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    totals: Sequence[Value]
    total_fen: int
    foot: Sequence[tuple[str, str]]
    funding: Sequence[tuple[str, int]]
    signatures: Sequence[tuple[str, str]]
    mark: str
    imprint: str
    made_at: datetime


def sheet_of(
    statement: Statement, lines: Sequence[StatementLine], advisers: Mapping[str, str]
) -> Sheet:
    """Build the form. lines: all of the statement, in printing order.

    advisers: a community's code to the names of those who lead it.
    """
    rows = rows_of(lines, advisers)
    fields = _fields(rows)
    is_draft = statement.status in DRAFTS
    status = StatementStatus.of(statement.status).label
    version = (
        _("第%(version)s次提交", version=statement.version) if statement.version else _("未提交")
    )
    return Sheet(
        number=statement.number,
        title=_("村（社区）法律顾问补贴结算单"),
        head=_head(statement, f"{status}（{version}）"),
        columns=[column for column, _field in fields],
        rows=[
            [_value(row, place, name) for _column, name in fields]
            for place, row in enumerate(rows, 1)
        ],
        totals=[total_of(rows, name) if column.totalled else None for column, name in fields],
        total_fen=statement.total_fen,
        foot=_foot(statement),
        funding=[(str(source), int(amount_fen)) for source, amount_fen in statement.funding],
        signatures=_signatures(statement),
        mark=_("草稿") if is_draft else "",
        imprint=f"{statement.number} · {version} · {status}",
        made_at=statement.computed_at,
    )


def _fields(rows: Sequence[Row]) -> list[tuple[Column, str]]:
    """Return the columns with the row's field of each; 调整 only when something is adjusted."""
    fields = [
        (Column(_("序号"), Kind.COUNT, 2.2), "place"),
        (Column(_("村（社区）"), Kind.TEXT, 5.5), "community"),
        (Column(_("法律顾问"), Kind.TEXT, 4.4), "adviser"),
        (Column(_("合同编号"), Kind.TEXT, 5.6), "contract"),
        (Column(_("补贴标准（元/年）"), Kind.FEN, 5), "annual_fen"),
        (Column(_("应服务时长（小时）"), Kind.MINUTES, 3.7, True), "required_minutes"),
        (Column(_("实际现场时长（小时）"), Kind.MINUTES, 3.7, True), "present_minutes"),
        (Column(_("缺勤次数"), Kind.COUNT, 2.7, True), "missing_visits"),
        (Column(_("讲座次数"), Kind.COUNT, 2.7, True), "lectures"),
        (Column(_("基础补贴（元）"), Kind.FEN, 4.9, True), "base_fen"),
        (Column(_("扣减（元）"), Kind.FEN, 4.4, True), "shortfall_fen"),
        (Column(_("扣减依据"), Kind.TEXT, 5), "grounds"),
        (Column(_("以案定补（元）"), Kind.FEN, 4.4, True), "case_fen"),
        (Column(_("奖励（讲座、线上）（元）"), Kind.FEN, 4.6, True), "award_fen"),
        (Column(_("考核预留（元）"), Kind.FEN, 4.6, True), "withhold_fen"),
        (Column(_("调整（元）"), Kind.FEN, 4.4, True), "adjustment_fen"),
        (Column(_("应发金额（元）"), Kind.FEN, 5, True), "total_fen"),
        (Column(_("备注"), Kind.TEXT, 4), "remarks"),
    ]
    adjusted = any(row.adjustment_fen is not None for row in rows)
    return [pair for pair in fields if adjusted or pair[1] != "adjustment_fen"]


def _value(row: Row, place: int, name: str) -> Value:
    if name == "place":
        return place
    value: Value | list[str] = getattr(row, name)
    return "；".join(value) if isinstance(value, list) else value


def _head(statement: Statement, status: str) -> list[tuple[str, str]]:
    month = statement.month
    period = _("%(year)s年%(month)s月", year=month.year, month=month.month)
    return [
        (_("结算单号"), statement.number),
        (_("结算期间"), period),
        (_("律师事务所"), statement.firm.name if statement.firm else ""),
        (_("街道（镇）"), statement.street.name),
        (_("编制日期"), _day(clock.local(statement.computed_at).date())),
        (_("状态"), status),
    ]


def _foot(statement: Statement) -> list[tuple[str, str]]:
    """Return what stands below the table; a total below nothing is paid as 0 (M11)."""
    payee = statement.payee
    foot = [(_("合计（大写）"), in_capitals(statement.total_fen))]
    if statement.total_fen < 0:
        foot.append((_("本期应付"), _("人民币零元整，负数结转下期")))
    return [
        *foot,
        (_("收款单位"), payee.get("name") or payee.get("payee") or ""),
        (_("开户行"), payee.get("bank") or ""),
        (_("账号"), payee.get("account") or ""),
    ]


def _signatures(statement: Statement) -> list[tuple[str, str]]:
    """Return who signs where; those who already did stand with name and day."""
    paid = ""
    if statement.paid_on:
        words = _("已支付，凭证号 %(reference)s", reference=statement.payment_reference)
        paid = f"{words}\n{_day(statement.paid_on)}"
    return [
        (_("律所经办／负责人"), _signed(statement.certified_by_name, statement.certified_at)),
        (_("司法所初审意见"), _signed(statement.approved_by_name, statement.approved_at)),
        (_("街道审核"), _signed(statement.signed_by_name, statement.signed_at)),
        (_("区司法局审定"), ""),
        (_("签收"), paid),
    ]


def _signed(name: str | None, at: datetime | None) -> str:
    return f"{name}\n{_day(clock.local(at).date())}" if name and at else ""


def _day(day: date) -> str:
    return str(_("%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day))
