"""Read the exports of DingTalk and WeCom: punches, what was made of days, faults by their cells."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from flask_babel import gettext as _

from counselhub.attendance import across, tables, times
from counselhub.attendance.facts import DayFact, Fault, Reading, Tap, Who
from counselhub.attendance.grids import grids
from counselhub.attendance.kinds import Layout
from counselhub.attendance.rows import LONGEST, mark_of, need, people, times_in
from counselhub.attendance.tables import Table
from counselhub.attendance.times import TimeError
from counselhub.core.i18n import listed
from counselhub.workbook.findings import UnreadableError

SHIFTS = range(1, 4)
"""上班1 to 下班3."""


def read(data: bytes, today: date) -> Reading:
    """Return what an export says. Raises UnreadableError for a file that is none.

    today: gives the year to titles without one; a punch of a later day is a fault.
    """
    sheets = grids(data)
    found = [table for grid in sheets if (table := tables.find(grid, today))]
    if not found:
        names = listed(layout.label for layout in Layout)
        raise UnreadableError(
            _(
                "没有认出打卡表。可导入钉钉的“月度汇总、每日统计、打卡时间、原始记录”和企业微信的"
                "“概况统计与打卡明细、打卡时间记录”，请直接上传导出的原文件。（%(names)s）",
                names=names,
            )
        )
    table = found[0]
    reading = Reading(table.layout, table.first, table.last)
    for one in found:
        READERS[one.layout](one, reading)
    known = {one.grid.name for one in found}
    for name in (grid.name for grid in sheets if grid.rows and grid.name not in known):
        reading.faults.append(Fault(f"{name}!A1", str(_("不认识的工作表，已略过"))))
    _refuse_future(reading, today)
    _set_period(reading)
    return reading


def _refuse_future(reading: Reading, today: date) -> None:
    late = [tap for tap in reading.taps if tap.at.date() > today]
    for tap in late:
        message = _("打卡时间 %(at)s 在今天以后，请核对文件", at=f"{tap.at:%Y-%m-%d %H:%M}")
        reading.faults.append(Fault(tap.cell, str(message)))
    if late:
        cells = {tap.cell for tap in late}
        reading.taps = [tap for tap in reading.taps if tap.cell not in cells]


def _set_period(reading: Reading) -> None:
    days = [tap.at.date() for tap in reading.taps] + [fact.day for fact in reading.days]
    if days:
        reading.first = reading.first or min(days)
        reading.last = reading.last or max(days)


def _records(table: Table, reading: Reading) -> None:
    """原始记录, 打卡明细: one punch a row; a row without a time says what is missing."""
    if not need(table, reading, "打卡时间"):
        return
    for row, who in people(table, reading):
        try:
            _record(table, row, who, reading)
        except TimeError as error:
            reading.faults.append(Fault(table.cell(row, "打卡时间"), str(error)))


def _record(table: Table, row: int, who: Who, reading: Reading) -> None:
    cell = table.cell(row, "打卡时间")
    on = _given_day(table, row, "考勤日期", "日期")
    result = table.words(row, "打卡结果", "打卡状态")
    if times.is_blank(table.value(row, "打卡时间")):
        if on is None or not result:
            raise TimeError(_("没有打卡时间，也没有说明是哪一天缺卡"))
        reading.days.append(DayFact(who, on, result[:LONGEST], cell))
        return
    at = _moment(table.value(row, "打卡时间"), on)
    device, remark = table.words(row, "打卡设备"), table.words(row, "打卡备注", "备注")
    changed = "管理员" if table.words(row, "管理员修改备注") else ""
    tap = Tap(
        who,
        at,
        planned=_planned(table, row, on or at.date()),
        result=result[:LONGEST],
        place=table.words(row, "打卡地址", "打卡地点", "打卡位置")[:LONGEST],
        device=device[:LONGEST],
        remark=(remark or table.words(row, "异常打卡原因"))[:LONGEST],
        mark=mark_of(result, device, changed),
        cell=cell,
    )
    reading.taps.append(tap)


def _given_day(table: Table, row: int, *names: str) -> date | None:
    value = table.value(row, *names)
    return None if times.is_blank(value) else times.day(value)


def _moment(value: object, on: date | None) -> datetime:
    """Read a day with its time, or a time alone of the day beside it."""
    try:
        return times.stamp(value)
    except TimeError as error:
        if on is None:
            raise
        with suppress(TimeError):
            return times.clock(value, on)
        raise error from None


def _planned(table: Table, row: int, on: date) -> datetime | None:
    value = table.value(row, "考勤时间")
    return None if times.is_blank(value) else _moment(value, on)


def _daily(table: Table, reading: Reading) -> None:
    """每日统计 and WeCom's 概况统计: one row for a person and day."""
    names = ("日期", "workDate", "时间", "考勤日期")
    if not need(table, reading, *names):
        return
    for row, who in people(table, reading):
        try:
            on = _day_of_row(table, row)
        except TimeError as error:
            reading.faults.append(Fault(table.cell(row, *names), str(error)))
            continue
        _daily_row(table, row, who, on, reading)


def _day_of_row(table: Table, row: int) -> date:
    """Return the row's day. Raises TimeError when 日期 and workDate do not say the same."""
    written = _given_day(table, row, "日期", "时间", "考勤日期")
    stamp = table.value(row, "workDate")
    counted = None if times.is_blank(stamp) else times.of_epoch(stamp).date()
    if written is None and counted is None:
        raise TimeError(_("没有日期"))
    if written and counted and written != counted:
        raise TimeError(
            _(
                "日期 %(written)s 与 workDate（%(counted)s）不是同一天",
                written=written.isoformat(),
                counted=counted.isoformat(),
            )
        )
    return written or counted or date.min


def _daily_row(table: Table, row: int, who: Who, on: date, reading: Reading) -> None:
    said = []
    seen: set[datetime] = set()
    for number in SHIFTS:
        for half in ("上班", "下班"):
            time_names = (f"{half}{number}打卡时间",)
            result = table.words(row, f"{half}{number}打卡结果", f"{half}{number}打卡状态")
            if result and result not in ("正常", "--"):
                said.append(result)
            tap = _daily_tap(table, row, who, on, time_names, result, reading)
            if tap:
                seen.add(tap.minute)
                reading.taps.append(tap)
    _every_time(table, row, who, on, seen, reading)
    if said:
        words = "、".join(dict.fromkeys(said))[:LONGEST]
        reading.days.append(DayFact(who, on, words, table.cell(row, tables.NAME)))


def _daily_tap(
    table: Table,
    row: int,
    who: Who,
    on: date,
    names: tuple[str, ...],
    result: str,
    reading: Reading,
) -> Tap | None:
    value = table.value(row, *names)
    if times.is_blank(value):
        return None
    cell = table.cell(row, *names)
    try:
        return Tap(
            who, times.clock(value, on), result=result[:LONGEST], mark=mark_of(result), cell=cell
        )
    except TimeError as error:
        reading.faults.append(Fault(cell, str(error)))
        return None


def _every_time(
    table: Table, row: int, who: Who, on: date, seen: set[datetime], reading: Reading
) -> None:
    """WeCom adds all times of the day in one cell: those that no shift has told come from it."""
    value = table.value(row, "打卡时间记录")
    if times.is_blank(value):
        return
    cell = table.cell(row, "打卡时间记录")
    for tap in times_in(value, who, on, cell, reading):
        if tap.minute not in seen:
            reading.taps.append(tap)


READERS: dict[Layout, Callable[[Table, Reading], None]] = {
    Layout.MONTH: across.results_of_days,
    Layout.DAILY: _daily,
    Layout.TIMES: across.times_of_days,
    Layout.RECORDS: _records,
    Layout.WECOM_DAILY: _daily,
    Layout.WECOM_TIMES: across.times_of_days,
}
