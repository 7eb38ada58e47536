"""值班签到表: the sheet of one community and month, for PDF and Excel alike. Pure.

Documents are in Chinese whatever the reader's language: they are forms of the office.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from counselhub.core import clock
from counselhub.core.i18n import WEEKDAYS
from counselhub.duty.kinds import DutySource, MatchVerdict
from counselhub.places.models import short_name
from counselhub.reports.sheet_queries import Place
from counselhub.services.kinds import ServiceKind

TITLE = "村（社区）法律顾问值班签到表"
COLUMNS: Sequence[tuple[str, float]] = (
    ("月份", 4.6),
    ("村（社区）", 6.4),
    ("日期", 5.6),
    ("星期", 2.8),
    ("值班律师", 4.8),
    ("签到时间", 4),
    ("签退时间", 4),
    ("值班时长（小时）", 4),
    ("接待人数", 3.9),
    ("主要事项", 11),
    ("值班律师签名", 5.5),
    ("社区确认签字/盖章", 7),
    ("打卡核对（钉钉）", 6.4),
    ("备注", 8),
)
"""Title and share of the breadth, in the order of the office's form."""
SIGNATURES = ("律师事务所（盖章）", "村（社区）居民委员会（盖章）", "司法所审核")
CROWDS = frozenset({ServiceKind.LECTURE, ServiceKind.PUBLICITY, ServiceKind.TRAINING})
"""Kinds whose listeners were not received one by one: told among the matters, never as visitors."""
BLANK_ROWS, FEWEST_ROWS = 14, 6
NOTE = (
    "注：接待人数不含讲座、宣传和培训的听众；备注中的证据等级 A 最高、D 为无旁证；"
    "打卡核对为“—”的，本所没有可核对的外部打卡。"
)
UNMATCHED = "—"
BLANK_NOTE = "注：日期和律师按当月排班预填，时间、人数、事项和签名请当场手写。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row; a blank is left for the pen. minutes: whole ones on site."""

    day: date | None = None
    adviser: str = ""
    signed_in: time | None = None
    signed_out: time | None = None
    minutes: int | None = None
    visitors: int | None = None
    matters: str = ""
    check: str = ""
    remark: str = ""

    @property
    def weekday(self) -> str:
        """The weekday in one character, as the form wants it."""
        return WEEKDAYS[self.day.weekday()] if self.day else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One community's sheet of a month (its first day)."""

    firm: str
    street: str
    community: str
    month: date
    entries: Sequence[Entry]
    is_blank: bool

    @property
    def month_word(self) -> str:
        """The month as the form writes it."""
        return f"{self.month.year}年{self.month.month}月"

    @property
    def note(self) -> str:
        """What stands below the table."""
        return BLANK_NOTE if self.is_blank else NOTE

    @property
    def times(self) -> int:
        """How often somebody came."""
        return sum(entry.signed_in is not None for entry in self.entries)

    @property
    def minutes(self) -> int:
        """The minutes of all rows."""
        return sum(entry.minutes or 0 for entry in self.entries)

    @property
    def visitors(self) -> int:
        """The visitors of all rows."""
        return sum(entry.visitors or 0 for entry in self.entries)


Key = tuple[UUID, str]


def filled(
    month: date,
    places: Sequence[Place],
    firms: Mapping[UUID, str],
    *,
    sessions: Iterable[Any],
    services: Iterable[Any],
    missed: Iterable[Any],
) -> list[Sheet]:
    """Return a sheet for each place: who came, what was done that day, who was missed."""
    work: defaultdict[tuple[UUID, str, UUID, date], list[Any]] = defaultdict(list)
    for one in services:
        work[one.firm_id, one.community_code, one.adviser_id, one.day].append(one)
    rows: defaultdict[Key, list[Entry]] = defaultdict(list)
    for one in sessions:
        # A day's services stand at its first row: two visits of a day never count them twice.
        done = work.pop((one.firm_id, one.community_code, one.adviser_id, one.day), [])
        rows[one.firm_id, one.community_code].append(_came(one, done))
    for one in missed:
        entry = Entry(day=one.day, adviser=one.adviser, remark=f"缺勤（排班{_hours(one)}）")
        rows[one.firm_id, one.community_code].append(entry)
    return [
        _sheet(month, place, firms, _in_order(rows[place.firm_id, place.code]), is_blank=False)
        for place in places
    ]


def blank(
    month: date, places: Sequence[Place], firms: Mapping[UUID, str], planned: Iterable[Any]
) -> list[Sheet]:
    """Return sheets for handwriting, day and lawyer filled in as planned."""
    rows: defaultdict[Key, list[Entry]] = defaultdict(list)
    for one in planned:
        entry = Entry(day=one.day, adviser=one.adviser, remark=f"排班{_hours(one)}")
        rows[one.firm_id, one.community_code].append(entry)
    sheets = []
    for place in places:
        entries = rows[place.firm_id, place.code]
        entries += [Entry()] * (BLANK_ROWS - len(entries))
        sheets.append(_sheet(month, place, firms, entries, is_blank=True))
    return sheets


def _sheet(
    month: date,
    place: Place,
    firms: Mapping[UUID, str],
    entries: list[Entry],
    *,
    is_blank: bool,
) -> Sheet:
    entries += [Entry()] * (FEWEST_ROWS - len(entries))
    firm, name = firms.get(place.firm_id, ""), short_name(place.name)
    return Sheet(firm, place.street, name, month, entries, is_blank)


def _in_order(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.day or date.max, one.signed_in or time.max))


def _hours(slot: Any) -> str:
    return f"{slot.starts:%H:%M}–{slot.ends:%H:%M}"


def _came(session: Any, done: Sequence[Any]) -> Entry:
    left = session.signed_out_at
    span = int((left - session.signed_in_at).total_seconds()) // 60 if left else None
    received = [one for one in done if ServiceKind(one.kind) not in CROWDS]
    remarks = [
        f"{DutySource(session.source).word} {session.grade}级",
        f"替{session.instead_of}" if session.instead_of else "",
        "" if left else "未签退",
        session.remark or "",
    ]
    return Entry(
        day=session.day,
        adviser=session.adviser,
        signed_in=_wall(session.signed_in_at),
        signed_out=_wall(left) if left else None,
        minutes=span,
        visitors=sum(int(one.persons) for one in received) if done else None,
        matters="、".join(map(_matter, done)),
        check=MatchVerdict(session.match).word if session.match else UNMATCHED,
        remark="；".join(filter(None, remarks)),
    )


def _wall(moment: Any) -> time:
    return clock.local(moment).time().replace(second=0, microsecond=0)


def _matter(one: Any) -> str:
    kind = ServiceKind(one.kind)
    heard = f"（{one.persons}人）" if kind in CROWDS else ""
    return f"{kind.word}{one.count}{heard}"
