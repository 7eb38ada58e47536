"""The office's columns: our fields, the headers that offices use, and how headers are found. Pure.

A header may take one row or two, where the upper one stands over several columns of the lower.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counselhub.core.labels import N_, Labelled

HEADER_ROWS = 10
"""Rows at the top of a sheet in which a header is looked for."""
TOTALS = re.compile(r"(合\s*计|总\s*计|小\s*计|累\s*计)")


class Field(Labelled):
    """What a ledger may tell; the word is the default header."""

    MONTH = "month", N_("月份")
    COMMUNITY = "community", N_("社区代码")
    COMMUNITY_NAME = "community_name", N_("社区名称")
    CONTRACT = "contract", N_("合同编号")
    VISITS = "visits", N_("现场次数")
    HOURS = "hours", N_("现场时长(小时)")
    LECTURES = "lectures", N_("讲座场次")
    CASES = "cases", N_("以案定补件数")
    AMOUNT = "amount", N_("核定金额(元)")
    NOTE = "note", N_("备注")


ALIKE: Mapping[Field, tuple[str, ...]] = {
    Field.MONTH: ("月度", "所属月份", "结算月份", "年月"),
    Field.COMMUNITY: ("社区编码", "社区编号", "行政区划代码", "区划代码"),
    Field.COMMUNITY_NAME: ("社区", "社区居委会", "村居", "村社区", "村(社区)", "服务社区"),
    Field.CONTRACT: ("合同号", "协议编号", "合同"),
    Field.VISITS: ("次数", "值班次数", "到岗次数", "驻点次数", "现场服务次数"),
    Field.HOURS: (
        "时长", "时长(小时)", "现场时长", "值班时长", "服务时长", "服务时长(小时)", "小时",
    ),
    Field.LECTURES: ("讲座", "讲座次数", "法治讲座", "讲座场数", "场次"),
    Field.CASES: ("以案定补", "案件数", "件数", "调解件数"),
    Field.AMOUNT: (
        "核定金额", "金额", "金额(元)", "补贴金额", "补贴金额(元)", "审核金额", "应发金额",
        "核定补贴", "合计金额", "核定补贴(元)",
    ),
    Field.NOTE: ("说明", "情况说明"),
}  # fmt: skip
"""Other words that offices write for a field: proposed, and used once somebody agreed."""


def plain(header: object) -> str:
    """Return a header without blanks, marks and the width of its brackets."""
    text = re.sub(r"\s+", "", str(header)).translate(str.maketrans("（）：／", "():/"))
    return text.strip("*＊:").strip()


@dataclass(frozen=True, slots=True)
class Header:
    """A header as found. labels: one for each column, "" where nothing stands; row: its last."""

    labels: tuple[str, ...]
    row: int
    tops: tuple[str, ...] = ()

    def spellings(self, place: int) -> tuple[str, ...]:
        """Return what a column may be called: as labelled, and both its rows joined."""
        label, top = self.labels[place], self.tops[place] if self.tops else ""
        own = label.removeprefix(f"{top}·")
        return tuple(dict.fromkeys((label, own, f"{top}{own}")))


def found_in(grid: Sequence[Sequence[Any]], remembered: Mapping[str, str]) -> Header | None:
    """Return the header among the first rows, the one in which most fields are recognised.

    remembered: the street's mapping. None when no row names two fields at least.
    """
    best: tuple[int, Header] | None = None
    for row in range(min(HEADER_ROWS, len(grid))):
        for header in (_of_one(grid, row), _of_two(grid, row)):
            if header is None:
                continue
            score = len(proposed(header, remembered))
            if score >= 2 and (best is None or score > best[0]):
                best = score, header
    return best[1] if best else None


def _of_one(grid: Sequence[Sequence[Any]], row: int) -> Header:
    return Header(_told_apart(plain(value) for value in grid[row]), row)


def _told_apart(labels: Iterable[str]) -> tuple[str, ...]:
    """Number the labels that stand over several columns, for one column to be chosen."""
    seen: Counter[str] = Counter()
    named = []
    for label in labels:
        seen[label] += 1
        named.append(f"{label}({seen[label]})" if label and seen[label] > 1 else label)
    return tuple(named)


def _of_two(grid: Sequence[Sequence[Any]], row: int) -> Header | None:
    """Join a row of headings with the row below; a heading stands over the blanks to its right."""
    if row + 1 >= len(grid) or any(isinstance(value, int | float) for value in grid[row + 1]):
        return None
    labels, tops, last = [], [], ""
    for upper, lower in zip(grid[row], grid[row + 1], strict=False):
        above, below = plain(upper), plain(lower)
        last = above or (last if below else "")
        tops.append(last if below else "")
        labels.append(f"{last}·{below}" if last and below else last if above else below)
    return Header(_told_apart(labels), row + 1, tuple(tops))


Places = dict[Field, int]
"""The column of each field, counted from 0."""


def proposed(header: Header, remembered: Mapping[str, str]) -> Places:
    """Return the likeliest column of each field: remembered, by default header, by another word.

    Where the header still has all that was remembered, nothing else is proposed.
    """
    found = chosen(header, remembered)
    if found and agreed(header, remembered) is not None:
        return found
    taken = set(found.values())
    for fields in (lambda one: (plain(one.word),), lambda one: map(plain, ALIKE[one])):
        for one in Field:
            if one in found:
                continue
            place = _place_of(header, set(fields(one)), taken)
            if place is not None:
                found[one] = place
                taken.add(place)
    return found


def chosen(header: Header, mapping: Mapping[str, str]) -> Places:
    """Return the columns that a mapping names and the header has."""
    found: Places = {}
    for one in Field:
        wanted = mapping.get(one.value)
        if wanted and wanted in header.labels:
            found[one] = header.labels.index(wanted)
    return found


def agreed(header: Header, remembered: Mapping[str, str]) -> Places | None:
    """Return the columns that need nobody's word, None when somebody has to map them.

    The remembered mapping where the header still has all that it names, else the default headers.
    """
    if remembered:
        known = chosen(header, remembered)
        named = {name for name, label in remembered.items() if label}
        return known if named == {one.value for one in known} else None
    defaults = {one: {plain(one.word)} for one in Field}
    found: Places = {}
    for one, words in defaults.items():
        place = _place_of(header, words, set(found.values()))
        if place is not None:
            found[one] = place
    return found if not missing(found, {}) else None


def missing(places: Places, mapping: Mapping[str, str]) -> list[Field]:
    """Return the fields that a ledger must have and this one has not.

    A month only where the mapping does not say that all rows are of the month asked for; a
    community by code or by name.
    """
    wanted = []
    if Field.MONTH not in places and mapping.get(Field.MONTH) != "":
        wanted.append(Field.MONTH)
    if Field.COMMUNITY not in places and Field.COMMUNITY_NAME not in places:
        wanted.append(Field.COMMUNITY)
    if Field.AMOUNT not in places:
        wanted.append(Field.AMOUNT)
    return wanted


def _place_of(header: Header, words: set[str], taken: set[int]) -> int | None:
    for place in range(len(header.labels)):
        if place not in taken and words.intersection(header.spellings(place)):
            return place
    return None
