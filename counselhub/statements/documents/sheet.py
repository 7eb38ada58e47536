"""The statement as a form, before any format: head, columns, rows, foot, signatures.

It goes into the files of firm and office, so it is in Chinese whatever language its reader chose.

The writers of PDF and Excel draw exactly this, so that both say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from counselhub.core import clock
from counselhub.core.money import in_capitals
from counselhub.statements.documents.rows import Row, rows_of, total_of
from counselhub.statements.documents.stamp import Stamp
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.states import StatementStatus

DRAFTS = frozenset({StatementStatus.DRAFT, StatementStatus.CERTIFIED})
"""States in which the firm may still change it: the document says 草稿."""


NIL = "本月无结算事项（零结算）。"
NOTE = "注：奖励为讲座补贴与线上值守之和；应发金额为本行各项金额之和；时长以小时计。"


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


def broken(title: str) -> str:
    """Write a column's title on several lines where a narrow column would break it anyhow."""
    for part in ("（元", "（小时", "时长", "次数"):
        title = title.replace(part, f"\n{part}")
    return title


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
    note: str
    funding: Sequence[tuple[str, int]]
    signatures: Sequence[tuple[str, str]]
    mark: str
    imprint: str
    made_at: datetime
    stamp: Stamp | None = None
    """What a reader of the paper checks it by; None while it is not sealed."""


def sheet_of(
    statement: Statement,
    lines: Sequence[StatementLine],
    advisers: Mapping[str, str],
    stamp: Stamp | None = None,
) -> Sheet:
    """Build the form. lines: all of the statement, in printing order.

    advisers: a community's code to the names of those who lead it.
    """
    rows = rows_of(lines, advisers)
    fields = _fields(rows)
    is_draft = statement.status in DRAFTS
    status = StatementStatus.of(statement.status).word
    version = f"第{statement.version}次提交" if statement.version else "未提交"
    return Sheet(
        number=statement.number,
        title="村（社区）法律顾问补贴结算单",
        head=_head(statement, f"{status}（{version}）"),
        columns=[column for column, _field in fields],
        rows=[
            [_value(row, place, name) for _column, name in fields]
            for place, row in enumerate(rows, 1)
        ],
        totals=[total_of(rows, name) if column.totalled else None for column, name in fields],
        total_fen=statement.total_fen,
        foot=_foot(statement),
        note=NOTE if rows else f"{NIL}{NOTE}",
        funding=[(str(source), int(amount_fen)) for source, amount_fen in statement.funding],
        signatures=_signatures(statement),
        mark="草稿" if is_draft else "",
        imprint=f"{statement.number} · {version} · {status}",
        made_at=statement.computed_at,
        stamp=stamp,
    )


def _fields(rows: Sequence[Row]) -> list[tuple[Column, str]]:
    """Return the columns with the row's field of each; 调整 only when something is adjusted."""
    fields = [
        (Column("序号", Kind.COUNT, 2.2), "place"),
        (Column("村（社区）", Kind.TEXT, 5.2), "community"),
        (Column("法律顾问", Kind.TEXT, 4.4), "adviser"),
        (Column("合同编号", Kind.TEXT, 5.6), "contract"),
        (Column("补贴标准（元/年）", Kind.FEN, 5), "annual_fen"),
        (Column("应服务时长（小时）", Kind.MINUTES, 3.7, True), "required_minutes"),
        (Column("实际现场时长（小时）", Kind.MINUTES, 3.7, True), "present_minutes"),
        (Column("缺勤次数", Kind.COUNT, 2.7, True), "missing_visits"),
        (Column("讲座次数", Kind.COUNT, 2.7, True), "lectures"),
        (Column("基础补贴（元）", Kind.FEN, 4.9, True), "base_fen"),
        (Column("扣减（元）", Kind.FEN, 4.4, True), "shortfall_fen"),
        (Column("扣减依据", Kind.TEXT, 6.2), "grounds"),
        (Column("以案定补（元）", Kind.FEN, 4.4, True), "case_fen"),
        (Column("奖励（元）", Kind.FEN, 4.6, True), "award_fen"),
        (Column("考核预留（元）", Kind.FEN, 4.6, True), "withhold_fen"),
        (Column("调整（元）", Kind.FEN, 4.4, True), "adjustment_fen"),
        (Column("应发金额（元）", Kind.FEN, 5, True), "total_fen"),
        (Column("备注", Kind.TEXT, 4.4), "remarks"),
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
    period = f"{month.year}年{month.month}月"
    return [
        ("结算单号", statement.number),
        ("结算期间", period),
        ("律师事务所", statement.firm.name if statement.firm else ""),
        ("街道（镇）", statement.street.name),
        ("编制日期", _day(clock.local(statement.computed_at).date())),
        ("状态", status),
    ]


def _foot(statement: Statement) -> list[tuple[str, str]]:
    """Return what stands below the table; a total below nothing is paid as 0 (M11)."""
    payee = statement.payee
    foot = [("合计（大写）", in_capitals(statement.total_fen))]
    if statement.total_fen < 0:
        foot.append(("本期应付", "人民币零元整，负数结转下期"))
    return [
        *foot,
        ("收款单位", payee.get("name") or payee.get("payee") or ""),
        ("开户行", payee.get("bank") or ""),
        ("账号", payee.get("account") or ""),
    ]


def _signatures(statement: Statement) -> list[tuple[str, str]]:
    """Return who signs where; those who already did stand with name and day."""
    paid = ""
    if statement.paid_on:
        words = f"已支付，凭证号 {statement.payment_reference}"
        paid = f"{words}\n{_day(statement.paid_on)}"
    return [
        ("律所经办／负责人", _signed(statement.certified_by_name, statement.certified_at)),
        ("司法所初审意见", _signed(statement.approved_by_name, statement.approved_at)),
        ("街道审核", _signed(statement.signed_by_name, statement.signed_at)),
        ("区司法局审定", ""),
        ("签收", paid),
    ]


def _signed(name: str | None, at: datetime | None) -> str:
    return f"{name}\n{_day(clock.local(at).date())}" if name and at else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
