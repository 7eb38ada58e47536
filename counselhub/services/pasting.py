"""Several lines of plain words become entries: 欠薪 电话 2人 30分钟. Pure.

A line is read from both ends: what is known there (day, community, kind, mode, numbers with their
units) is taken off, what is left is the content. A dispute is told by its words wherever they
stand, and they stay. The keyboard's voice gives one line with 。 between matters and ， within one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.services.paste_words import DISPUTES, KINDS, MODES, digits

MOST_LINES = 30
LONGEST_CONTENT = 2000
MOST_COUNT = 100_000
MOST_MINUTES = 1440
MOST_FEN = 100_000_000_00
GAPS = re.compile(r"[\s,，、;；|/。]+")
SENTENCES = re.compile(r"[。；;]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A community as a line may name it: its names in lower case, pinyin initials among them."""

    code: str
    names: frozenset[str]


@dataclass(slots=True)
class Draft:
    """A line as it was understood; amounts in fen. faults: codes of what stands in the way."""

    text: str
    day: date
    kind: ServiceKind = ServiceKind.CONSULTATION
    mode: ServiceMode | None = None
    dispute_kind: DisputeKind | None = None
    persons: int | None = None
    count: int | None = None
    copies: int | None = None
    minutes: int | None = None
    recovered_fen: int | None = None
    community_code: str = ""
    content: str = ""
    faults: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    """What the line said itself: names of fields."""


def drafts(
    pasted: str, places: Sequence[Place], *, today: date, usual_place: str = ""
) -> list[Draft]:
    """Read every line of `pasted`; nothing of it is lost.

    usual_place: the code of the community where a line names none. Faults: `future` (a day to
    come), `no_day` (a day that no calendar has), `no_place`, `long` (too many words), `too_many`
    (a number beyond its limit).
    """
    return [
        _read(line, places, today=today, usual_place=usual_place)
        for line in lines_of(pasted, today)
    ]


def lines_of(pasted: str, today: date) -> list[str]:
    """Part what was pasted: by lines; a single one, as it is dictated, by its sentences.

    A sentence that names nothing known goes on with the one before.
    """
    lines = [line.strip() for line in pasted.splitlines() if line.strip()]
    if len(lines) != 1:
        return lines
    parted: list[str] = []
    for sentence in filter(None, (one.strip() for one in SENTENCES.split(lines[0]))):
        draft = _read(sentence, (), today=today, usual_place="")
        if parted and not draft.told - {"dispute_kind"}:
            parted[-1] += f"，{sentence}"
        else:
            parted.append(sentence)
    return parted


def _read(line: str, places: Sequence[Place], *, today: date, usual_place: str) -> Draft:
    draft = Draft(text=line, day=today)
    left = [_stripped(part, draft, places, today) for part in GAPS.split(digits(line)) if part]
    draft.content = "，".join(part for part in left if part)
    _see_dispute(draft, digits(line))
    if not draft.community_code:
        draft.community_code = usual_place
    _judge(draft, today)
    return draft


def _stripped(part: str, draft: Draft, places: Sequence[Place], today: date) -> str:
    """Take what is known off both ends of a part of a line; return the rest."""
    while part:
        rest = _from_front(part, draft, places, today)
        rest = _from_back(part, draft) if rest is None else rest
        if rest is None:
            return part
        part = rest.strip()
    return ""


def _from_front(part: str, draft: Draft, places: Sequence[Place], today: date) -> str | None:
    """Return what is left when something known was taken off the front, None when nothing was."""
    if (rest := _take_day(part, draft, today)) is not None:
        return rest
    if (rest := _take_place(part, draft, places)) is not None:
        return rest
    if (rest := _take_word(part, draft, front=True)) is not None:
        return rest
    return _take_number(part, draft, front=True)


def _from_back(part: str, draft: Draft) -> str | None:
    if (rest := _take_number(part, draft, front=False)) is not None:
        return rest
    return _take_word(part, draft, front=False)


def _take_word(part: str, draft: Draft, *, front: bool) -> str | None:
    """Take a word of kind or mode; the first one told stands, a second one stays in the words."""
    for name, words in (("kind", KINDS), ("mode", MODES)):
        if name in draft.told:
            continue
        for word, code in words.items():
            if part.startswith(word) if front else part.endswith(word):
                setattr(draft, name, code)
                draft.told.add(name)
                return part[len(word) :] if front else part[: -len(word)]
    return None


DAYS_AGO = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
CALENDAR = re.compile(
    r"(?:(?P<year>20\d\d)[年\-/.])?(?P<month>\d{1,2})[月\-.](?P<day>\d{1,2})(?:[日号]|(?![\d年月元万人名位件次场份起宗小个分h]))"
)
WEEKDAY = re.compile(r"(?P<last>上)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天1-6])")


def _take_day(part: str, draft: Draft, today: date) -> str | None:
    if "day" in draft.told:
        return None
    for word, ago in DAYS_AGO.items():
        if part.startswith(word):
            return _dated(draft, today - timedelta(days=ago), part[len(word) :])
    if found := CALENDAR.match(part):
        return _dated(draft, _calendar_day(found, today), part[found.end() :])
    if found := WEEKDAY.match(part):
        weekday = "一二三四五六日".find(found["weekday"].replace("天", "日"))
        weekday = int(found["weekday"]) - 1 if weekday < 0 else weekday
        monday = today - timedelta(days=today.weekday() + (7 if found["last"] else 0))
        return _dated(draft, monday + timedelta(days=weekday), part[found.end() :])
    return None


def _dated(draft: Draft, day: date | None, rest: str) -> str:
    draft.told.add("day")
    if day is None:
        draft.faults.append("no_day")
    else:
        draft.day = day
    return rest


def _calendar_day(found: re.Match[str], today: date) -> date | None:
    """Return the day; without a year the last such day, but for one within the coming month."""
    month, day = int(found["month"]), int(found["day"])
    try:
        if found["year"]:
            return date(int(found["year"]), month, day)
        this_year = date(today.year, month, day)
        far = this_year > today + timedelta(days=31)
        return date(today.year - 1, month, day) if far else this_year
    except ValueError:
        return None


def _take_place(part: str, draft: Draft, places: Sequence[Place]) -> str | None:
    """Take a community's name off the front, the longest that fits; initials only as a whole."""
    if "community_code" in draft.told:
        return None
    lower = part.lower()
    fits = [
        (len(name), place.code)
        for place in places
        for name in place.names
        if lower == name or (lower.startswith(name) and not name.isascii())
    ]
    if not fits:
        return None
    longest = max(length for length, _code in fits)
    codes = {code for length, code in fits if length == longest}
    if len(codes) > 1:
        return None  # several have these initials: the reader chooses
    draft.community_code = codes.pop()
    draft.told.add("community_code")
    return part[longest:]


NUMBER = r"(?<!\d)(?P<number>\d+(?:\.\d+)?)"
UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "persons": ((NUMBER + r"(?:人次|个人|人(?!民)|名|位)", 1),),
    "minutes": (
        (NUMBER + r"(?:个小时|小时|个钟头|个钟|h)", 60),
        (NUMBER + r"(?:分钟|分(?!之))", 1),
        (r"(?P<number>半)(?:个小时|小时|个钟头|个钟)", 60),
    ),
    "recovered_fen": (
        (rf"(?:挽回|追回|挽损)(?:了|损失|经济损失|金额)*(?:共|约)?{NUMBER}(?:万元|万)", 1_000_000),
        (rf"(?:挽回|追回|挽损)(?:了|损失|经济损失|金额)*(?:共|约)?{NUMBER}(?:元|块钱|块)", 100),
    ),
    "copies": ((NUMBER + r"份", 1),),
    "count": ((NUMBER + r"(?:件|次|场|起|宗)", 1),),
}
AT_FRONT = ("persons", "minutes", "recovered_fen")
"""3份合同 and 2次调解 say more as they stand."""
LIMITS = {
    "persons": MOST_COUNT,
    "minutes": MOST_MINUTES,
    "recovered_fen": MOST_FEN,
    "copies": MOST_COUNT,
    "count": MOST_COUNT,
}
_FRONT = {
    name: [(re.compile(rule), times) for rule, times in rules]
    for name, rules in UNITS.items()
    if name in AT_FRONT
}
_BACK = {
    name: [(re.compile(f"(?:{rule})$"), times) for rule, times in rules]
    for name, rules in UNITS.items()
}


def _take_number(part: str, draft: Draft, *, front: bool) -> str | None:
    for name, rules in (_FRONT if front else _BACK).items():
        if name in draft.told:
            continue
        for rule, times in rules:
            if found := rule.match(part) if front else rule.search(part):
                draft.told.add(name)
                _set_number(draft, name, found["number"], times)
                return part[found.end() :] if front else part[: found.start()]
    return None


def _set_number(draft: Draft, name: str, number: str, times: int) -> None:
    value = round((0.5 if number == "半" else float(number)) * times)
    if value > LIMITS[name]:
        draft.faults.append("too_many")
    else:
        setattr(draft, name, value)


WITHOUT_DISPUTE = frozenset(
    {
        ServiceKind.LECTURE,
        ServiceKind.PUBLICITY,
        ServiceKind.TRAINING,
        ServiceKind.BYLAW_REVISION,
    }
)
"""What is taught about a dispute is none."""


def _see_dispute(draft: Draft, line: str) -> None:
    """Tell the dispute by the word that stands first."""
    if draft.kind in WITHOUT_DISPUTE:
        return
    found = [(line.find(word), -len(word), code) for word, code in DISPUTES.items() if word in line]
    if found:
        draft.dispute_kind = min(found)[2]
        draft.told.add("dispute_kind")


def _judge(draft: Draft, today: date) -> None:
    if draft.day > today:
        draft.faults.append("future")
    if not draft.community_code:
        draft.faults.append("no_place")
    if len(draft.content) > LONGEST_CONTENT:
        draft.faults.append("long")
