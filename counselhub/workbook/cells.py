"""What one cell says: pure readers of Excel values and of the texts that people type.

A reader takes a cell that is not blank (text is trimmed) and returns its value. It raises
CellError with a sentence that says what is wrong and what is allowed.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from counselhub.core import i18n
from counselhub.core.labels import Labelled
from counselhub.core.money import LARGEST_GIVEN_FEN, AmountError, format_yuan, parse_yuan

Reader = Callable[[Any], Any]

LONGEST_CODE = 64
LONGEST_NAME = 200
LONGEST_TEXT = 20_000
FIRST_YEAR = 1949
LARGEST_COUNT = 1_000_000
EXACT_FLOAT = 10**15
"""Excel keeps 15 digits of a number; a longer one may have lost its last digits."""

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_STAMP = re.compile(r"(.*[^ T])[ T]+(\d{1,2}:\d{2}(?::\d{2})?)")
_SECONDS = 86_400
_SOME_DAY = datetime(2000, 1, 1)  # noqa: DTZ001  # only its hours are looked at
_WIDE = str.maketrans("０１２３４５６７８９：－／．，％", "0123456789:-/.,%")


class CellError(ValueError):
    """A cell that cannot be read; the message is a sentence for whoever filled it in."""


def words(value: Any, longest: int = LONGEST_TEXT) -> str:
    """Read a text; a number or a date that Excel made of it is written out."""
    text = _written(value).replace("\r\n", "\n")
    if "\x00" in text:
        raise CellError(_("含有不能保存的控制字符，请重新输入"))
    if len(text) > longest:
        raise CellError(
            _("共 %(length)d 个字，最多 %(longest)d 个字", length=len(text), longest=longest)
        )
    return text


def name(value: Any) -> str:
    """Read a text of at most 200 characters."""
    return words(value, LONGEST_NAME)


def code(value: Any) -> str:
    """Read a code; one that Excel turned into a number is read back whole."""
    if isinstance(value, bool | date | time | timedelta):
        raise CellError(_("“%(text)s”不是代码，请把单元格设为文本格式后重填", text=value))
    return _narrow(words(value, LONGEST_CODE))


def _narrow(text: str) -> str:
    """Return digits typed in full width as the digits they are; other codes keep their letters."""
    return text.translate(_WIDE) if text.isdecimal() else text


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        if abs(value) >= EXACT_FLOAT:
            raise CellError(
                _("数字超过15位，Excel 可能已丢失末尾几位；请把单元格设为文本格式后重填")
            )
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return str(value)


def codes(value: Any) -> tuple[str, ...]:
    """Read codes separated by 、 (commas and semicolons too), each once."""
    if isinstance(value, bool | date | time | timedelta):
        raise CellError(_("“%(text)s”不是代码，请把单元格设为文本格式后重填", text=value))
    found = tuple(_narrow(part) for part in re.split(r"[、，,；;\s]+", words(value)) if part)
    twice = next((part for part in found if found.count(part) > 1), None)
    if twice:
        raise CellError(_("“%(code)s”写了两次", code=twice))
    if any(len(part) > LONGEST_CODE for part in found):
        raise CellError(_("多个代码之间请用顿号“、”分开"))
    return found


def listed(value: Any) -> list[str]:
    """Read a list separated by 、."""
    return [part for part in (piece.strip() for piece in words(value).split("、")) if part]


def one_of(labels: type[Labelled]) -> Reader:
    """Return the reader of a Chinese word that stands for one of the codes of `labels`."""

    def read(value: Any) -> str:
        found = labels.of_word(words(value))
        if found is None:
            raise CellError(
                _(
                    "“%(text)s”不在可选范围内，可填：%(allowed)s",
                    text=words(value)[:40],
                    allowed=i18n.listed(member.word for member in labels),
                )
            )
        return found.value

    return read


def yes_no(value: Any) -> bool:
    """Read 是 or 否."""
    answers = {"是": True, "否": False, True: True, False: False}
    if value not in answers or isinstance(value, float):
        raise CellError(_("“%(text)s”应填“是”或“否”", text=str(value)[:40]))
    return answers[value]


def amount(value: Any) -> int:
    """Read yuan as fen: 0 or more, at most two decimals."""
    text = f"{_as_shown(value):f}" if isinstance(value, float) else words(value)
    try:
        fen = parse_yuan(text)
    except AmountError as error:
        raise CellError(_amount_words(error.code, text)) from error
    if fen < 0:
        raise CellError(_("金额不能为负数"))
    return fen


def _amount_words(reason: str, text: str) -> str:
    if reason == "decimals":
        message = _("“%(text)s”的小数超过两位，金额最多到分", text=text[:40])
    elif reason == "too_large":
        largest = format_yuan(LARGEST_GIVEN_FEN)
        message = _("“%(text)s”太大了，最多 %(largest)s 元", text=text[:40], largest=largest)
    else:
        message = _("“%(text)s”不是金额，请填以元为单位的数字，如 1666.67", text=text[:40])
    return str(message)


def count(value: Any) -> int:
    """Read a whole number from 0 to a million."""
    number = _decimal(value)
    if number != number.to_integral_value() or not 0 <= number <= LARGEST_COUNT:
        raise CellError(
            _("“%(text)s”应为0到%(most)d之间的整数", text=_shown(value), most=LARGEST_COUNT)
        )
    return int(number)


def hours(value: Any) -> Decimal:
    """Read hours, 0 or more, at most two decimals."""
    number = _decimal(value)
    if not 0 <= number < 10_000 or number != round(number, 2):
        raise CellError(_("“%(text)s”应为小时数，最多两位小数", text=_shown(value)))
    return round(number, 2)


def percent(value: Any) -> Decimal:
    """Read a percentage from 0 to 100, `50` or `50%`, at most four decimals."""
    number = _decimal(value.rstrip("%％ ") if isinstance(value, str) else value)
    if not 0 <= number <= 100 or number != round(number, 4):
        raise CellError(_("“%(text)s”应为0到100之间的百分数", text=_shown(value)))
    return round(number, 4)


def _shown(value: Any) -> str:
    """Return a cell's number as it was typed: -2, not -2.0."""
    return (f"{_as_shown(value):f}" if isinstance(value, float) else str(value))[:40]


def _as_shown(value: float) -> Decimal:
    """Return a number with the 15 digits that Excel shows of it: 0.1 + 0.2 is 0.3."""
    return Decimal(f"{value:.15g}")


def _decimal(value: Any) -> Decimal:
    text = (
        str(_as_shown(value) if isinstance(value, float) else value)
        .translate(_WIDE)
        .replace(",", "")
        .strip()
    )
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool | date | time | timedelta) or not number.is_finite():
        raise CellError(_("“%(text)s”不是数字", text=str(value)[:40]))
    return number


def day(value: Any) -> date:
    """Read a day: an Excel date, `2026-10-08`, `2026/10/8` or `2026年10月8日`."""
    if isinstance(value, datetime):
        if value.time() != time():
            raise CellError(_("“%(text)s”带有时间，这一列只填日期", text=value))
        return _possible(value.date())
    if isinstance(value, date):
        return _possible(value)
    match = _DATE.fullmatch(_spoken(value))
    if match is None:
        raise CellError(_("“%(text)s”不是日期，请写成 2026-10-08", text=str(value)[:40]))
    try:
        return _possible(date(*(int(part) for part in match.groups() if part)))
    except ValueError as error:
        if isinstance(error, CellError):
            raise
        raise CellError(_("没有“%(text)s”这一天", text=str(value)[:40])) from error


def _possible(value: date) -> date:
    if not FIRST_YEAR <= value.year <= 2199:
        raise CellError(_("“%(text)s”的年份不对", text=value))
    return value


def at(value: Any) -> time:
    """Read a time of day, whole minutes (seconds are dropped): an Excel time or `8:30`."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, timedelta):  # a cell in the form [h]:mm
        value = value.total_seconds() / _SECONDS
    if isinstance(value, float | int) and not isinstance(value, bool) and 0 <= value < 1:
        return (_SOME_DAY + timedelta(seconds=round(value * _SECONDS))).time().replace(second=0)
    if isinstance(value, time):
        return _to_minute(datetime.combine(_SOME_DAY, value)).time()
    match = _TIME.fullmatch(_spoken(value))
    hour, minute = (int(match[1]), int(match[2])) if match else (-1, -1)
    if not (0 <= hour < 24 and 0 <= minute < 60):
        raise CellError(_("“%(text)s”不是时间，请写成 8:30", text=str(value)[:40]))
    return time(hour, minute)


def day_beside(value: Any) -> date | None:
    """Return the day that a cell of a time tells too; Excel gives a mere time one of about 1900."""
    is_dated = isinstance(value, datetime) and value.year >= FIRST_YEAR
    return value.date() if is_dated else None


def moment(value: Any) -> datetime:
    """Read a date-time on Shanghai's wall clock (naive), whole minutes; `24:00` ends a day."""
    if isinstance(value, datetime):
        _possible(value.date())
        return _to_minute(value)
    if isinstance(value, date):  # what the reader makes of midnight
        return datetime.combine(_possible(value), time())
    match = _STAMP.fullmatch(_spoken(value))
    if match is None:
        raise CellError(_("“%(text)s”不是日期时间，请写成 2026-10-08 08:30", text=str(value)[:40]))
    if match[2] in ("24:00", "24:00:00"):
        return datetime.combine(day(match[1]) + timedelta(days=1), time())
    return datetime.combine(day(match[1]), at(match[2]))


def _to_minute(value: datetime) -> datetime:
    """Drop the seconds, after mending what a fraction of a day loses (8:29:59.9995 is 8:30)."""
    if value.microsecond:
        value = value + timedelta(milliseconds=500)
    return value.replace(second=0, microsecond=0)


def _spoken(value: Any) -> str:
    return str(value).translate(_WIDE).strip() if isinstance(value, str) else ""
