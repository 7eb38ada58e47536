"""Files of banks read without a database: encodings, headers, amounts, faults by cell."""

from datetime import date, datetime
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from counselhub.core.uploads import UploadError
from counselhub.receipts import grids, mapping, reading
from counselhub.receipts.grids import Grid
from counselhub.receipts.mapping import Field, Mapping
from counselhub.receipts.reading import Entry

TODAY = date(2026, 11, 22)
CSV = (
    "账户明细查询\n账号：62000001,币种：人民币\n"
    "交易日期,贷方发生额（元）,借方发生额（元）,对方户名,对方账号,摘要,附言,交易流水号\n"
    '2026-11-05,"1,800.00",,测试街道财政所,0110001,转账,JS-A-202610,S1\n'
    "20261106,,250.50,某物业公司,0110002,物业费,,S2\n"
    "2026/11/07,200,,测试街道财政所,0110001,转账,,S3\n"
    "合计,,,,,,,\n"
)


def read(grid: Grid) -> reading.Reading:
    header = mapping.header_row(grid.rows)
    assert header is not None
    chosen = mapping.guess(mapping.headers(grid.rows[header]))
    assert chosen.lacks is None
    return reading.read(grid, header, chosen, TODAY)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(CSV.encode("gb18030"), id="GB18030"),
        pytest.param(CSV.encode(), id="UTF-8"),
        pytest.param(CSV.encode("utf-8-sig"), id="UTF-8 with its mark"),
        pytest.param(CSV.replace(",", "\t").replace('"1\t800', '"1,800').encode(), id="tabs"),
        pytest.param(CSV.replace(",", ";").replace('"1;800', '"1,800').encode(), id="semicolons"),
    ],
)
def test_a_bank_file_is_read(data: bytes) -> None:
    found = read(grids.opened(data))
    assert found.entries == [
        Entry(date(2026, 11, 5), 180_000, "测试街道财政所", "0110001", "转账 JS-A-202610", "S1"),
        Entry(date(2026, 11, 7), 20_000, "测试街道财政所", "0110001", "转账", "S3"),
    ]
    assert (found.outgoing, found.faults) == (2, [])


def book(*rows: list[object]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as made:
        page = made.add_worksheet()
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
    return file.getvalue()


def test_a_workbook_is_read() -> None:
    data = book(
        ["某行流水"],
        ["记账日期", "交易金额", "对方名称", "流水号"],
        [datetime(2026, 11, 5), 0.1 + 0.2, "测试街道财政所", 12345],
        [datetime(2026, 11, 6), -30, "某物业公司", "S2"],
    )
    found = read(grids.opened(data))
    assert found.entries == [Entry(date(2026, 11, 5), 30, "测试街道财政所", "", "", "12345")]
    assert found.outgoing == 1


@pytest.mark.parametrize(
    ("cells", "cell", "code"),
    [
        pytest.param(["2026-13-05", "1", "", "所"], "A2", "day", id="no day"),
        pytest.param(["2026-12-05", "1", "", "所"], "A2", "future", id="a day to come"),
        pytest.param(["2026-11-05", "一千", "", "所"], "B2", "amount", id="no amount"),
        pytest.param(["2026-11-05", "1.005", "", "所"], "B2", "amount", id="three decimals"),
        pytest.param(["2026-11-05", "1", "1", "所"], "C2", "both", id="in and out"),
        pytest.param(["2026-11-05", "1", "", ""], "D2", "payer", id="nobody"),
        pytest.param(["2026-11-05", "1", "", "所", 1.2e18], "E2", "digits", id="rounded digits"),
    ],
)
def test_faults_are_named_by_their_cell(cells: list[object], cell: str, code: str) -> None:
    header = ["日期", "收入", "支出", "对方户名", "对方账号"]
    found = read(Grid([header, cells]))
    assert [(one.cell, one.code) for one in found.faults] == [(cell, code)]
    assert found.entries == []


def test_two_equal_rows_are_two_payments() -> None:
    one = Entry(TODAY, 100, "所", "", "", "")
    first, second = reading.digests("某行", [one, one])
    assert first != second
    assert reading.digests("某行", [one]) == [first]
    assert reading.digests("另一行", [one]) != [first]


@given(st.lists(st.sampled_from([Entry(TODAY, fen, "所", "", "", "") for fen in (1, 2, 3)])))
def test_digests_are_as_many_as_rows_and_stay_the_same(entries: list[Entry]) -> None:
    keys = reading.digests("某行", entries)
    assert len(set(keys)) == len(entries)
    assert set(reading.digests("某行", [*entries, *entries])) >= set(keys)


@pytest.mark.parametrize(
    ("columns", "lacks"),
    [
        pytest.param({}, Field.DAY, id="no day"),
        pytest.param({"day": "日期"}, Field.CREDIT, id="no amount"),
        pytest.param({"day": "日期", "amount": "金额"}, Field.PAYER, id="no payer"),
        pytest.param({"day": "日期", "amount": "金额", "payer": "户名"}, None, id="enough"),
    ],
)
def test_what_a_mapping_lacks(columns: dict[str, str], lacks: Field | None) -> None:
    assert Mapping(columns).lacks is lacks


def test_what_is_no_table_is_refused(context: None) -> None:
    for data in (b"%PDF-1.7", b"\x00\x01", b"PK\x03\x04broken"):
        with pytest.raises(UploadError):
            grids.opened(data)
    assert mapping.header_row([["什么", "都没有"]]) is None
    assert [grids.cell_name(0, place) for place in (0, 25, 26)] == ["A1", "Z1", "AA1"]
