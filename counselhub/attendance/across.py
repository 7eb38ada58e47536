"""Read the layouts with people down and days across: 月度汇总, 打卡时间, WeCom's 打卡时间记录."""

import re
from dataclasses import replace
from datetime import date

from counselhub.attendance import tables, times
from counselhub.attendance.facts import DayFact, Fault, Reading, Tap, Who
from counselhub.attendance.rows import LONGEST, mark_of, people, times_in
from counselhub.attendance.tables import Table
from counselhub.attendance.times import TimeError

PARTS = re.compile(r"[^,，、;；\n(（]+(?:[(（][^)）]{0,200}+[)）])?")


def times_of_days(table: Table, reading: Reading) -> None:
    """打卡时间 and WeCom's 打卡时间记录: people down, days across, times in each cell."""
    days = tables.day_columns(table, reading)
    for row, who in people(table, reading):
        for place, on in days:
            value = table.grid.at(row, place)
            if not times.is_blank(value):
                cell = table.grid.cell(row, place)
                reading.taps += times_in(value, who, on, cell, reading)


def results_of_days(table: Table, reading: Reading) -> None:
    """月度汇总: people down, days across, what was made of the day in each cell."""
    days = tables.day_columns(table, reading)
    for row, who in people(table, reading):
        for place, on in days:
            text = times.words(table.grid.at(row, place))
            if text and not times.is_blank(text):
                _month_cell(text, who, on, table.grid.cell(row, place), reading)
            elif text:
                reading.days.append(DayFact(who, on, text, table.grid.cell(row, place)))


def _month_cell(text: str, who: Who, on: date, cell: str, reading: Reading) -> None:
    """Read `出勤(08:30,18:30)`, `外勤,迟到31分钟`: its times are punches, its words a fact."""
    words = []
    for part in PARTS.findall(text):
        name = re.split(r"[(（]", part)[0].strip()
        if name:
            words.append(name)
        if name == part.strip():
            continue
        try:
            found = [Tap(who, at, result=name, cell=cell) for at in times.moments(part, on)]
        except TimeError as error:
            reading.faults.append(Fault(cell, str(error)))
            continue
        reading.taps += [replace(tap, mark=mark_of(text)) for tap in found]
    if words:
        reading.days.append(DayFact(who, on, "、".join(words)[:LONGEST], cell))
