"""What cells of attendance exports say of days and times. Pure; wall clocks of Shanghai.

Raises TimeError with a sentence that says what is wrong and what is allowed.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # Excel's first day, a wall clock
UNIX = datetime(1970, 1, 1, 8)  # noqa: DTZ001  # as Shanghai's wall clock showed it
SERIALS = range(20_000, 80_000)
"""Serial numbers that are days: 1954 to 2119."""
LATEST = 2100
NEXT_DAY = re.compile(r"次日|第二天|\+1")
_YEARED = re.compile(
    r"(\d{4}|\d{2})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})日)"
)
_SHORT = re.compile(r"(\d{1,2})(?:-|/|月)(\d{1,2})日?")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])")
_WEEKDAY = re.compile(r"(?:(?<!\s)\s++)?[(（]?(?:星期|周)[一二三四五六日天][)）]?\s*+")
_MOMENTS = re.compile(r"(?:(?:次日|第二天)\s*)?\d{1,2}:\d{2}(?::\d{2})?(?:\s*\+1)?")
_EMPTY = frozenset({"", "-", "--", "—", "——", "未打卡", "缺卡", "无"})
_WIDE = str.maketrans("０１２３４５６７８９：－／．", "0123456789:-/.")


class TimeError(ValueError):
    """A cell that holds no day or time; the message is a sentence for whoever reads the file."""


def words(value: Any) -> str:
    """Return a cell's text, trimmed; a number that Excel made of it is written out."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return "" if value is None else str(value).strip(" \t\r\n\u3000\u00a0\ufeff\u200b")


def is_blank(value: Any) -> bool:
    """Tell whether a cell stands for no time: empty, dashes, 未打卡."""
    return words(value) in _EMPTY


def day(value: Any) -> date:
    """Read a day: `21-09-01 星期三`, `2026/06/05 星期五`, a date, a serial number."""
    if isinstance(value, datetime):
        return _sane(value.date(), value)
    if isinstance(value, date):
        return _sane(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_serial(float(value)).date()
    text = _WEEKDAY.sub("", words(value).translate(_WIDE)).strip()
    if not (found := _YEARED.fullmatch(text)):
        raise TimeError(_no_day(value))
    return _date_of(found, value)


def _date_of(found: re.Match[str], value: Any) -> date:
    written, month, of_month = (part for part in found.groups() if part)
    year = int(written) + (2000 if len(written) == 2 else 0)
    try:
        return _sane(date(year, int(month), int(of_month)), value)
    except ValueError as error:
        raise TimeError(_no_day(value)) from error


def _sane(found: date, value: Any) -> date:
    if not 2000 <= found.year < LATEST:
        raise TimeError(_no_day(value))
    return found


def _no_day(value: Any) -> str:
    return str(
        _(
            "“%(text)s”不是日期，可写 2026-07-01、26-07-01 星期三 或 2026/07/01",
            text=words(value)[:40],
        )
    )


def _of_serial(serial: float) -> datetime:
    if int(serial) not in SERIALS:
        raise TimeError(_no_day(serial))
    return EPOCH + timedelta(seconds=round(serial * 86_400))


def of_epoch(value: Any) -> datetime:
    """Read milliseconds since 1970, a number or a text, as Shanghai's wall clock."""
    try:
        milliseconds = int(words(value))
        found = UNIX + timedelta(milliseconds=milliseconds)
    except (ValueError, OverflowError) as error:
        raise TimeError(_("“%(text)s”不是毫秒时间", text=words(value)[:40])) from error
    if not 2000 <= found.year < LATEST:
        raise TimeError(_("“%(text)s”不是毫秒时间", text=words(value)[:40]))
    return found


def clock(value: Any, on: date) -> datetime:
    """Read a time of the day `on`: `06:52`, `9:00`, `次日 00:30`, an Excel time, a fraction."""
    if (excel := _of_excel(value, on)) is not None:
        return excel
    text = words(value).translate(_WIDE)
    if _YEARED.match(text):
        return stamp(value)
    found = moments(text, on)
    if len(found) != 1:
        raise TimeError(_no_clock(value))
    return found[0]


def _of_excel(value: Any, on: date) -> datetime | None:
    """Return the time of a cell that Excel holds as one, None for a text."""
    midnight = datetime.combine(on, time())
    match value:
        case datetime():
            return value if value.year > 1900 else datetime.combine(on, value.time())
        case time():
            return datetime.combine(on, value)
        case timedelta():
            return midnight + value
        case int() | float() if not isinstance(value, bool):
            is_fraction = 0 <= value < 1
            serial = timedelta(seconds=round(value * 86_400))
            return midnight + serial if is_fraction else _of_serial(float(value))
        case _:
            return None


def _no_clock(value: Any) -> str:
    return str(_("“%(text)s”不是时间，可写 8:30 或 08:30", text=words(value)[:40]))


def stamp(value: Any) -> datetime:
    """Read a day with its time: `2019-03-19 9:00`, `21-09-01 星期三 09:00:12`, a serial number."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_serial(float(value))
    text = words(value).translate(_WIDE).replace("T", " ")
    found = _YEARED.match(text)
    if not found:
        raise TimeError(_no_stamp(value))
    rest = _WEEKDAY.sub(" ", text[found.end() :])
    times = moments(rest, _date_of(found, value))
    if len(times) != 1:
        raise TimeError(_no_stamp(value))
    return times[0]


def _no_stamp(value: Any) -> str:
    return str(_("“%(text)s”不是日期时间，可写 2026-07-01 9:00", text=words(value)[:40]))


def moments(text: str, on: date) -> list[datetime]:
    """Return every time that stands in `text`, in its order; 次日 is the day after `on`."""
    found = []
    for piece in _MOMENTS.findall(text.translate(_WIDE)):
        hours, minutes, seconds = (int(part or 0) for part in _CLOCK.findall(piece)[0])
        if hours > 23 or minutes > 59 or seconds > 59:
            raise TimeError(_no_clock(piece))
        later = timedelta(days=1) if NEXT_DAY.search(piece) else timedelta()
        found.append(datetime.combine(on, time(hours, minutes, seconds)) + later)
    return found


def short_day(text: str, near: date) -> date | None:
    """Return the day of `06-01` that is the last one not after `near`; None for another text."""
    found = _SHORT.fullmatch(text.strip())
    if not found:
        return None
    for year in (near.year, near.year - 1):
        try:
            made = date(year, int(found[1]), int(found[2]))
        except ValueError:
            continue
        if made <= near:
            return made
    return None


def period(title: str, today: date) -> tuple[date, date] | None:
    """Return the first and last day that a title names, None when it names none.

    `统计日期：2026-07-01 至 2026-07-31`; `统计时间:06-01 ～ 06-07  制表时间:2026-06-08`, whose year
    is that of the making, else of `today`.
    """
    parts = re.split(r"制表时间|报表生成时间", title.translate(_WIDE), maxsplit=1)
    dated = [_date_of(found, title) for found in _YEARED.finditer(parts[0])]
    if len(dated) >= 2:
        return min(dated[:2]), max(dated[:2])
    made = _YEARED.search(parts[1]) if len(parts) > 1 else None
    near = _date_of(made, title) if made else today
    short = [short_day(one[0], near) for one in _SHORT.finditer(parts[0])]
    days = [one for one in short if one]
    return (days[0], days[1]) if len(days) >= 2 and days[0] <= days[1] else None
