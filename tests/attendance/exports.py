"""Real files of each layout, made from the columns that DingTalk and WeCom write."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import xlsxwriter
import xlwt

EPOCH = datetime(1899, 12, 30)
PERSON = ["姓名", "考勤组", "部门", "工号", "职位", "UserId"]
LEAVES = [
    "事假(天)",
    "病假(天)",
    "年假(天)",
    "调休(天)",
    "婚假(天)",
    "产假(天)",
    "陪产假(天)",
    "路途假(天)",
]
MORE_LEAVES = [*LEAVES, "丧假(小时)", "哺乳假(小时)"]
METRICS = [
    "出勤天数", "休息天数", "工作时长", "迟到次数", "迟到时长", "严重迟到次数", "严重迟到时长",
    "旷工迟到天数", "早退次数", "早退时长", "上班缺卡次数", "下班缺卡次数", "旷工天数", "出差时长",
    "外出时长",
]  # fmt: skip
OVERTIME = ["工作日", "休息日", "节假日"]
WEEK = "一二三四五六日"
RECORD_COLUMNS = [
    *PERSON, "考勤日期", "考勤时间", "打卡时间", "打卡结果", "打卡地址", "打卡备注", "异常打卡原因",
    "打卡图片1", "打卡图片2", "打卡设备", "管理员修改备注", "管理员修改备注图片1",
    "管理员修改备注图片2", "管理员修改备注图片3",
]  # fmt: skip
Merge = tuple[int, int, int, int]


@dataclass
class Sheet:
    """Cells and what is merged, before it is a file."""

    name: str
    rows: list[list[Any]]
    merges: list[Merge] = field(default_factory=list)


@dataclass(frozen=True)
class One:
    """A made-up person."""

    userid: str
    name: str
    number: str = ""

    def cells(self) -> list[str]:
        return [self.name, "未加入考勤组", "某所-业务部", self.number, "律师", self.userid]


def as_xlsx(sheet: Sheet, *, has_dimension: bool = False) -> bytes:
    """Write .xlsx, by default without the record of its dimension, as DingTalk does."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet(sheet.name)
        for top, left, bottom, right in sheet.merges:
            page.merge_range(top, left, bottom, right, sheet.rows[top][left])
        for number, row in enumerate(sheet.rows):
            for place, value in enumerate(row):
                if value not in ("", None):
                    page.write(number, place, value)
    data = target.getvalue()
    return data if has_dimension else without_dimension(data)


def without_dimension(data: bytes) -> bytes:
    """Return a workbook whose sheets do not say how large they are."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(target, "w") as after:
        for info in before.infolist():
            part = before.read(info)
            if info.filename.startswith("xl/worksheets/"):
                part, count = re.subn(rb"<dimension [^>]*/>", b"", part)
                assert count == 1
            after.writestr(info.filename, part)
    return target.getvalue()


def as_xls(sheet: Sheet) -> bytes:
    """Write the old .xls."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet.name, cell_overwrite_ok=True)
    for number, row in enumerate(sheet.rows):
        for place, value in enumerate(row):
            if value not in ("", None):
                page.write(number, place, value)
    for top, left, bottom, right in sheet.merges:
        page.merge(top, bottom, left, right)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def serial(moment: datetime) -> float:
    """Return Excel's number of a moment."""
    return (moment - EPOCH) / timedelta(days=1)


def padless(moment: datetime) -> str:
    """Write `2019-03-19 9:00`: the hour is not padded."""
    return f"{moment:%Y-%m-%d} {moment.hour}:{moment:%M}"


def titled(name: str, first: date, last: date) -> str:
    return f"{name} 统计日期：{first} 至 {last}"


def record_rows(taps: Sequence[tuple[One, datetime, dict[str, Any]]]) -> list[list[Any]]:
    """Rows of 原始记录; the dict gives result, place, device, planned, admin, at (as written)."""
    rows = []
    for who, at, more in taps:
        planned = more.get("planned", f"{at:%Y-%m-%d} 9:00")
        rows.append(
            [
                *who.cells(),
                f"{at:%y-%m-%d} 星期{WEEK[at.weekday()]}",
                planned,
                more.get("at", padless(at)),
                more.get("result", "正常"),
                more.get("place", ""),
                more.get("remark", ""),
                "",
                "",
                "",
                more.get("device", "手机打卡"),
                more.get("admin", ""),
                "",
                "",
                "",
            ]
        )
    return rows


def records(
    taps: Sequence[tuple[One, datetime, dict[str, Any]]], first: date, last: date, title="原始记录"
) -> Sheet:
    """原始记录: one row a punch, header on row 3."""
    width = len(RECORD_COLUMNS)
    head = [[titled(title, first, last)], ["报表生成时间：2026-08-02 19:40"], RECORD_COLUMNS]
    return Sheet("原始记录", head + record_rows(taps), [(0, 0, 0, width - 1), (1, 0, 1, width - 1)])


@dataclass(frozen=True)
class DayRow:
    """One person's day of 每日统计: times as written, "" for none, results beside them."""

    who: One
    day: date
    times: Sequence[Any]
    results: Sequence[str]
    suffix: str = ""


def daily(
    rows: Sequence[DayRow], first: date, last: date, *, leaves: Sequence[str] = LEAVES, old=False
) -> Sheet:
    """每日统计 with its two-line header: 49 columns, or 51 with ten leave kinds."""
    shifts = [
        f"{half}{number}打卡{what}"
        for number in (1, 2, 3)
        for half in ("上班", "下班")
        for what in ("时间", "结果")
    ]
    single = [*PERSON, "日期", "workDate", "班次", *shifts, "关联的审批单", *METRICS]
    top = [*single, "请假", *[""] * (len(leaves) - 1), "加班总时长", "加班时长（转调休）", "", ""]
    below = [*[""] * len(single), *leaves, "", *OVERTIME]
    width, leave = len(top), len(single)
    merges = [(2, place, 3, place) for place in (*range(leave), leave + len(leaves))]
    merges += [(2, leave, 2, leave + len(leaves) - 1), (2, width - 3, 2, width - 1)]
    body = []
    for row in rows:
        cells = [f"{row.who.name}{row.suffix}", *row.who.cells()[1:]]
        millis = int(
            (
                datetime.combine(row.day, datetime.min.time()) - datetime(1970, 1, 1, 8)
            ).total_seconds()
            * 1000
        )
        cells += [f"{row.day:%y-%m-%d} 星期{WEEK[row.day.weekday()]}", str(millis), "A 09:00-18:00"]
        for place in range(6):
            cells += [
                row.times[place] if place < len(row.times) else "",
                row.results[place] if place < len(row.results) else "",
            ]
        body.append(cells)
    title = titled("每日统计表" if old else "每日统计", first, last)
    merges += [(0, 0, 0, width - 1), (1, 0, 1, width - 1)]
    return Sheet(
        "每日统计", [[title], ["报表生成时间：2026-08-02 19:40"], top, below, *body], merges
    )


def month(
    cells: Sequence[tuple[One, dict[date, str]]],
    first: date,
    last: date,
    *,
    metrics: Sequence[str] = METRICS,
    leaves: Sequence[str] = LEAVES,
) -> Sheet:
    """月度汇总: people down, one column a day in the last group, weekends headed 六 and 日."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    single = [*PERSON, *metrics]
    top = [*single, "请假", *[""] * (len(leaves) - 1), "考勤结果", *[""] * (len(days) - 1)]
    heads = [WEEK[d.weekday()] if d.weekday() > 4 else str(d.day) for d in days]
    below = [*[""] * len(single), *leaves, *heads]
    width, leave, result = len(top), len(single), len(single) + len(leaves)
    merges = [(2, place, 3, place) for place in range(leave)]
    merges += [(2, leave, 2, result - 1), (2, result, 2, width - 1), (0, 0, 0, width - 1)]
    body = [
        [*who.cells(), *[""] * (len(metrics) + len(leaves)), *[by_day.get(d, "") for d in days]]
        for who, by_day in cells
    ]
    head = [[titled("月度汇总", first, last)], ["报表生成时间：2026-08-02 19:40"], top, below]
    merges = [m for m in merges if m[:2] != m[2:]]
    return Sheet("月度汇总", head + body, merges)


def times(cells: Sequence[tuple[One, dict[date, str]]], first: date, last: date) -> Sheet:
    """打卡时间: header on row 3, data from row 4, several times in a cell on lines of their own."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    heads = [WEEK[d.weekday()] if d.weekday() > 4 else str(d.day) for d in days]
    body = [[*who.cells(), *[by_day.get(d, "") for d in days]] for who, by_day in cells]
    head = [[titled("打卡时间表", first, last)], [], [*PERSON, *heads]]
    return Sheet("打卡时间", head + body, [(0, 0, 0, 5 + len(days))])


def wecom_daily(rows: Sequence[DayRow], first: date, last: date) -> Sheet:
    """概况统计与打卡明细: 上班1 and 下班1 over their sub-titles, all times in one more cell."""
    top = ["时间", "姓名", "上班1", "", "下班1", "", "打卡时间记录"]
    below = ["", "", "打卡时间", "打卡状态", "打卡时间", "打卡状态", ""]
    body = []
    for row in rows:
        every = "、".join(str(one) for one in row.times if one)
        shown = [
            cell
            for place in range(2)
            for cell in (
                (row.times[place] if place < len(row.times) else "") or "--",
                (row.results[place] if place < len(row.results) else "") or "--",
            )
        ]
        day = f"{row.day:%Y/%m/%d} 星期{WEEK[row.day.weekday()]}"
        body.append([day, row.who.name, *shown, every or "--"])
    head = [
        ["概况统计与打卡明细"],
        [f"统计时间:{first:%m-%d} ～ {last:%m-%d}     制表时间:{last + timedelta(days=1)} 09:30"],
        top,
        below,
    ]
    merges = [(2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 3), (2, 4, 2, 5), (2, 6, 3, 6), (0, 0, 0, 6)]
    return Sheet("概况统计与打卡明细", head + body, merges)


def wecom_times(cells: Sequence[tuple[One, dict[date, str]]], first: date, last: date) -> Sheet:
    """打卡时间记录: 姓名, 账号, 基础信息 over three columns, a column a day."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    top = ["姓名", "账号", "基础信息", "", "", *[f"{d.day}" for d in days]]
    below = ["", "", "部门", "职务", "工号", *[f"星期{WEEK[d.weekday()]}" for d in days]]
    body = [
        [
            who.name,
            who.userid,
            "某所",
            "律师",
            who.number,
            *[by_day.get(d, "") or "--" for d in days],
        ]
        for who, by_day in cells
    ]
    head = [["打卡时间记录"], [f"统计时间:{first} ～ {last}     制表时间:{last} 09:30"], top, below]
    merges = [(2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 4), (0, 0, 0, 4 + len(days))]
    return Sheet("打卡时间记录", head + body, merges)
