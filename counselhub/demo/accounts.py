"""Money as both sides keep it: a street's budget and Excel ledger, a firm's bank entries."""

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import as_firm, as_scope
from counselhub.ledgers.actions import importing, sheets
from counselhub.ledgers.claimed import submitted
from counselhub.ledgers.layout import Field
from counselhub.ledgers.rules import StatementFact
from counselhub.officeday.actions import Grant, set_budget
from counselhub.receipts.importing import import_file, try_file
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

BUDGET_FEN = 22_000_000
BANK = "某某银行基本户"
COLUMNS = tuple(field for field in Field if field is not Field.HOURS)
ENTRY = ("交易日期", "贷方发生额", "借方发生额", "对方户名", "对方账号", "摘要", "交易流水号")


def keep_books(checker: Member, firm: Member, month: date) -> None:
    """Fill in the year's budget, bring in a month's ledger and the firm's bank entries.

    The firm is shown where the ledger differs. What its money pays, and how the difference is
    settled, waits for them.
    """
    with as_scope(checker.scope):
        grant = Grant(None, BUDGET_FEN, BUDGET_FEN, "演示文件第3号")
        set_budget(month.year, grant, None, by=checker)
        upload = importing.keep(
            _ledger(checker, firm, month), "街道台账.xlsx", month, "", by=checker
        )
        importing.apply(upload, by=checker)
        sheets.publish(month, firm.firm_id, by=checker)
    with as_firm(firm.firm_id):
        data = _bank_entries()
        import_file(data, BANK, try_file(data, BANK).mapping, by=firm)


def _ledger(checker: Member, firm: Member, month: date) -> bytes:
    """Write what was submitted as the street's clerk would, who slipped twice with this firm."""
    claimed = submitted(checker.street_code, month).facts
    facts = sorted(claimed, key=lambda one: (one.firm != str(firm.firm_id), one.community))
    rows = [_row(fact, month) for fact in facts]
    first, second = rows[0], rows[1]
    first[Field.AMOUNT] -= 100
    first[Field.NOTE] = "按签到表少到一次"
    second[Field.VISITS] = (second[Field.VISITS] or 0) + 1
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append([column.word for column in COLUMNS])
    for row in rows:
        sheet.append([row.get(column) for column in COLUMNS])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _row(fact: StatementFact, month: date) -> dict[Field, Any]:
    figures = fact.figures
    return {
        Field.MONTH: f"{month:%Y-%m}",
        Field.COMMUNITY: fact.community,
        Field.CONTRACT: fact.contract,
        Field.VISITS: figures.visits,
        Field.LECTURES: figures.lectures,
        Field.CASES: figures.cases,
        Field.AMOUNT: figures.amount_fen / 100,
    }


def _bank_entries() -> bytes:
    """Write the firm's entries as its bank gives them: what the streets paid, and one fee more."""
    paid = select(Statement).where(Statement.status == StatementStatus.PAID)
    rows = [
        (one.paid_on, one.payable_fen, "南湾街道办事处（示范）", f"法律顾问补贴{one.month:%Y%m}")
        for one in db.session.scalars(paid.order_by(Statement.month))
    ]
    rows.append((clock.today(), 50_000, "某某公司（示范）", "常年顾问费"))
    text = StringIO()
    table = csv.writer(text)
    table.writerow(ENTRY)
    for place, (day, fen, payer, words) in enumerate(rows, 1):
        amount = f"{fen // 100}.{fen % 100:02d}"
        table.writerow((day, amount, "", payer, "6200000000000999", words, f"DEMO{place:04d}"))
    return text.getvalue().encode("gb18030")
