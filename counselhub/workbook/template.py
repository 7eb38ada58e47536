"""The empty workbook to fill in: headers with notes, drop-downs, codes as text, a guide."""

from typing import IO, Any

from flask_babel import gettext as _
from xlsxwriter import Workbook

from counselhub.core.labels import N_
from counselhub.workbook.export import add_sheet, make_formats
from counselhub.workbook.layout import GUIDE, MOST_ROWS, SHEETS, Column, Sheet

RULES = (
    N_("红色表头的列必填。列按表头文字识别，可以调换顺序，不用的列可以删除，不要改动表头文字。"),
    N_(
        "日期写成 2026-10-08，时间写成 8:30，日期时间写成 2026-10-08 08:30，都是北京时间；"
        "金额以元为单位，最多两位小数。"
    ),
    N_(
        "执业证号、社区代码、手机号等代码列已设为文本格式；从别处粘贴时请选“只粘贴值”，以免末尾数字丢失。"
    ),
    N_("同一条数据再次导入会更新原来的那条，不会重复；文件里没有的数据不会被删除。"),
    N_("有任何一处错误，整个文件都不会导入；请先试读，按单元格逐处改正。"),
    N_(
        "服务记录的编号可以留空：系统按日期、社区、律师、类别和先后次序编号，再次导入同一文件时仍是同一条。"
    ),
)
EXAMPLES: dict[str, tuple[str, ...]] = {
    "补贴方案": (
        "FA2026",
        "某街道2026年方案",
        "",
        "20000",
        "月",
        "8",
        "4",
        "60",
        "按小时",
        "50",
        "300",
        "1",
    ),
    "律师": (
        "张示例",
        "14403202610000001",
        "律师",
        "13800000000",
        "zhang@example.test",
        "婚姻家庭、劳动争议",
    ),
    "合同": (
        "HT2026-001",
        "聘用合同",
        "440307012002",
        "2026-01-01",
        "2026-12-31",
        "2025-12-20",
        "FA2026",
    ),
    "指派": ("440307012002", "14403202610000001", "主责", "2026-01-01"),
    "现场值班": (
        "14403202610000001",
        "440307012002",
        "2026-10-08",
        "9:00",
        "11:00",
        "手机",
        "",
        "是",
    ),
    "线上值班": ("14403202610000001", "440307012", "2026-10-08 00:00", "2026-10-09 00:00"),
    "服务记录": (
        "",
        "2026-10-08",
        "440307012002",
        "14403202610000001",
        "法律咨询",
        "现场",
        "邻里",
        "1",
        "2",
    ),
    "以案定补": (
        "AJ2026-001",
        "2026-10-08",
        "2026-10-20",
        "440307012002",
        "14403202610000001",
        "邻里",
        "简易",
        "口头",
        "是",
        "是",
    ),
    "结对共建": (
        "440307012002",
        "某某律师事务所党支部",
        "某某社区党委",
        "2026-03-01",
        "2027-02-28",
    ),
}


def write_template(target: IO[bytes]) -> None:
    """Write the template to `target`; as it is, it imports nothing and has no fault."""
    with Workbook(target, {"in_memory": True}) as book:
        formats = make_formats(book)
        _write_guide(book, formats)
        for sheet in SHEETS:
            page = add_sheet(book, sheet, formats)
            for index, column in enumerate(sheet.columns):
                _help(page, index, column)
        book.get_worksheet_by_name(SHEETS[1].name).activate()


def _help(page: Any, index: int, column: Column) -> None:
    choices = [label.word for label in column.labels] if column.labels else []
    if column.kind == "yes_no":
        choices = ["是", "否"]
    if choices:
        rule = {"validate": "list", "source": choices, "error_title": column.header}
        page.data_validation(1, index, MOST_ROWS, index, rule)
    notes = [column.note, "、".join(choices), "必填" if column.required else ""]
    if note := "；".join(part for part in notes if part):
        page.write_comment(0, index, note, {"author": "CounselHub", "x_scale": 1.6})


def _write_guide(book: Workbook, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(GUIDE)
    page.hide_gridlines(2)
    page.set_column(0, 24, 18)
    row = 0
    for row, rule in enumerate(RULES):
        page.write_string(row, 0, f"{row + 1}. {_(rule)}")
    row += 2
    page.write_string(row, 0, _("以下是各表的示例，名称和号码均为虚构。"))
    for sheet in SHEETS:
        row = _write_example(page, row + 2, sheet, formats)


def _write_example(page: Any, row: int, sheet: Sheet, formats: dict[str, Any]) -> int:
    page.write_string(row, 0, sheet.name, formats["required"])
    for index, column in enumerate(sheet.columns):
        page.write_string(row + 1, index, column.header, formats["header"])
    for index, text in enumerate(EXAMPLES[sheet.name]):
        page.write_string(row + 2, index, text, formats["text"])
    return row + 2
