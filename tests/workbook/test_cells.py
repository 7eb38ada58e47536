"""What cells say, row by row of a table."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from counselhub.duty.kinds import DutySource
from counselhub.workbook import cells
from counselhub.workbook.cells import CellError, Reader

OCT8 = date(2026, 10, 8)
STAMP = datetime(2026, 10, 8, 8, 30)

READ = [
    pytest.param(cells.day, OCT8, OCT8, id="an Excel date"),
    pytest.param(cells.day, datetime(2026, 10, 8), OCT8, id="midnight is a day"),
    pytest.param(cells.day, "2026-10-08", OCT8, id="with hyphens"),
    pytest.param(cells.day, "2026/10/8", OCT8, id="with slashes"),
    pytest.param(cells.day, "2026年10月8日", OCT8, id="in Chinese"),
    pytest.param(cells.day, "２０２６－１０－０８", OCT8, id="in full width"),
    pytest.param(cells.at, time(8, 30), time(8, 30), id="an Excel time"),
    pytest.param(cells.at, time(8, 29, 59, 999900), time(8, 30), id="a time that lost a bit"),
    pytest.param(cells.at, 8.5 / 24, time(8, 30), id="a fraction of a day"),
    pytest.param(cells.at, "8:30", time(8, 30), id="a time without a zero"),
    pytest.param(cells.at, "08:30:59", time(8, 30), id="M3 seconds are dropped"),
    pytest.param(cells.at, "８：３０", time(8, 30), id="a Chinese colon"),
    pytest.param(cells.at, timedelta(hours=8, minutes=30), time(8, 30), id="a time as [h]:mm"),
    pytest.param(cells.moment, STAMP, STAMP, id="an Excel date-time"),
    pytest.param(cells.moment, "2026-10-08 08:30", STAMP, id="date and time"),
    pytest.param(cells.moment, "2026/10/8 8:30:15", STAMP, id="date and time with seconds"),
    pytest.param(cells.moment, "2026-10-07 24:00", datetime(2026, 10, 8), id="24:00 ends a day"),
    pytest.param(cells.moment, OCT8, datetime(2026, 10, 8), id="Excel's midnight"),
    pytest.param(cells.amount, "1,666.67", 166_667, id="yuan with commas"),
    pytest.param(cells.amount, "￥1666.67", 166_667, id="yuan with its sign"),
    pytest.param(cells.amount, 1666.67, 166_667, id="an Excel amount"),
    pytest.param(cells.amount, 0.1 + 0.2, 30, id="a sum as Excel shows it"),
    pytest.param(cells.amount, 0.0, 0, id="nought"),
    pytest.param(cells.code, 440307012002.0, "440307012002", id="a code made a number"),
    pytest.param(cells.code, 13800138000.0, "13800138000", id="a phone made a number"),
    pytest.param(cells.code, "007", "007", id="zeros stay"),
    pytest.param(cells.code, "００７", "007", id="a code in full width"),
    pytest.param(cells.code, "协〔２０２６〕１号", "协〔２０２６〕１号", id="a number with words"),
    pytest.param(cells.codes, "１１、１２", ("11", "12"), id="several codes in full width"),
    pytest.param(cells.codes, "a1、a2", ("a1", "a2"), id="several codes"),
    pytest.param(cells.codes, 440307012002.0, ("440307012002",), id="one code made a number"),
    pytest.param(cells.count, 3.0, 3, id="a whole number"),
    pytest.param(cells.count, "1,200", 1200, id="a number with commas"),
    pytest.param(cells.hours, 8.5, Decimal("8.5"), id="half an hour"),
    pytest.param(cells.percent, "50%", Decimal(50), id="a percentage with its sign"),
    pytest.param(cells.yes_no, "是", True, id="yes"),
    pytest.param(cells.yes_no, False, False, id="Excel's false"),
    pytest.param(cells.listed, "婚姻家庭、劳动争议", ["婚姻家庭", "劳动争议"], id="a list"),
    pytest.param(cells.one_of(DutySource), "钉钉", "dingtalk", id="a word for a code"),
    pytest.param(cells.words, "=1+1", "=1+1", id="a text like a formula"),
]


@pytest.mark.parametrize(("reader", "cell", "value"), READ)
def test_a_cell_is_read(context: None, reader: Reader, cell: Any, value: Any) -> None:
    assert reader(cell) == value


REFUSED = [
    pytest.param(cells.day, "2026-02-30", "没有“2026-02-30”这一天", id="no such day"),
    pytest.param(cells.day, "昨天", "不是日期", id="no date"),
    pytest.param(cells.day, 46303.0, "不是日期", id="a bare number is no date"),
    pytest.param(cells.day, STAMP, "只填日期", id="a date with a time"),
    pytest.param(cells.day, date(1900, 1, 1), "年份不对", id="Excel's first day"),
    pytest.param(cells.at, "25:00", "不是时间", id="no such hour"),
    pytest.param(cells.at, "8点半", "不是时间", id="a spoken time"),
    pytest.param(cells.at, timedelta(hours=30), "不是时间", id="a length of time"),
    pytest.param(cells.moment, "2026-10-08", "不是日期时间", id="a day without a time"),
    pytest.param(cells.amount, "1.234", "超过两位", id="three decimals"),
    pytest.param(cells.amount, -5.0, "不能为负", id="a negative amount"),
    pytest.param(cells.amount, "1000000000.01", "最多 1,000,000,000.00 元", id="beyond 10亿"),
    pytest.param(cells.amount, "9999999999999999.99", "太大了", id="beyond every budget"),
    pytest.param(cells.amount, 1e300, "太大了", id="a number of 300 digits"),
    pytest.param(cells.amount, "两万", "不是金额", id="an amount in words"),
    pytest.param(cells.amount, True, "不是金额", id="a tick is no amount"),
    pytest.param(cells.code, 14403202610000001.0, "超过15位", id="digits that Excel lost"),
    pytest.param(cells.code, OCT8, "文本格式", id="a code made a date"),
    pytest.param(cells.code, "x" * 65, "最多 64", id="too long a code"),
    pytest.param(cells.codes, "a1、a1", "写了两次", id="one code twice"),
    pytest.param(cells.count, 1.5, "整数", id="half a person"),
    pytest.param(cells.count, 1_000_001, "0到1000000之间", id="more than a million"),
    pytest.param(cells.count, -1, "0到1000000之间", id="less than nothing"),
    pytest.param(cells.count, "nan", "不是数字", id="not a number"),
    pytest.param(cells.count, float("inf"), "不是数字", id="without end"),
    pytest.param(cells.percent, 101.0, "0到100", id="more than all"),
    pytest.param(cells.yes_no, "也许", "“是”或“否”", id="perhaps"),
    pytest.param(cells.one_of(DutySource), "传真", "手机、扫码、钉钉、补录", id="an unknown word"),
    pytest.param(cells.words, "a\x00b", "控制字符", id="what no database keeps"),
]


@pytest.mark.parametrize(("reader", "cell", "words"), REFUSED)
def test_a_cell_is_refused_with_what_is_allowed(
    context: None, reader: Reader, cell: Any, words: str
) -> None:
    with pytest.raises(CellError, match=words):
        reader(cell)
