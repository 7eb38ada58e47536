"""Which days are worked: tables of days, no database."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from counselhub.roster.notices import read
from counselhub.roster.working_days import Calendar, DayKind, Noticed, in_library

K = DayKind
LIBRARY = Calendar()
NOTICED = Calendar(
    {date(2027, 1, 1): Noticed("元旦", True), date(2027, 1, 9): Noticed("元旦", False)},
    frozenset({2027}),
)
LATE = Calendar({date(2026, 10, 8): Noticed("加放一天", True)}, frozenset({2026}))
REACHING_BACK = Calendar({date(2025, 12, 31): Noticed("元旦", True)}, frozenset({2026}))


@pytest.mark.parametrize(
    ("calendar", "day", "kind"),
    [
        pytest.param(LIBRARY, date(2026, 10, 1), K.HOLIDAY, id="National Day"),
        pytest.param(LIBRARY, date(2026, 10, 3), K.HOLIDAY, id="a Saturday within a holiday"),
        pytest.param(LIBRARY, date(2026, 10, 10), K.MAKEUP, id="a Saturday worked for it"),
        pytest.param(LIBRARY, date(2026, 2, 28), K.MAKEUP, id="worked for Spring Festival"),
        pytest.param(LIBRARY, date(2026, 10, 17), K.WEEKEND, id="a plain Saturday"),
        pytest.param(LIBRARY, date(2026, 10, 8), K.WORK, id="a plain Thursday"),
        pytest.param(LIBRARY, date(2027, 1, 1), K.WORK, id="unknown year: a Friday is worked"),
        pytest.param(LIBRARY, date(2027, 1, 2), K.WEEKEND, id="unknown year: weekends are known"),
        pytest.param(NOTICED, date(2027, 1, 1), K.HOLIDAY, id="the notice knows the new year"),
        pytest.param(NOTICED, date(2027, 1, 9), K.MAKEUP, id="and what is worked for it"),
        pytest.param(LATE, date(2026, 10, 8), K.HOLIDAY, id="a notice wins over the library"),
        pytest.param(LATE, date(2026, 10, 1), K.WORK, id="for its whole year"),
        pytest.param(REACHING_BACK, date(2025, 12, 31), K.HOLIDAY, id="the year before, that day"),
        pytest.param(REACHING_BACK, date(2025, 10, 1), K.HOLIDAY, id="the library for the others"),
    ],
)
def test_kind(calendar: Calendar, day: date, kind: DayKind) -> None:
    assert calendar.kind(day) is kind
    assert calendar.is_worked(day) is (kind in (K.WORK, K.MAKEUP))


def test_what_is_known() -> None:
    assert LIBRARY.is_known(2026)
    assert not LIBRARY.is_known(2027)
    assert NOTICED.is_known(2027)


def test_october_of_2026_has_eighteen_working_days() -> None:
    days = LIBRARY.working_days(date(2026, 10, 1), date(2026, 10, 31))
    assert len(days) == 18
    assert days[0] == date(2026, 10, 8)


@given(st.dates(date(2000, 1, 1), date(2101, 12, 31)))
def test_every_day_has_a_kind(day: date) -> None:
    """The library raises for years it has no notice of: no page may ever meet that."""
    kind = LIBRARY.kind(day)
    assert in_library(day.year) or kind in (K.WORK, K.WEEKEND)


def notice(*days: Any, year: Any = 2027) -> bytes:
    return json.dumps({"year": year, "days": list(days)}).encode()


def entry(day: str, *, off: Any = True, name: Any = "元旦") -> dict[str, Any]:
    return {"name": name, "date": day, "isOffDay": off}


GOOD = entry("2027-01-01")


def test_a_notice_is_read_in_the_order_of_its_days(app: Flask) -> None:
    with app.test_request_context():
        found, faults = read(b"\xef\xbb\xbf" + notice(GOOD, entry("2026-12-31", name=" 元旦 ")))
    assert faults == []
    assert found is not None
    assert [(one.day.isoformat(), one.name) for one in found.days] == [
        ("2026-12-31", "元旦"),
        ("2027-01-01", "元旦"),
    ]


@pytest.mark.parametrize(
    ("content", "cell", "words"),
    [
        pytest.param(b"{", "文件", "JSON", id="no JSON"),
        pytest.param("{}".encode("utf-16"), "文件", "UTF-8", id="another encoding"),
        pytest.param(b"[]", "文件", "对象", id="a list"),
        pytest.param(notice(GOOD, year="2027"), "year", "年份", id="year as a text"),
        pytest.param(notice(GOOD, year=True), "year", "年份", id="year as a truth"),
        pytest.param(notice(GOOD, year=1999), "year", "年份", id="long ago"),
        pytest.param(notice(), "days", "至少一天", id="no day"),
        pytest.param(notice(*[GOOD] * 201), "days", "200", id="too many"),
        pytest.param(notice(GOOD, "x"), "days[1]", "对象", id="an entry is a text"),
        pytest.param(notice(entry("2027-02-30")), "days[0]", "日期", id="no such day"),
        pytest.param(notice(entry("20270101")), "days[0]", "日期", id="another way to write it"),
        pytest.param(notice(entry("2028-01-01")), "days[0]", "不在", id="another year"),
        pytest.param(notice(entry("2026-11-30")), "days[0]", "不在", id="November before"),
        pytest.param(notice(GOOD, GOOD), "days[1]", "重复", id="twice"),
        pytest.param(notice(entry("2027-01-01", off=1)), "days[0]", "isOffDay", id="off as number"),
        pytest.param(notice(entry("2027-01-01", name="")), "days[0]", "name", id="no name"),
    ],
)
def test_a_bad_notice(app: Flask, content: bytes, cell: str, words: str) -> None:
    with app.test_request_context():
        found, faults = read(content)
    assert found is None
    assert faults[0]["cell"] == cell
    assert words in faults[0]["message"]
