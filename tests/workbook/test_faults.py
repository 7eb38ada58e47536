"""Every kind of fault and warning, at its cell; the sheets are those of `books.small`."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest

from counselhub.core.errors import FaultsError
from counselhub.workbook.actions import import_workbook, try_workbook
from tests.factories import Town
from tests.workbook.books import Formula, Rows, book, small
from tests.workbook.firms import Newcomer

Sheets = dict[str, Rows]
Change = Callable[[Sheets, Town], None]


def put(sheet: str, row: int, column: int, value: Any) -> Change:
    """Return the change of one cell, counted from 0 with the header."""

    def change(sheets: Sheets, _town: Town) -> None:
        sheets[sheet][row][column] = value

    return change


def add(sheet: str, *cells: Any) -> Change:
    """Return the change that adds a row; `here` and `there` are the town's communities."""

    def change(sheets: Sheets, town: Town) -> None:
        names = {
            "here": town.communities[0],
            "there": town.communities[1],
            "street": town.street_code,
        }
        sheets[sheet].append([names.get(cell, cell) for cell in cells])

    return change


def begin(day: str) -> Change:
    """Return the change that lets the scheme begin on a day."""

    def change(sheets: Sheets, _town: Town) -> None:
        header, row = sheets["补贴方案"]
        sheets["补贴方案"] = [[*header, "生效日期"], [*row, day]]

    return change


def sign_contracts(day: str) -> Change:
    """Return the change that gives contracts a day of signature."""

    def change(sheets: Sheets, _town: Town) -> None:
        header, row = sheets["合同"]
        sheets["合同"] = [[*header, "签订日期"], [*row, day]]

    return change


FAULTS = [
    pytest.param(put("律师", 1, 0, None), "律师!A2", "“姓名”必填", id="a required cell"),
    pytest.param(
        add("律师", "王", "A001", "律师"), "律师!B4", "与 律师!B2 是同一条", id="a key twice",
    ),
    pytest.param(add("律师", "王", "A9", "法师"), "律师!C4", "可填：律师、", id="an unknown word"),
    pytest.param(put("律师", 1, 0, Formula("=A1")), "律师!A2", "没有计算结果", id="a formula"),
    pytest.param(put("律师", 1, 0, Formula("#N/A")), "律师!A2", "公式出错（#N/A）", id="an error"),
    pytest.param(put("合同", 1, 2, "123"), "合同!C2", "12位社区代码", id="an unknown community"),
    pytest.param(put("合同", 1, 5, "S0"), "合同!F2", "“补贴方案”表", id="an unknown scheme"),
    pytest.param(put("合同", 1, 4, "2025-12-31"), "合同!E2", "不能早于开始日期", id="ends first"),
    pytest.param(put("合同", 1, 1, "聘用合同"), "合同!C2", "只对应一个社区", id="two of one"),
    pytest.param(
        add("合同", "H2", "政府购买服务合同", "there", "2026-12-31", "2027-12-31", "S9"),
        "合同!D3", "合同!D2", id="contracts overlap by a day",
    ),
    pytest.param(
        add("指派", "here", "A002", "主责", "2026-06-01"), "指派!D5", "指派!D2", id="two leads",
    ),
    pytest.param(put("指派", 1, 1, "A404"), "指派!B2", "“律师”表", id="an unknown lawyer"),
    pytest.param(put("现场值班", 1, 4, "8:30"), "现场值班!E2", "应晚于签到", id="out as in"),
    pytest.param(
        put("现场值班", 1, 3, datetime(2026, 10, 7, 8, 30)), "现场值班!D2", "写的是 2026-10-07",
        id="in on another day",
    ),
    pytest.param(
        put("现场值班", 1, 4, datetime(2026, 10, 20, 10, 30)), "现场值班!E2", "写的是 2026-10-20",
        id="out on another day",
    ),
    pytest.param(
        put("现场值班", 1, 4, datetime(2026, 10, 9, 0, 30)), "现场值班!E2", "写的是 2026-10-09",
        id="out after midnight, told once",
    ),
    pytest.param(put("现场值班", 1, 6, "A404"), "现场值班!G2", "A404", id="stands in for nobody"),
    pytest.param(put("现场值班", 3, 2, "2026-11-21"), "现场值班!C4", "还没有到", id="tomorrow"),
    pytest.param(
        add("现场值班", "A001", "here", "2026-11-20", "11:00", "12:01"),
        "现场值班!E5", "今天 12:01 还没有到", id="in a minute",
    ),
    pytest.param(
        add("现场值班", "A001", "there", "2026-10-08", "10:00", "10:31"),
        "现场值班!D5", "不能在两个社区：与 现场值班!D2", id="in two places",
    ),
    pytest.param(put("线上值班", 1, 1, "1"), "线上值班!B2", "9位街道代码", id="an unknown street"),
    pytest.param(
        put("线上值班", 1, 3, "2026-10-08 20:00"), "线上值班!D2", "应晚于开始", id="no shift",
    ),
    pytest.param(put("服务记录", 1, 1, "2027-01-01"), "服务记录!B2", "还没有到", id="next year"),
    pytest.param(put("以案定补", 1, 2, "2026-09-01"), "以案定补!C2", "不能早于", id="closed first"),
    pytest.param(put("结对共建", 1, 4, "2026-01-01"), "结对共建!E2", "不能早于", id="ended first"),
    pytest.param(
        put("补贴方案", 1, 2, "9999999999999999.99"), "补贴方案!C2", "最多 1,000,000,000.00 元",
        id="no scheme's amount",
    ),
    pytest.param(put("结对共建", 1, 3, "2026-11-21"), "结对共建!D2", "还没有到", id="not paired"),
    pytest.param(
        sign_contracts("2026-11-21"), "合同!H2", "还没有到", id="a contract signed tomorrow",
    ),
    pytest.param(put("补贴方案", 1, 9, 40), "补贴方案!J2", "合计 90%", id="M12 shares"),
    pytest.param(put("补贴方案", 1, 7, None), "补贴方案!H2", "扣减标准", id="M5 no rate"),
    pytest.param(
        add("补贴方案", "S9", "某街道方案", "1", "月", 8, 4, "不扣"), "补贴方案!A3",
        "补贴方案!A2", id="a version twice",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "cell", "words"), FAULTS)
def test_a_fault_is_told_at_its_cell(
    inside: Newcomer, town: Town, change: Change, cell: str, words: str
) -> None:
    sheets = small(town)
    change(sheets, town)
    faults = try_workbook(book(sheets)).findings.faults
    assert [fault.cell for fault in faults] == [cell]
    assert words in faults[0].message


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2026, 10, 8), id="the row's own"),
        pytest.param(date(1899, 12, 31), id="Excel's day 0"),
        pytest.param(date(1900, 1, 5), id="Excel's first days"),
    ],
)
def test_a_time_may_have_the_rows_day_or_none(inside: Newcomer, town: Town, day: date) -> None:
    sheets = small(town)
    sheets["现场值班"][1][3] = datetime.combine(day, time(8, 30))
    plan = try_workbook(book(sheets))
    assert plan.findings.faults == []
    assert plan.sheets["现场值班"].matches[0].values["time_in"] == time(8, 30)


def test_all_faults_come_at_once_and_nothing_goes_in(inside: Newcomer, town: Town) -> None:
    sheets = small(town)
    sheets["律师"][1][2] = "法师"
    sheets["现场值班"][1][1] = "999"
    sheets["服务记录"][2][6] = -1
    with pytest.raises(FaultsError) as refused:
        import_workbook(book(sheets), by=inside.manager)
    assert [fault["cell"] for fault in refused.value.faults] == [
        "律师!C2",
        "现场值班!B2",
        "服务记录!G3",
    ]
    assert "“-1”" in refused.value.faults[2]["message"]
    assert try_workbook(book(small(town))).counts()["律师"]["new"] == 2


def test_rows_that_cannot_be_numbered_are_not_one_another(inside: Newcomer, town: Town) -> None:
    """Without 记录编号 and with a bad part a row has no key at all."""
    sheets = small(town)
    for column, value in ((1, "2026-02-30"), (2, "999"), (4, "看相")):
        row = list(sheets["服务记录"][1])
        row[0], row[column] = None, value
        sheets["服务记录"].append(row)
    faults = try_workbook(book(sheets)).findings.faults
    assert not [fault.message for fault in faults if "同一条" in fault.message]
    assert len(faults) == 3


WARNINGS = [
    pytest.param(
        put("线上值班", 1, 3, "2026-11-20 13:00"), "线上值班!D2", "还没有到", id="M7 a roster",
    ),
    pytest.param(
        add("现场值班", "A002", "here", "2026-10-08", "10:00", "11:00"),
        "现场值班!D5", "只计一次", id="M3 two advisers together",
    ),
    pytest.param(
        add("现场值班", "A002", "there", "2026-10-09", "10:00", "11:00"),
        "现场值班!B5", "不计入", id="M3 not assigned",
    ),
    pytest.param(
        put("补贴方案", 1, 8, 0.1), "补贴方案!I2", "如果本意是 10%", id="a percent format",
    ),
    pytest.param(
        begin("2026-07-01"), "合同!F2", "自 2026-07-01 起，此前的日子也按这一版",
        id="a contract before its scheme",
    ),
    pytest.param(add("备忘", "x"), "备忘!A1", "不认识的工作表", id="an unknown sheet"),
    pytest.param(put("律师", 0, 6, "星座"), "律师!G1", "不认识的列“星座”", id="an unknown column"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "cell", "words"), WARNINGS)
def test_a_warning_does_not_stop_the_import(
    inside: Newcomer, town: Town, change: Change, cell: str, words: str
) -> None:
    sheets = small(town) | {"备忘": []} if cell.startswith("备忘") else small(town)
    change(sheets, town)
    found = import_workbook(book(sheets), by=inside.manager).findings
    assert [warning.cell for warning in found.warnings] == [cell]
    assert words in found.warnings[0].message


def test_a_contract_that_begins_with_its_scheme_is_no_warning(inside: Newcomer, town: Town) -> None:
    sheets = small(town)
    begin("2026-01-01")(sheets, town)
    assert try_workbook(book(sheets)).findings.warnings == []


@pytest.mark.parametrize(
    "change", [put("结对共建", 1, 3, "2026-11-20"), sign_contracts("2026-11-20")]
)
def test_what_is_signed_today_goes_in(inside: Newcomer, town: Town, change: Change) -> None:
    sheets = small(town)
    change(sheets, town)
    assert try_workbook(book(sheets)).findings.faults == []


def test_standing_in_for_who_is_assigned_is_no_warning(inside: Newcomer, town: Town) -> None:
    sheets = small(town)
    sheets["现场值班"].append(
        ["A002", town.communities[1], "2026-10-09", "10:00", "11:00", None, "A001", None, None]
    )
    assert try_workbook(book(sheets)).findings.warnings == []


@pytest.mark.parametrize(
    ("sheet", "row", "words"),
    [
        pytest.param(
            "合同", ["H2", "政府购买服务合同", "there", "2026-05-01", "2026-06-01", "S9"],
            "系统中的合同 H1", id="a contract",
        ),
        pytest.param(
            "指派", ["here", "A002", "主责", "2026-06-01", None], "系统中的指派：执业证号 A001",
            id="a lead",
        ),
        pytest.param(
            "现场值班", ["A001", "there", "2026-10-08", "9:00", "9:30"], "系统中的值班：社区",
            id="a visit",
        ),
    ],
)  # fmt: skip
def test_what_is_in_the_way_may_be_in_the_database(
    inside: Newcomer, town: Town, sheet: str, row: list[Any], words: str
) -> None:
    import_workbook(book(small(town)), by=inside.manager)
    sheets = {sheet: small(town)[sheet][:1]}
    sheets[sheet][0] = sheets[sheet][0][: len(row)]
    add(sheet, *row)(sheets, town)
    faults = try_workbook(book(sheets)).findings.faults
    assert len(faults) == 1
    assert words in faults[0].message


def test_missing_columns_refuse_the_file(inside: Newcomer, town: Town) -> None:
    sheets = small(town)
    sheets["律师"] = [row[:2] for row in sheets["律师"]]
    assert [fault.message for fault in try_workbook(book(sheets)).findings.faults] == [
        "缺少必需的列“人员类别”，第一行应为表头"
    ]


def test_columns_are_found_by_their_text(inside: Newcomer, town: Town) -> None:
    sheets = small(town)
    sheets["律师"] = [row[::-1] for row in sheets["律师"]]
    sheets["律师"][0] = [f" {header}* " for header in sheets["律师"][0]]
    plan = try_workbook(book(sheets))
    assert plan.findings.faults == []
    assert plan.counts()["律师"]["new"] == 2


def test_a_column_that_is_not_there_keeps_what_was(inside: Newcomer, town: Town) -> None:
    import_workbook(book(small(town)), by=inside.manager)
    short = {"律师": [row[:3] for row in small(town)["律师"]]}
    assert try_workbook(book(short)).counts()["律师"] == {
        "rows": 2, "new": 0, "changed": 0, "same": 2
    }  # fmt: skip


def test_two_sheets_of_one_name_are_a_fault(inside: Newcomer, town: Town) -> None:
    sheets = small(town)
    sheets["律师 "] = [sheets["律师"][0], ["王示例", "A003", "律师"]]
    faults = try_workbook(book(sheets)).findings.faults
    assert [fault.cell for fault in faults] == ["律师!A1"]
    assert "有 2 张工作表都叫“律师”" in faults[0].message
