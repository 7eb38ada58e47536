"""Shares as a workbook: amounts are numbers, names never formulas."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter

from counselhub.core import clock
from counselhub.statements.models import Statement
from counselhub.statements.rules.leads import FIRM
from counselhub.statements.shares import people
from counselhub.statements.shares.grounds import GROUNDS
from counselhub.statements.shares.people import Person
from counselhub.statements.shares.queries import Shares
from counselhub.statements.wording import KIND_WORDS

OURS = "本所"
CARRIED = "上期结转"
NOTE = "补贴由街道支付给律师事务所；所内分配供本所核算参考，是律所内部事务，不作为对外结算依据。"
DETAIL = (
    "社区",
    "合同编号",
    "项目",
    "所属月份",
    "本项金额（元）",
    "依据",
    "归属",
    "主责天数",
    "分得（元）",
)
YUAN = "#,##0.00;[Red]-#,##0.00"


class Fen(int):
    """An amount that a cell shows in yuan."""


class Table(NamedTuple):
    """A sheet: its name, its header, its rows."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


def of_statement(statement: Statement, shares: Shares) -> bytes:
    """Return the workbook of one statement: by adviser, and line by line."""
    persons = people.by_person(((one.line.kind, one) for one in shares.lines), shares.names)
    kinds = people.kinds_in(shares.lines)
    words = [KIND_WORDS[kind] for kind in kinds]
    state = "" if shares.is_frozen else "（没有封存的记录：按现有记录试算，还可能变动）"
    title = f"{statement.street.name}{statement.month:%Y-%m} 所内分配 {statement.number}{state}"
    by_person = Table("按律师", *_summed(words, kinds, persons, shares.names))
    return _book(title, by_person, Table("明细", DETAIL, _detail(shares)))


def of_months(
    months: Sequence[date], persons: Sequence[Person[date]], names: Mapping[str, str]
) -> bytes:
    """Return the workbook of some months: a row an adviser, a column a month."""
    words = [f"{month:%Y-%m}" for month in months]
    title = f"{words[0]} 至 {words[-1]} 所内分配" if words else "所内分配"
    return _book(title, Table("按月", *_summed(words, months, persons, names)))


def _summed(
    words: Sequence[str], columns: Sequence[Any], persons: Sequence[Person[Any]], names: Any
) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Return header and rows of what each one gets by column, and all together."""
    rows: list[Sequence[object]] = [
        [_name(one.adviser, names), *_cells(one.amounts, columns), Fen(one.total_fen)]
        for one in persons
    ]
    sums = people.totals(persons)
    rows.append(["合计", *_cells(sums, columns), Fen(sums.total())])
    return ["律师", *(f"{word}（元）" for word in words), "合计（元）"], rows


def _cells(amounts: Mapping[Any, int], columns: Sequence[Any]) -> list[Fen]:
    return [Fen(amounts.get(column, 0)) for column in columns]


def _detail(shares: Shares) -> Iterable[Sequence[object]]:
    for line, parts in shares.lines:
        for part in parts:
            yield (
                shares.places.get(line.community, CARRIED),
                line.contract,
                KIND_WORDS[line.kind],
                str(line.month),
                Fen(line.amount_fen),
                GROUNDS[line.kind] if line.contract else OURS,
                _name(part.adviser, shares.names),
                part.days,
                Fen(part.amount_fen),
            )


def _name(adviser: str, names: Mapping[str, str]) -> str:
    return OURS if adviser == FIRM else names.get(adviser, adviser)


def _book(title: str, *tables: Table) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "created": datetime.combine(clock.today(), time())})
        looks = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "header": book.add_format({"bold": True, "border": 1, "bg_color": "#EEF1F5"}),
            "text": book.add_format({"border": 1, "quote_prefix": True}),
            "yuan": book.add_format({"border": 1, "num_format": YUAN}),
        }
        for table in tables:
            _write(book.add_worksheet(table.name), title, table, looks)
    return file.getvalue()


def _write(page: Any, title: str, table: Table, looks: Mapping[str, Any]) -> None:
    page.write_string(0, 0, title, looks["title"])
    page.write_string(1, 0, NOTE)
    for place, word in enumerate(table.header):
        page.set_column(place, place, 16)
        page.write_string(2, place, word, looks["header"])
    for at, row in enumerate(table.rows, 3):
        for place, value in enumerate(row):
            if isinstance(value, Fen):
                page.write_number(at, place, value / 100, looks["yuan"])
            elif isinstance(value, int):
                page.write_number(at, place, value, looks["text"])
            else:
                page.write_string(at, place, str(value or ""), looks["text"])
    page.freeze_panes(3, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
