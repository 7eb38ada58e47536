"""The claim table of a month and the cover of a dossier, as PDF and Excel.

They go into the files of firm and office, so they are in Chinese whatever language a reader chose.
"""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from counselhub.claims.dossier_queries import Holding
from counselhub.claims.kinds import (
    AgreementForm,
    ClaimStatus,
    Difficulty,
    Document,
    PaperState,
    Refusal,
)
from counselhub.claims.models import CaseClaim
from counselhub.core.money import format_yuan
from counselhub.core.typesetting import typeset
from counselhub.reports.claim_queries import TableRow
from counselhub.services.kinds import DisputeKind

HERE = Path(__file__).parent

COLUMNS: Sequence[tuple[str, float]] = (
    ("案件编号", 9), ("受理日期", 6), ("当事人（脱敏）", 8), ("纠纷类型", 6), ("难易等级", 5),
    ("协议形式", 4), ("涉案人数", 4), ("涉案金额（元）", 7), ("是否履行", 4), ("调解员/顾问", 6),
    ("申报金额（元）", 6), ("初审", 5), ("复核", 5), ("核定金额（元）", 6), ("不予补贴原因", 8),
)  # fmt: skip
NUMBERS = {6, 7, 10, 13}
"""Columns that hold numbers; amounts are whole fen."""
SETTLED = frozenset({ClaimStatus.ACCEPTED, ClaimStatus.PAID, ClaimStatus.CLAWED_BACK})
TITLE = "以案定补申报表"
Cell = str | int | None


def cells(row: TableRow) -> list[Cell]:
    """Return one claim in the order of COLUMNS; amounts in fen."""
    claim, dossier, stage = row.shown.claim, row.shown.dossier, row.shown.stage
    approved = row.paid_fen if stage in SETTLED else 0 if stage is ClaimStatus.REFUSED else None
    return [
        claim.number,
        claim.accepted_on.isoformat(),
        "、".join(row.parties),
        DisputeKind.of(claim.dispute_kind).word if claim.dispute_kind else "",
        Difficulty.of(claim.difficulty).word,
        AgreementForm.of(claim.form).word,
        dossier.persons if dossier else None,
        dossier.amount_fen if dossier else None,
        "是" if claim.fulfilled else "否",
        claim.adviser.name,
        row.paid_fen,
        (dossier.first_reader_name or "") if dossier else "",
        (dossier.second_reader_name or "") if dossier else "",
        approved,
        Refusal.of(dossier.refusal).word if dossier and dossier.refusal else "",
    ]


def table_pdf(rows: Sequence[TableRow], firm: str, month: date, made_at: datetime) -> bytes:
    """Return the table on A4 landscape."""
    found = [cells(row) for row in rows]
    data = {
        "title": TITLE,
        "head": [["律师事务所", firm], ["月份", f"{month:%Y年%m月}"], ["件数", str(len(rows))]],
        "columns": [{"title": title, "width": width} for title, width in COLUMNS],
        "rows": [[_written(place, cell) for place, cell in enumerate(row)] for row in found],
        "totals": [_total(found, place) for place in range(len(COLUMNS))],
        "signatures": ["律所经办", "司法所初审", "司法所复核"],
        "imprint": f"{firm}　{month:%Y-%m}",
    }
    return typeset(HERE / "claims.typ", data, made_at)


def _written(place: int, cell: Cell) -> str:
    if cell is None:
        return ""
    return format_yuan(int(cell)) if place in (7, 10, 13) else str(cell)


def _total(rows: Sequence[Sequence[Cell]], place: int) -> str:
    if place == 0:
        return "合计"
    if place not in (10, 13):
        return ""
    return format_yuan(sum(int(row[place] or 0) for row in rows))


def table_xlsx(rows: Sequence[TableRow], firm: str, month: date, made_at: datetime) -> bytes:
    """Return the table as a workbook: figures as numbers, what somebody typed always as text."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": TITLE, "created": made_at.replace(tzinfo=None)})
    page = book.add_worksheet("申报表")
    look = {"border": 1, "font_name": "宋体", "font_size": 9, "valign": "vcenter"}
    plain = book.add_format({**look, "text_wrap": True, "quote_prefix": True})
    yuan = book.add_format({**look, "num_format": "#,##0.00"})
    whole = book.add_format({**look, "num_format": "0"})
    bold = book.add_format({**look, "bold": True, "align": "center", "text_wrap": True})
    page.write_string(0, 0, f"{TITLE}　{firm}　{month:%Y-%m}")
    for place, (title, width) in enumerate(COLUMNS):
        page.set_column(place, place, width * 1.8)
        page.write_string(1, place, title, bold)
    for number, row in enumerate(rows, 2):
        for place, cell in enumerate(cells(row)):
            _write(page, number, place, cell, (plain, whole, yuan))
    page.freeze_panes(2, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    book.close()
    return file.getvalue()


def _write(page: Any, number: int, place: int, cell: Cell, looks: Sequence[Any]) -> None:
    plain, whole, yuan = looks
    if cell is None or place not in NUMBERS:
        page.write_string(number, place, str(cell or ""), plain)
    elif place == 6:
        page.write_number(number, place, int(cell), whole)
    else:
        page.write_number(number, place, int(cell) / 100, yuan)


def cover_pdf(
    claim: CaseClaim, holding: Holding, parties: Sequence[str], firm: str, made_at: datetime
) -> bytes:
    """Return cover and table of contents of a dossier on A4, in the order of the form."""
    lacking = set(holding.missing(claim))
    kind = DisputeKind.of(claim.dispute_kind).word if claim.dispute_kind else ""
    data = {
        "title": "人民调解卷宗",
        "firm": firm,
        "facts": [
            ["案件编号", claim.number],
            ["纠纷类型", kind],
            ["当事人", "、".join(parties)],
            ["难易等级", Difficulty.of(claim.difficulty).word],
            ["协议形式", AgreementForm.of(claim.form).word],
            ["社区", claim.community.name],
            ["调解员/顾问", claim.adviser.name],
            ["受理日期", claim.accepted_on.isoformat()],
            ["结案日期", claim.closed_on.isoformat()],
            ["是否履行", "是" if claim.fulfilled else "否"],
        ],
        "contents": [
            [str(place), one.word, _held(holding, one, is_missing=one in lacking)]
            for place, one in enumerate(Document, 1)
        ],
    }
    return typeset(HERE / "dossier.typ", data, made_at)


def _held(holding: Holding, document: Document, *, is_missing: bool) -> str:
    own = holding.of(document)
    files = [one for one in own if one.is_file]
    if files:
        return f"{len(files)} 个文件"
    if own and own[0].state == PaperState.NOT_NEEDED:
        return f"不需要：{own[0].words}"
    if own:
        return "纸质"
    return "缺" if is_missing else "—"
