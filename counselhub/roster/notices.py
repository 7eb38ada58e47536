"""Reads a notice of holidays in the format of holiday-cn. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

YEARS = range(2000, 2101)
LONGEST_NAME = 40
LONGEST_NOTICE = 200
"""Days in one file; a real notice has about forty."""


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day of a notice, off or worked."""

    day: date
    name: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice of one year; it may reach into the last days of the year before."""

    year: int
    days: tuple[NoticeDay, ...]


Fault = dict[str, str]


def read(content: bytes) -> tuple[Notice | None, list[Fault]]:
    """Return the notice, or None with every fault: its place in the file and a sentence."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return None, [_fault(_("文件"), _("不是 UTF-8 编码的 JSON。"))]
    if not isinstance(document, dict):
        return None, [_fault(_("文件"), _("最外层应是一个对象，含 year 和 days。"))]
    year, entries = document.get("year"), document.get("days")
    faults = list(_head_faults(year, entries))
    if faults or not isinstance(year, int) or not isinstance(entries, list):
        return None, faults
    days: dict[date, NoticeDay] = {}
    for place, entry in enumerate(entries):
        found = _day(entry, year, days)
        if isinstance(found, NoticeDay):
            days[found.day] = found
        else:
            faults.append(_fault(f"days[{place}]", found))
    ordered = tuple(days[day] for day in sorted(days))
    return (None, faults) if faults else (Notice(year, ordered), [])


def _head_faults(year: Any, entries: Any) -> Iterator[Fault]:
    if not isinstance(year, int) or isinstance(year, bool) or year not in YEARS:
        yield _fault("year", _("应是 %(first)d 到 %(last)d 的年份。", first=2000, last=2100))
    if not isinstance(entries, list) or not entries:
        yield _fault("days", _("应列出至少一天。"))
    elif len(entries) > LONGEST_NOTICE:
        yield _fault("days", _("超过 %(count)d 天，不像一年的放假通知。", count=LONGEST_NOTICE))


def _day(entry: Any, year: int, there: dict[date, NoticeDay]) -> NoticeDay | str:
    """Return the day of one entry, or the sentence that says what is wrong with it."""
    if not isinstance(entry, dict):
        return str(_("应是一个对象，含 name、date、isOffDay。"))
    name, written, is_off = entry.get("name"), entry.get("date"), entry.get("isOffDay")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
        return str(_("name 应是 1 到 %(most)d 个字的节日名称。", most=LONGEST_NAME))
    if not isinstance(is_off, bool):
        return str(_("isOffDay 应是 true（放假）或 false（调休上班）。"))
    day = _date(written)
    if day is None:
        return str(_("date 应是 2026-01-01 这样的日期。"))
    if not (day.year == year or (day.year == year - 1 and day.month == 12)):
        return str(_("%(day)s 不在 %(year)d 年，也不在上一年12月。", day=day, year=year))
    if day in there:
        return str(_("%(day)s 重复了。", day=day))
    return NoticeDay(day, name.strip(), is_off)


def _date(written: Any) -> date | None:
    if not isinstance(written, str) or len(written) != len("2026-01-01"):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _fault(cell: object, message: object) -> Fault:
    return {"cell": str(cell), "message": str(message)}
