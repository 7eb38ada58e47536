"""The difference sheet before any format. In Chinese whatever language its reader chose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counselhub.core import clock
from counselhub.core.money import format_yuan
from counselhub.ledgers.kinds import Cause, LineStatus, Outcome, Party, SheetStatus
from counselhub.ledgers.models import LedgerSheet
from counselhub.ledgers.wording import hours, month_words

TITLES = (
    ("序号", 2, True), ("社区", 7, False), ("合同编号", 6, False), ("结果", 5, False),
    ("台账金额（元）", 6, True), ("结算单金额（元）", 6, True), ("差额（元）", 6, True),
    ("数量（台账／结算单）", 9, False), ("差异归属", 8, False), ("原因与说明", 11, False),
    ("律所答复", 8, False),
)  # fmt: skip
"""Columns: title, share of the breadth, whether figures stand in it."""
COUNTS = (("visits", "次数"), ("minutes", "时长"), ("lectures", "讲座"), ("cases", "案件"))
NOTE = (
    "注：差额为台账金额减结算单金额；数量只列双方不同的，时长以小时计。没有差异的社区不逐行列出。"
)

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole paper. rows: a value for each of TITLES, amounts in fen at AMOUNTS."""

    title: str
    name: str
    head: list[tuple[str, str]]
    rows: list[list[Value]]
    totals: list[Value]
    signatures: list[tuple[str, str]]
    mark: str
    imprint: str
    made_at: datetime


AMOUNTS = frozenset({4, 5, 6})
"""Places of the columns that hold fen."""


def paper_of(sheet: LedgerSheet) -> Paper:
    """Return a frozen sheet as its documents show it."""
    told = sheet.totals
    words = month_words(sheet.month)
    return Paper(
        title="对账差异表",
        name=f"对账差异表-{told['firm']}-{sheet.month:%Y-%m}-第{sheet.version}版",
        head=_head(sheet, words),
        rows=[_row(place, row) for place, row in enumerate(sheet.rows, start=1)],
        totals=_totals(sheet),
        signatures=[
            ("律师事务所确认", _signed(sheet.firm_confirmed_by_name, sheet.firm_confirmed_at)),
            ("司法所确认", _signed(sheet.office_confirmed_by_name, sheet.office_confirmed_at)),
        ],
        mark={SheetStatus.REPLACED: "已换版", SheetStatus.SIGNED: ""}.get(
            SheetStatus.of(sheet.status), "未签"
        ),
        imprint=f"{words} 第{sheet.version}版  内容摘要 SHA-256 {sheet.digest}",
        made_at=sheet.frozen_at or sheet.published_at,
    )


def _head(sheet: LedgerSheet, words: str) -> list[tuple[str, str]]:
    told, found = sheet.totals, sheet.totals["outcomes"]
    compared = "，".join(f"{one.word} {found[one.value]}" for one in Outcome)
    statement = f"{told['statement']}（第{told['statement_version']}版）"
    return [
        ("律师事务所", told["firm"]),
        ("街道（镇）", sheet.street.name),
        ("对账月份", words),
        ("版本", f"第{sheet.version}版"),
        ("结算单", statement if told["statement"] else "本月没有提交结算单"),
        ("定稿", _signed(sheet.frozen_by_name, sheet.frozen_at).replace("\n", " ")),
        ("比对结果", compared),
        ("全部社区台账合计", f"{format_yuan(told['ledger_fen'])} 元"),
        ("全部社区结算单合计", f"{format_yuan(told['claimed_fen'])} 元"),
    ]


def _row(place: int, row: Mapping[str, Any]) -> list[Value]:
    ledger, ours = row["ledger"], row["claimed"]
    cause = Cause.of(row["cause"]).word if row["cause"] else ""
    answer = LineStatus.of(row["status"]).word if row["status"] == LineStatus.AGREED else ""
    return [
        place,
        row["community"],
        row["contract"],
        Outcome.of(row["outcome"]).word,
        ledger["amount_fen"] if ledger else None,
        ours["amount_fen"] if ours else None,
        row["gap_fen"],
        "；".join(_counts(ledger, ours)),
        Party.of(row["party"]).word if row["party"] else "",
        "：".join(filter(None, (cause, row["words"]))),
        "：".join(filter(None, (answer, row["answer"]))),
    ]


def _counts(ledger: Mapping[str, Any] | None, ours: Mapping[str, Any] | None) -> list[str]:
    """Return the quantities in which the two sides differ."""
    if not ledger or not ours:
        return []
    return [
        f"{word} {_figure(name, ledger[name])}／{_figure(name, ours[name])}"
        for name, word in COUNTS
        if None not in (ledger[name], ours[name]) and ledger[name] != ours[name]
    ]


def _figure(name: str, value: int) -> str:
    return hours(value) if name == "minutes" else str(value)


def _totals(sheet: LedgerSheet) -> list[Value]:
    """Return the sums of the rows that stand on the paper."""
    sums = [
        sum((row[side] or {}).get("amount_fen", 0) for row in sheet.rows)
        for side in ("ledger", "claimed")
    ]
    blanks: list[Value] = [""] * (len(TITLES) - 7)
    return ["", "合计", "", "", *sums, sums[0] - sums[1], *blanks]


def _signed(name: str | None, at: datetime | None) -> str:
    return f"{name}\n{clock.local(at):%Y-%m-%d %H:%M}" if name and at else ""
