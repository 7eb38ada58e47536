"""Last month as a firm's workbook tells it: the worked example of the money rules, and a month
with one wrong sign-out."""

from dataclasses import dataclass
from datetime import date, time
from io import BytesIO
from typing import Any

import xlsxwriter

from counselhub.core import clock
from tests.factories import Town

Rows = list[list[Any]]
LAWYER = "张示例"
EXAMPLE_DAYS = (5, 12, 19)
SECOND_DAYS = (6, 13, 20, 27)
WRONG_DAY = 20
SCHEME = (
    "方案代码 名称 年度标准(元) 结算周期 每月应服务时长(小时) 每月应到次数"
    " 有效到岗最短时长(分钟) 扣减方式 扣减标准(元) 讲座补贴(元/场) 讲座每季封顶(场)"
    " 简易(元) 口头协议比例(%) 考核预留(%) 市级分担(%) 区级分担(%) 街道分担(%)"
)
SCHEME_ROW: list[Any] = [
    *("F1", "某街道方案", 20000, "月", 8, 4, 60, "按小时", 50, 300, 1),
    *(200, 50, 10, 0, 50, 50),
]
CASE = "案件编号 受理日期 结案日期 社区代码 执业证号 难易等级 协议形式 已履行 卷宗齐全"


@dataclass(frozen=True)
class MonthBook:
    """A firm that serves two communities of a street; `month` is the first day of last month."""

    town: Town
    code: str
    month: date

    @property
    def example(self) -> str:
        """The community of the worked example: short of a visit, a lecture, a mediated case."""
        return self.town.communities[0]

    @property
    def second(self) -> str:
        """The community whose adviser was there four times, one sign-out written wrong."""
        return self.town.communities[1]

    @property
    def base_fen(self) -> int:
        """M2: twelve months make 20,000 yuan, so every third month's last fen differs."""
        return 166_666 if self.month.month % 3 == 2 else 166_667

    @property
    def example_fen(self) -> int:
        """The worked example: 1,800.00 yuan in October."""
        return self.base_fen - 10_000 + 30_000 + 10_000 - 16_667

    @property
    def before_fen(self) -> int:
        """The statement's total as the records were brought in, two hours short at the second."""
        return self.example_fen + self.base_fen - 10_000 - 16_667

    @property
    def after_fen(self) -> int:
        """The same with the sign-out corrected."""
        return self.before_fen + 10_000

    def day(self, number: int) -> date:
        """A day of the month."""
        return self.month.replace(day=number)

    def data(self, *, faulty: bool = False) -> bytes:
        """Return the .xlsx; a faulty one signs out at an hour that no clock shows."""
        target = BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            looks = {
                date: book.add_format({"num_format": "yyyy-mm-dd"}),
                time: book.add_format({"num_format": "hh:mm"}),
            }
            for name, rows in self._sheets().items():
                sheet = book.add_worksheet(name)
                for line, row in enumerate(rows):
                    for place, value in enumerate(row):
                        sheet.write(line, place, value, looks.get(type(value)))
                if faulty and name == "现场值班":
                    sheet.write(2, 4, "25:70")
        return target.getvalue()

    def _sheets(self) -> dict[str, Rows]:
        first, last = date(self.month.year, 1, 1), date(self.month.year + 1, 12, 31)
        licence, a, b = f"{self.code}-001", self.example, self.second
        case = [f"{self.code}-A1", self.day(5), self.day(19), a, licence]
        return {
            "补贴方案": [_h(SCHEME), SCHEME_ROW],
            "律师": [
                _h("姓名 执业证号 人员类别 手机号 入职日期"),
                [LAWYER, licence, "律师", "19900000001", date(2020, 3, 1)],
            ],
            "合同": [
                _h("合同编号 合同类型 社区代码 开始日期 结束日期 补贴方案"),
                [f"{self.code}-H1", "政府购买服务合同", f"{a}、{b}", first, last, "F1"],
            ],
            "指派": [
                _h("社区代码 执业证号 角色 开始日期"),
                [a, licence, "主责", first],
                [b, licence, "主责", first],
            ],
            "现场值班": [
                _h("执业证号 社区代码 日期 签到 签退 来源 社区确认"),
                *self._visits(licence),
            ],
            "服务记录": [
                _h("记录编号 日期 社区代码 执业证号 服务类别 人次 内容"),
                [f"{self.code}-R1", self.day(14), a, licence, "法治讲座", 46, "民法典"],
                [f"{self.code}-R2", self.day(6), b, licence, "法律咨询", 2, "物业费"],
            ],
            "以案定补": [_h(CASE), [*case, "简易", "口头", "是", "是"]],
        }

    def _visits(self, licence: str) -> Rows:
        left = {day: time(11) for day in SECOND_DAYS} | {WRONG_DAY: time(9, 30)}
        rows: Rows = [
            [licence, self.example, self.day(day), time(9), time(11), "手机", "是"]
            for day in EXAMPLE_DAYS
        ]
        return rows + [
            [licence, self.second, self.day(day), time(9), left[day], "手机", "是"]
            for day in SECOND_DAYS
        ]


def _h(headers: str) -> list[Any]:
    return list(headers.split())


def last_month() -> date:
    """The first day of the month before the present one."""
    return clock.previous_month(clock.this_month())
