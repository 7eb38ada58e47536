"""Which column of a bank's file holds what: guessed once, mended by hand, remembered. Pure."""

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from counselhub.core.labels import N_, Labelled

LOOKED_AT = 40
"""Rows in which a header is looked for: banks write a page of their own above it."""


class Field(Labelled):
    """What a receipt needs of a file."""

    DAY = "day", N_("日期")
    AMOUNT = "amount", N_("金额（一列，收入为正）")
    CREDIT = "credit", N_("收入（贷方）金额")
    DEBIT = "debit", N_("支出（借方）金额")
    PAYER = "payer", N_("付款人户名")
    ACCOUNT = "account", N_("付款人账号")
    REFERENCE = "reference", N_("摘要")
    NOTE = "note", N_("附言或用途")
    SERIAL = "serial", N_("流水号")


F = Field
KNOWN: Table[Field, Sequence[str]] = {
    F.DAY: ("交易日期", "记账日期", "入账日期", "交易时间", "日期"),
    F.CREDIT: ("贷方发生额", "收入金额", "贷方金额", "转入金额", "收入", "贷方"),
    F.DEBIT: ("借方发生额", "支出金额", "借方金额", "转出金额", "支出", "借方"),
    F.AMOUNT: ("交易金额", "发生额", "入账金额", "金额"),
    F.PAYER: ("付款人名称", "付款人户名", "对方户名", "对方单位名称", "对方名称", "付款人"),
    F.ACCOUNT: ("付款人账号", "对方账号", "对方账户", "付款账号"),
    F.REFERENCE: ("摘要", "交易摘要"),
    F.NOTE: ("附言", "用途", "备注"),
    F.SERIAL: ("交易流水号", "流水号", "交易序号", "凭证号"),
}
"""Headers of common banks, the surest first."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The header of each field; a field without a column is absent."""

    columns: Table[str, str] = field(default_factory=dict)

    @property
    def lacks(self) -> Field | None:
        """The first field without which nothing can be read, None when nothing lacks."""
        if F.DAY not in self.columns:
            return F.DAY
        if not {F.AMOUNT, F.CREDIT} & set(self.columns):
            return F.CREDIT
        return None if F.PAYER in self.columns else F.PAYER


def plain(header: object) -> str:
    """Return a header without blanks and without its unit: `金额 (元)` is `金额`."""
    text = "".join(str(header or "").split())
    return text.partition("(")[0].partition("（")[0]


def header_row(rows: Sequence[Sequence[Any]], wanted: Mapping | None = None) -> int | None:
    """Return the row of the headers: that with most known ones, or with all that are wanted.

    None when no row of the first LOOKED_AT has two of them.
    """
    names = (
        set(wanted.columns.values()) if wanted else {n for every in KNOWN.values() for n in every}
    )
    scores = [len(names & {plain(cell) for cell in row}) for row in rows[:LOOKED_AT]]
    best = max(scores, default=0)
    enough = len(names) if wanted else 2
    return scores.index(best) if best >= enough else None


def headers(row: Sequence[Any]) -> list[str]:
    """Return the headers of a row, each once, in order."""
    return list(dict.fromkeys(name for cell in row if (name := plain(cell))))


def guess(found: Sequence[str]) -> Mapping:
    """Return the columns that common banks' headers tell of; each column serves one field."""
    columns: dict[str, str] = {}
    for one, names in KNOWN.items():
        free = [name for name in names if name in found and name not in columns.values()]
        if free:
            columns[one.value] = free[0]
    if F.CREDIT in columns:
        columns.pop(F.AMOUNT, None)
    return Mapping(columns)
