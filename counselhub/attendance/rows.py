"""What the readers of all layouts share: rows of people, times in a cell, marks of a punch."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from counselhub.attendance import times
from counselhub.attendance.facts import Fault, Reading, Tap, Who
from counselhub.attendance.kinds import MARKS, Mark
from counselhub.attendance.tables import Table
from counselhub.attendance.times import TimeError

LONGEST = 200
_OUTSIDE = ("外勤", "地点异常", "Outside")
_BY_HAND = ("补卡", "管理员", "代打")


def mark_of(*texts: str) -> Mark:
    """Return the worst that the texts of a punch say of it (ATT-7)."""
    worst = Mark.PLAIN
    for text in texts:
        if any(word in text for word in _BY_HAND):
            found = Mark.BY_HAND
        elif "无效" in text and "已被更新" not in text:
            found = Mark.INVALID
        elif any(word in text for word in _OUTSIDE):
            found = Mark.OUTSIDE
        else:
            continue
        worst = max(worst, found, key=MARKS.index)
    return worst


def people(table: Table, reading: Reading) -> Iterator[tuple[int, Who]]:
    """Go through the rows that are about somebody; blank ones are passed over."""
    for row in range(table.begin, len(table.grid.rows)):
        if not any(times.words(cell) for cell in table.grid.rows[row]):
            continue
        if (who := table.who(row, reading)) is not None:
            yield row, who


def need(table: Table, reading: Reading, *names: str) -> bool:
    if table.place(*names) is not None:
        return True
    message = _("缺少列“%(name)s”，请直接上传导出的原文件", name=names[0])
    reading.faults.append(Fault(table.grid.cell(table.head, 0), str(message)))
    return False


def times_in(value: object, who: Who, on: date, cell: str, reading: Reading) -> list[Tap]:
    """Return a punch for each time of a cell; a fault for a cell that has none."""
    try:
        if not isinstance(value, str):
            return [Tap(who, times.clock(value, on), cell=cell)]
        found = times.moments(value, on)
        if not found:
            raise TimeError(
                _("“%(text)s”里没有时间，可写 09:25、20:00", text=times.words(value)[:40])
            )
    except TimeError as error:
        reading.faults.append(Fault(cell, str(error)))
        return []
    return [Tap(who, at, cell=cell) for at in found]
