"""Every layout is read by its header, in both kinds of file; faults are named by their cells."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselhub.attendance import times
from counselhub.attendance.facts import Reading
from counselhub.attendance.kinds import Layout, Mark
from counselhub.attendance.readers import read
from counselhub.attendance.rows import mark_of
from counselhub.workbook.findings import UnreadableError
from tests.attendance import exports
from tests.attendance.exports import DayRow, One, Sheet

pytestmark = pytest.mark.usefixtures("context")
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)
TODAY = date(2026, 8, 2)
ZHANG, LI = One("0012345", "张三丰", "007"), One("manager88", "李四光")


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 7, day, hour, minute)


def told(reading: Reading) -> set[tuple[str, datetime]]:
    return {(tap.who.userid or tap.who.name, tap.at) for tap in reading.taps}


@pytest.fixture(params=["xlsx", "xls"])
def file(request: pytest.FixtureRequest) -> Any:
    return exports.as_xlsx if request.param == "xlsx" else exports.as_xls


def test_records_give_every_punch_with_what_stands_beside_it(file: Any) -> None:
    place = {"place": "甲社区党群服务中心", "device": "手机打卡"}
    sheet = exports.records(
        [
            (ZHANG, at(6, 9, 2), place),
            (ZHANG, at(6, 11, 31), {"at": exports.serial(at(6, 11, 31))}),
            (LI, at(7, 9, 0), {"result": "外勤", "planned": "09:00"}),
            (LI, at(7, 18, 0), {"at": "", "result": "未打卡"}),
            (LI, at(8, 9, 0), {"device": "管理员"}),
            (LI, at(8, 18, 0), {"admin": "忘记打卡"}),
        ],
        FIRST,
        LAST,
    )
    reading = read(file(sheet), TODAY)
    assert (reading.layout, reading.first, reading.last) == (Layout.RECORDS, FIRST, LAST)
    assert reading.faults == []
    first = reading.taps[0]
    assert (first.who.userid, first.who.number) == ("0012345", "007")
    assert (first.at, first.planned) == (at(6, 9, 2), at(6, 9, 0))
    assert (first.place, first.cell) == ("甲社区党群服务中心", "原始记录!I4")
    assert reading.taps[2].planned == at(7, 9, 0)
    marks = [tap.mark for tap in reading.taps]
    assert marks == [Mark.PLAIN, Mark.PLAIN, Mark.OUTSIDE, Mark.BY_HAND, Mark.BY_HAND]
    assert [(fact.day, fact.words) for fact in reading.days] == [(date(2026, 7, 7), "未打卡")]
    assert reading.rows == 6


@pytest.mark.parametrize(
    ("leaves", "columns"),
    [(exports.LEAVES, 49), (exports.MORE_LEAVES, 51), (["事假(天)", "病假(天)"], 43)],
    ids=["49 columns", "51 columns", "fewer"],
)
def test_daily_statistics_of_every_width(file: Any, leaves: list[str], columns: int) -> None:
    rows = [
        DayRow(ZHANG, date(2026, 7, 6), ["09:02", "11:31"], ["正常", "早退"], "(已离职)"),
        DayRow(LI, date(2026, 7, 6), [time(8, 59), "次日 00:30"], ["外勤", "正常"], "（离职）"),
        DayRow(LI, date(2026, 7, 7), ["", ""], ["缺卡", "缺卡"]),
    ]
    sheet = exports.daily(rows, FIRST, LAST, leaves=leaves, old=columns == 51)
    assert len(sheet.rows[2]) == columns
    if file is exports.as_xls:
        sheet.rows[5][9] = exports.serial(at(6, 8, 59)) % 1
    reading = read(file(sheet), TODAY)
    assert (reading.layout, reading.faults) == (Layout.DAILY, [])
    assert told(reading) == {
        ("0012345", at(6, 9, 2)),
        ("0012345", at(6, 11, 31)),
        ("manager88", at(6, 8, 59)),
        ("manager88", at(7, 0, 30)),
    }
    assert {tap.who.name for tap in reading.taps} == {"张三丰", "李四光"}
    assert [fact.words for fact in reading.days] == ["早退", "外勤", "缺卡"]


@pytest.mark.parametrize(
    "metrics", [exports.METRICS, exports.METRICS[:2], [*exports.METRICS, *"甲乙"]]
)
def test_the_month_wherever_its_days_begin(file: Any, metrics: list[str]) -> None:
    cells = {
        date(2026, 7, 1): "出勤(08:30,18:30)",
        date(2026, 7, 2): "外勤,迟到31分钟(09:31)",
        date(2026, 7, 4): "休息",
        date(2026, 7, 6): "缺卡",
    }
    sheet = exports.month([(ZHANG, cells), (LI, {})], FIRST, LAST, metrics=metrics)
    reading = read(file(sheet), TODAY)
    assert reading.faults == []
    assert told(reading) == {
        ("0012345", one) for one in (at(1, 8, 30), at(1, 18, 30), at(2, 9, 31))
    }
    assert {tap.mark for tap in reading.taps if tap.at.day == 2} == {Mark.OUTSIDE}
    words = [(fact.day.day, fact.words) for fact in reading.days]
    assert words == [(1, "出勤"), (2, "外勤、迟到31分钟"), (4, "休息"), (6, "缺卡")]
    assert reading.rows == 2


def test_times_of_a_month_with_lines_in_a_cell(file: Any) -> None:
    first, last = date(2018, 11, 1), date(2018, 11, 30)
    cells = {date(2018, 11, 3): "8:55\n18:03", date(2018, 11, 30): "09:00  "}
    reading = read(file(exports.times([(LI, cells)], first, last)), TODAY)
    assert (reading.layout, reading.faults) == (Layout.TIMES, [])
    assert [tap.at for tap in reading.taps] == [
        datetime(2018, 11, 3, 8, 55),
        datetime(2018, 11, 3, 18, 3),
        datetime(2018, 11, 30, 9),
    ]
    assert reading.taps[0].cell == "打卡时间!I4"


def test_wecom_day_by_day_knows_people_by_name(file: Any) -> None:
    rows = [
        DayRow(ZHANG, date(2026, 6, 5), ["09:25", "20:00"], ["迟到15分钟", "正常"]),
        DayRow(LI, date(2026, 6, 6), [], []),
    ]
    sheet = exports.wecom_daily(rows, date(2026, 6, 1), date(2026, 6, 7))
    reading = read(file(sheet), TODAY)
    assert (reading.layout, reading.faults) == (Layout.WECOM_DAILY, [])
    assert (reading.first, reading.last) == (date(2026, 6, 1), date(2026, 6, 7))
    assert told(reading) == {
        ("张三丰", datetime(2026, 6, 5, 9, 25)),
        ("张三丰", datetime(2026, 6, 5, 20, 0)),
    }
    assert [fact.words for fact in reading.days] == ["迟到15分钟"]


def test_wecom_month_has_accounts(file: Any) -> None:
    cells = [(One("zhang.sf", "张三丰"), {date(2026, 7, 6): "09:25、20:00"})]
    reading = read(file(exports.wecom_times(cells, FIRST, LAST)), TODAY)
    assert (reading.layout, reading.faults) == (Layout.WECOM_TIMES, [])
    assert told(reading) == {("zhang.sf", at(6, 9, 25)), ("zhang.sf", at(6, 20, 0))}


def test_each_fault_is_named_and_the_other_rows_stand() -> None:
    sheet = exports.records(
        [
            (ZHANG, at(6, 9, 0), {"at": "九点"}),
            (One("", ""), at(6, 9, 0), {}),
            (ZHANG, at(6, 9, 0), {"at": "", "result": ""}),
            (LI, datetime(2026, 8, 3, 9), {}),
            (LI, at(6, 9, 0), {"at": "2026-07-06 25:00"}),
            (LI, at(6, 9, 0), {}),
        ],
        FIRST,
        LAST,
    )
    reading = read(exports.as_xlsx(sheet), TODAY)
    assert told(reading) == {("manager88", at(6, 9, 0))}
    faults = {fault.cell: fault.message for fault in reading.faults}
    assert set(faults) == {f"原始记录!{one}" for one in ("I4", "A5", "I6", "I7", "I8")}
    assert "2026-07-01 9:00" in faults["原始记录!I4"]
    assert "今天以后" in faults["原始记录!I7"]


def test_a_day_that_two_columns_tell_differently_is_a_fault() -> None:
    sheet = exports.daily([DayRow(ZHANG, date(2026, 7, 6), ["09:00"], [])], FIRST, LAST)
    sheet.rows[4][6] = "26-07-05 星期日"
    reading = read(exports.as_xlsx(sheet), TODAY)
    assert (reading.taps, [fault.cell for fault in reading.faults]) == ([], ["每日统计!G5"])


def test_a_header_of_days_that_was_moved_is_a_fault() -> None:
    sheet = exports.month([(ZHANG, {date(2026, 7, 2): "出勤(08:30,18:30)"})], FIRST, LAST)
    place = sheet.rows[3].index("2")
    sheet.rows[3][place] = "9"
    reading = read(exports.as_xlsx(sheet), TODAY)
    assert reading.taps == []
    assert "2026-07-02" in reading.faults[0].message


TORN = exports.as_xls(Sheet("表", [["姓名"]])).replace(b"\x09\x08\x10\x00\x00\x06", bytes(6))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "不是 Excel 工作簿", id="nothing"),
        pytest.param("姓名,打卡时间".encode(), "不是 Excel 工作簿", id="a text"),
        pytest.param(
            bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "不是 Excel", id="another OLE"
        ),
        pytest.param(TORN, "损坏", id="a torn xls"),
        pytest.param(exports.as_xlsx(Sheet("表", [["姓名", "电话"]])), "没有认出", id="no export"),
        pytest.param(exports.as_xlsx(Sheet("表", [[1]])), "没有认出", id="no header"),
    ],
)
def test_what_is_no_export_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        read(data, TODAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("21-09-01 星期三", date(2021, 9, 1), id="two digits of the year"),
        pytest.param("2026/06/05 星期五", date(2026, 6, 5), id="slashes"),
        pytest.param(46_204.0, date(2026, 7, 1), id="serial"),
        pytest.param(datetime(2026, 7, 1), date(2026, 7, 1), id="a date of Excel"),
        pytest.param("２０２６-07-01", date(2026, 7, 1), id="full width"),
    ],
)
def test_days(text: Any, found: date) -> None:
    assert times.day(text) == found


@pytest.mark.parametrize("text", ["26-13-01", "昨天", 5.0, "0026-01-01", True, "2026-07"])
def test_no_days(text: Any) -> None:
    with pytest.raises(times.TimeError, match="不是日期"):
        times.day(text)


def test_a_title_without_a_year_takes_that_of_its_making() -> None:
    new_year = "统计时间:12-28 ～ 01-03     制表时间:2027-01-04 09:00"
    assert times.period(new_year, date(2030, 1, 1)) == (date(2026, 12, 28), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (("正常", "手机打卡", ""), Mark.PLAIN),
        (("外勤", "手机打卡"), Mark.OUTSIDE),
        (("正常", "自助补卡"), Mark.BY_HAND),
        (("外勤", "管理员"), Mark.BY_HAND),
        (("打卡无效：不在范围", ""), Mark.INVALID),
        (("打卡无效：此记录已被更新", ""), Mark.PLAIN),
    ],
)
def test_marks(texts: tuple[str, ...], mark: Mark) -> None:
    assert mark_of(*texts) is mark


PEOPLE = [One(f"{n:05d}", f"某甲{n}", f"{n:03d}") for n in range(3)]
MINUTES = st.integers(0, 31 * 1440 - 1).map(lambda m: datetime(2026, 7, 1) + timedelta(minutes=m))


@settings(max_examples=25, deadline=None)
@given(
    taps=st.lists(st.tuples(st.sampled_from(PEOPLE), MINUTES), max_size=12),
    style=st.sampled_from(
        [exports.padless, exports.serial, lambda m: m.strftime("%y/%m/%d %H:%M:%S")]
    ),
    write=st.sampled_from([exports.as_xlsx, exports.as_xls]),
)
def test_what_was_written_is_read(app: Any, taps: Any, style: Any, write: Any) -> None:
    sheet = exports.records(
        [(who, moment, {"at": style(moment)}) for who, moment in taps], FIRST, LAST
    )
    with app.test_request_context():
        reading = read(write(sheet), TODAY)
    assert reading.faults == []
    assert told(reading) == {(who.userid, moment) for who, moment in taps}
    assert reading.rows == len(taps)
