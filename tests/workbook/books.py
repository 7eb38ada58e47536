"""Small workbooks for tests: a sheet is its header and rows of cells."""

from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook

from counselhub.workbook.layout import SHEETS
from tests.factories import Town

Rows = list[list[Any]]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""When the tests import: the rows below are of October 2026."""


class Formula(str):
    """A cell that computes; nobody has computed it yet."""


HEADERS = {sheet.name: [column.header for column in sheet.columns] for sheet in SHEETS}


def book(sheets: dict[str, Rows]) -> bytes:
    """Return an .xlsx; a sheet's first row is its header."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                cell = page.cell(number, place, value)
                if isinstance(value, str) and not isinstance(value, Formula):
                    cell.data_type = "s"
    data = BytesIO()
    made.save(data)
    return data.getvalue()


def rows_of(data: bytes) -> dict[str, Rows]:
    """Return the cells of an .xlsx, header first."""
    made = load_workbook(BytesIO(data))
    return {
        page.title: [list(row) for row in page.iter_rows(values_only=True)]
        for page in made.worksheets
    }


def _h(headers: str) -> list[Any]:
    return list(headers.split())


def small(town: Town, **changes: Rows) -> dict[str, Rows]:
    """Return a firm's data in one community and a bit of a second one, without a fault.

    changes: sheets by name, to replace whole.
    """
    here, there = town.communities[0], town.communities[1]
    sheets: dict[str, Rows] = {
        "补贴方案": [
            _h(
                "方案代码 名称 年度标准(元) 结算周期 每月应服务时长(小时) 每月应到次数 扣减方式"
                " 扣减标准(元) 考核预留(%) 区级分担(%) 街道分担(%)"
            ),
            ["S9", "某街道方案", "20,000.00", "月", 8, 4, "按小时", 50, 10, 50, 50],
        ],
        "律师": [
            _h("姓名 执业证号 人员类别 手机号 专长 政治面貌 入职日期"),
            [
                "张示例",
                "A001",
                "律师",
                13800138000,
                "婚姻家庭、劳动争议",
                "中共党员",
                date(2020, 1, 2),
            ],
            ["李示例", "A002", "实习律师", None, None, None, None],
        ],
        "合同": [
            _h("合同编号 合同类型 社区代码 开始日期 结束日期 补贴方案 年度金额(元)"),
            ["H1", "政府购买服务合同", f"{here}、{there}", "2026-01-01", "2026/12/31", "S9", None],
        ],
        "指派": [
            _h("社区代码 执业证号 角色 开始日期 结束日期"),
            [int(here), "A001", "主责", "2026年1月1日", None],
            [here, "A002", "备岗", "2026-01-01", "2026-12-31"],
            [there, "A001", "主责", "2026-01-01", None],
        ],
        "现场值班": [
            _h("执业证号 社区代码 日期 签到 签退 来源 替班对象 社区确认 备注"),
            ["A001", here, "2026-10-08", "8:30", "10:30:20", "手机", None, "是", None],
            ["A001", there, "2026-10-08", "10:30", "11:00", None, None, None, "=1+1"],
            ["A001", here, date(2026, 10, 9), "9:00", None, "补录", None, None, None],
        ],
        "线上值班": [
            _h("执业证号 街道代码 开始 结束 备注"),
            ["A002", town.street_code, "2026-10-08 20:00", "2026-10-09 08:00", None],
        ],
        "服务记录": [
            _h("记录编号 日期 社区代码 执业证号 服务类别 服务方式 件次 人次 挽回损失(元) 内容"),
            ["R1", "2026-10-08", here, "A001", "法律咨询", "现场", None, 2, 0.3, "邻里漏水\n两户"],
            [None, "2026-10-08", here, "A001", "法治讲座", None, 1, 40, None, None],
            [None, "2026-10-08", here, "A001", "法治讲座", None, 1, 30, None, None],
        ],
        "以案定补": [
            _h("案件编号 受理日期 结案日期 社区代码 执业证号 难易等级 协议形式 已履行 卷宗齐全"),
            ["007", "2026-10-01", "2026-10-20", here, "A001", "简易", "口头", "是", "是"],
        ],
        "结对共建": [
            _h("社区代码 甲方党组织 乙方党组织 签订日期 有效期至 共建内容"),
            [here, "某所党支部", "某社区党委", "2026-03-01", None, "普法"],
        ],
    }
    return sheets | changes
