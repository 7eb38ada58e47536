"""Offices' workbooks: headers of one row or two, odd cells, faults at their cells."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from counselhub.ledgers import layout, reading
from counselhub.ledgers.layout import Field
from counselhub.ledgers.reading import Place, Reading
from counselhub.ledgers.rules import Figures
from counselhub.workbook.cells import CellError
from counselhub.workbook.findings import UnreadableError
from tests.ledgers.books import AGREED, book, row, sheet

pytestmark = pytest.mark.usefixtures("context")
OCTOBER = date(2026, 10, 1)
STREET, C1, C2 = "440103002", "440103002001", "440103002002"
HERE = Place(
    STREET,
    {C1: "甲社区居委会", C2: "乙社区居委会"},
    {"甲社区": [C1], "甲": [C1], "乙社区": [C2], "文明社区": [C1, C2]},
)


def read(data: bytes, mapping: dict[str, str] | None = None) -> Reading:
    grid = reading.grid_of(data, mapping or {})
    places = layout.agreed(grid.header, mapping or {})
    assert places is not None, grid.header
    return reading.read(grid, places, OCTOBER, HERE)


def faults(found: Reading) -> list[tuple[str, str]]:
    return [(one.cell, one.message) for one in found.findings.faults]


def test_the_default_headers_need_nobody() -> None:
    found = read(book([row(C1, *AGREED, contract="HT-1", note="已核")]))
    assert faults(found) == []
    fact = found.rows[C1, "HT-1"]
    assert fact.figures == Figures(181_000, 3, 360, 1, 1)
    assert (fact.row, found.notes[C1, "HT-1"]) == (2, "已核")


@pytest.mark.parametrize(
    ("values", "figures"),
    [
        pytest.param(["2026年10月", int(C1), "", "3", "6.5", 1, "", "￥1,810.00"],
                     Figures(181_000, 3, 390, 1, None), id="texts and a code as a number"),
        pytest.param(["2026/10", C1, "", "", 2.33, "", "", -12.5],
                     Figures(-1_250, None, 140, None, None), id="blanks, below nothing"),
        pytest.param(["202610", f" {C1} ", "", 0, "0", 0, 0, "１８１０"],
                     Figures(181_000, 0, 0, 0, 0), id="full width"),
    ],
)  # fmt: skip
def test_what_excel_makes_of_cells(values: list[Any], figures: Figures) -> None:
    found = read(book([[*values, ""]]))
    assert faults(found) == []
    assert found.rows[C1, ""].figures == figures


HEADS_ABOVE: list[list[Any]] = [
    ["某街道公共法律服务台账"],
    ["月份", "社区代码", "现场服务", "", "讲座", "核定金额(元)"],
    ["", "", "次数", "时长(小时)", "场次", ""],
    ["2026-10", C1, 3, 6, 1, 1810],
    ["合计", "", 3, 6, 1, 1810],
    ["", "", "", "", "", ""],
    ["2026-10", C2, 3, 6, 1, 1810],
]


def test_a_header_of_two_rows_below_a_title_and_sums_are_understood() -> None:
    grid = reading.grid_of(sheet(HEADS_ABOVE), {})
    assert grid.header.labels[2:5] == ("现场服务·次数", "现场服务·时长(小时)", "讲座·场次")
    proposed = layout.proposed(grid.header, {})
    assert {one: proposed[one] for one in (Field.VISITS, Field.HOURS, Field.LECTURES)} == {
        Field.VISITS: 2, Field.HOURS: 3, Field.LECTURES: 4,
    }  # fmt: skip
    found = reading.read(grid, proposed, OCTOBER, HERE)
    assert faults(found) == []
    assert [one.figures.visits for one in found.rows.values()] == [3, 3]
    assert [one.message for one in found.findings.warnings] == ["合计行，已略过"]


@pytest.mark.parametrize(
    ("rows", "cell", "sentence"),
    [
        pytest.param([row("440103003001", *AGREED)], "台账!B2", "不属于本街道", id="other street"),
        pytest.param([row("44010300209", *AGREED)], "台账!B2", "没有代码为", id="unknown"),
        pytest.param([row(C1, *AGREED, month="2026-09")], "台账!A2", "2026-09", id="other month"),
        pytest.param([row(C1, *AGREED, month="十月")], "台账!A2", "不是月份", id="no month"),
        pytest.param([row(C1, *AGREED, month="")], "台账!A2", "必填", id="blank month"),
        pytest.param([row("", *AGREED)], "台账!B2", "必填", id="no community"),
        pytest.param([row(C1, 3, 6, 1, 1, "")], "台账!H2", "必填", id="no amount"),
        pytest.param([row(C1, 3, 6, 1, 1, "若干")], "台账!H2", "不是金额", id="no number"),
        pytest.param([row(C1, 3, 6, 1, 1, 1.005)], "台账!H2", "最多两位小数", id="half a fen"),
        pytest.param([row(C1, 3.5, 6, 1, 1, 1)], "台账!D2", "整数", id="half a visit"),
        pytest.param([row(C1, 3, "半天", 1, 1, 1)], "台账!E2", "不是小时数", id="no hours"),
        pytest.param([row(C1, *AGREED), row(C1, *AGREED)], "台账!B3", "与第 2 行重复", id="twice"),
    ],
)
def test_faults_name_their_cell(rows: list[list[Any]], cell: str, sentence: str) -> None:
    found = faults(read(book(rows)))
    assert [one for one, _message in found] == [cell]
    assert sentence in found[0][1]


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        pytest.param(row(C1, "x", 6, 1, 1, ""), "D2 H2", id="a bad count, no amount"),
        pytest.param(row("", 3, 6, 1, 1, 5, month="十月"), "A2 B2", id="no month, no community"),
        pytest.param(row("99", "x", "y", -1, 1.5, "z", month=""), "A2 B2 D2 E2 F2 G2 H2", id="all"),
    ],
)
def test_every_fault_of_a_row_is_told_at_once(values: list[Any], cells: str) -> None:
    found = [cell.removeprefix("台账!") for cell, _message in faults(read(book([values])))]
    assert sorted(found) == cells.split()


BY_TITLES = {
    "community": "社区代码",
    "community_name": "社区名称",
    "amount": "核定金额(元)",
    "month": "",
}


def test_a_name_that_cannot_be_read_is_one_fault() -> None:
    headers = ["社区代码", "社区名称", "核定金额(元)"]
    found = faults(read(sheet([headers, ["", "甲" * 201, 1]]), BY_TITLES))
    assert [cell for cell, _message in found] == ["台账!B2"]


BY_NAME = {"community_name": "社区", "amount": "金额", "month": ""}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param("甲社区", "", id="the name"),
        pytest.param(" 甲 ", "", id="shortly"),
        pytest.param("文明社区", "有 2 个社区叫", id="two of a name"),
        pytest.param("丁社区", "没有叫", id="none of the name"),
    ],
)
def test_communities_by_name(name: str, sentence: str) -> None:
    found = read(sheet([["社区", "金额"], [name, 1]]), BY_NAME)
    assert [message for _cell, message in faults(found) if sentence in message] == [
        message for _cell, message in faults(found)
    ]
    assert bool(faults(found)) is bool(sentence)
    assert list(found.rows) == ([] if sentence else [(C1, "")])


def test_a_mapping_whose_headers_are_gone_is_asked_for_again() -> None:
    grid = reading.grid_of(sheet([["社区", "补贴金额"], ["甲社区", 1]]), BY_NAME)
    assert layout.agreed(grid.header, BY_NAME) is None


def test_the_sheet_that_looks_most_like_a_ledger_is_read() -> None:
    with pytest.raises(UnreadableError, match="没有找到表头"):
        reading.grid_of(sheet([["说明"], ["请看下表"]]), {})


def test_same_headers_are_told_apart() -> None:
    grid = reading.grid_of(sheet([["社区代码", "月份", "核定金额(元)", "核定金额(元)"]]), {})
    assert grid.header.labels[-1] == "核定金额(元)(2)"


@pytest.mark.parametrize(
    ("value", "month"),
    [
        pytest.param(datetime(2026, 10, 8), OCTOBER, id="a day"),  # as Excel's
        pytest.param("2026.10", OCTOBER, id="a point"),
        pytest.param("2026-10-31", OCTOBER, id="a day as text"),
        pytest.param(202610.0, OCTOBER, id="a number"),
    ],
)
def test_months(value: object, month: date) -> None:
    assert reading.month_of(value) == month


@pytest.mark.parametrize("value", ["2026-13", "26-10", "2026", True])
def test_no_months(value: object) -> None:
    with pytest.raises(CellError):
        reading.month_of(value)


def test_hours_are_whole_minutes(app: Flask) -> None:
    assert app
    for minutes in range(0, 600):
        hours = (Decimal(minutes) / 60).quantize(Decimal("0.01"))
        assert reading.hours_as_minutes(str(hours)) == minutes
