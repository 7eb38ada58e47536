"""The workbook as data: nine sheets, their columns, who reads a cell, what makes a row the same."""

from dataclasses import dataclass
from functools import cached_property

from counselhub.advisers.kinds import AdviserCategory, PoliticalStatus
from counselhub.assignments.kinds import AssignmentRole
from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.contracts.kinds import ContractKind
from counselhub.core.labels import Labelled
from counselhub.duty.kinds import DutySource
from counselhub.schemes.kinds import DeductionMode, LowestGrade, SettlementCycle
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.workbook import cells
from counselhub.workbook.cells import Reader

GUIDE = "填写说明"
"""The template's sheet for its reader, which imports pass over."""
MOST_ROWS = 200_000
"""Rows of one sheet; a firm's year is a tenth of it."""


@dataclass(frozen=True)
class Column:
    """One column: header text, the name its values go by, its reader, whether it must be there.

    labels: the words to choose from; kind: how it is written (`text`, `day`, `time`, `moment`,
    `number`, `money`); note: what the template tells about it.
    """

    header: str
    name: str
    reader: Reader
    required: bool = False
    kind: str = "text"
    labels: type[Labelled] | None = None
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet; `key` names the columns that make two rows the same thing."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """Its columns by header text."""
        return {column.header: column for column in self.columns}

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Its columns by the name of their values."""
        return {column.name: column for column in self.columns}


def _code(header: str, name: str, required: bool = False, note: str = "") -> Column:
    return Column(header, name, cells.code, required, note=note)


def _name(header: str, name: str, required: bool = False, note: str = "") -> Column:
    return Column(header, name, cells.name, required, note=note)


def _words(header: str, name: str) -> Column:
    return Column(header, name, cells.words)


def _day(header: str, name: str, required: bool = False, note: str = "") -> Column:
    return Column(header, name, cells.day, required, "day", note=note)


def _time(header: str, name: str, required: bool = False, note: str = "") -> Column:
    return Column(header, name, cells.at, required, "time", note=note)


def _moment(header: str, name: str) -> Column:
    return Column(header, name, cells.moment, True, "moment")


def _count(header: str, name: str, note: str = "") -> Column:
    return Column(header, name, cells.count, kind="number", note=note)


def _money(header: str, name: str, required: bool = False, note: str = "") -> Column:
    return Column(header, name, cells.amount, required, "money", note=note)


def _percent(header: str, name: str) -> Column:
    return Column(header, name, cells.percent, kind="number", note="0 到 100，50 即 50%")


def _choice(header: str, name: str, labels: type[Labelled], required: bool = False) -> Column:
    return Column(header, name, cells.one_of(labels), required, labels=labels)


def _yes_no(header: str, name: str) -> Column:
    return Column(header, name, cells.yes_no, kind="yes_no")


_LICENCE = "文本格式，律师以它为准"
_PLACE = "12位区划代码，文本格式"

SCHEMES = Sheet(
    "补贴方案",
    (
        _code("方案代码", "code", True, "自己起，合同按它引用"),
        _name("名称", "name", True),
        _day("生效日期", "effective_from", note="空白即从头有效；同一代码可有多行，各管一段"),
        _money("年度标准(元)", "annual_fen", True, "每社区每年"),
        _choice("结算周期", "cycle", SettlementCycle, True),
        Column("每月应服务时长(小时)", "required_hours", cells.hours, kind="number"),
        _count("每月应到次数", "required_visits"),
        _count("有效到岗最短时长(分钟)", "shortest_visit_minutes", "空白即1分钟"),
        _choice("最低证据等级", "lowest_grade", LowestGrade),
        _choice("扣减方式", "deduction_mode", DeductionMode, True),
        _money("扣减标准(元)", "deduction_fen", note="按次、按小时必填"),
        _money("讲座补贴(元/场)", "lecture_fen"),
        _count("讲座每季封顶(场)", "lecture_quarter_cap", "空白即不封顶"),
        _money("线上值守(元/日)", "online_day_fen"),
        _money("简易(元)", "case_simple_fen"),
        _money("普通(元)", "case_ordinary_fen"),
        _money("重大(元)", "case_major_fen"),
        _money("特别重大(元)", "case_extraordinary_fen"),
        _percent("口头协议比例(%)", "oral_percent"),
        _money("以案定补年封顶(元)", "case_year_cap_fen"),
        _percent("考核预留(%)", "withhold_percent"),
        _percent("市级分担(%)", "city_percent"),
        _percent("区级分担(%)", "district_percent"),
        _percent("街道分担(%)", "street_percent"),
    ),
    ("code", "effective_from"),
)
ADVISERS = Sheet(
    "律师",
    (
        _name("姓名", "name", True),
        _code("执业证号", "licence_number", True, _LICENCE),
        _choice("人员类别", "category", AdviserCategory, True),
        _code("手机号", "phone", note="文本格式，只有本所能看到"),
        _name("邮箱", "email"),
        Column("专长", "specialties", cells.listed, note="几项之间用顿号“、”分开"),
        _choice("政治面貌", "political_status", PoliticalStatus),
        _day("入职日期", "joined_on"),
        _day("离职日期", "left_on"),
    ),
    ("licence_number",),
)
CONTRACTS = Sheet(
    "合同",
    (
        _code("合同编号", "number", True),
        _choice("合同类型", "kind", ContractKind, True),
        Column(
            "社区代码",
            "communities",
            cells.codes,
            True,
            note="政府购买服务合同可填几个，用顿号“、”分开",
        ),
        _day("开始日期", "starts_on", True),
        _day("结束日期", "ends_on", True),
        _day("签订日期", "signed_on"),
        _code("补贴方案", "scheme", True, "填方案代码"),
        _money("年度金额(元)", "annual_fen", note="每社区每年；填了就代替方案的年度标准"),
    ),
    ("number",),
)
ASSIGNMENTS = Sheet(
    "指派",
    (
        _code("社区代码", "community_code", True, _PLACE),
        _code("执业证号", "licence", True, _LICENCE),
        _choice("角色", "role", AssignmentRole, True),
        _day("开始日期", "starts_on", True),
        _day("结束日期", "ends_on", note="空白即至今"),
    ),
    ("community_code", "licence", "role", "starts_on"),
)
SESSIONS = Sheet(
    "现场值班",
    (
        _code("执业证号", "licence", True, _LICENCE),
        _code("社区代码", "community_code", True, _PLACE),
        _day("日期", "day", True),
        _time("签到", "time_in", True),
        _time("签退", "time_out", note="空白即没有签退，不计入"),
        _choice("来源", "source", DutySource),
        _code("替班对象", "substitute", note="被替律师的执业证号"),
        _yes_no("社区确认", "community_confirmed"),
        _words("备注", "remark"),
    ),
    ("licence", "community_code", "day", "time_in"),
)
SHIFTS = Sheet(
    "线上值班",
    (
        _code("执业证号", "licence", True, _LICENCE),
        _code("街道代码", "street_code", True, "9位区划代码，文本格式"),
        _moment("开始", "starts_at"),
        _moment("结束", "ends_at"),
        _words("备注", "remark"),
    ),
    ("licence", "street_code", "starts_at"),
)
SERVICES = Sheet(
    "服务记录",
    (
        _code("记录编号", "number", note="空白则自动编号"),
        _day("日期", "day", True),
        _code("社区代码", "community_code", True, _PLACE),
        _code("执业证号", "licence", True, _LICENCE),
        _choice("服务类别", "kind", ServiceKind, True),
        _choice("服务方式", "mode", ServiceMode),
        _choice("纠纷类型", "dispute_kind", DisputeKind),
        _count("件次", "count", "空白即1"),
        _count("人次", "persons"),
        _count("份数", "copies"),
        _money("挽回损失(元)", "recovered_fen"),
        _words("内容", "content"),
        _words("结果", "outcome"),
    ),
    ("number",),
)
CLAIMS = Sheet(
    "以案定补",
    (
        _code("案件编号", "number", True),
        _day("受理日期", "accepted_on", True),
        _day("结案日期", "closed_on", True),
        _code("社区代码", "community_code", True, _PLACE),
        _code("执业证号", "licence", True, _LICENCE),
        _choice("纠纷类型", "dispute_kind", DisputeKind),
        _choice("难易等级", "difficulty", Difficulty, True),
        _choice("协议形式", "form", AgreementForm, True),
        _yes_no("已履行", "fulfilled"),
        _yes_no("卷宗齐全", "dossier_complete"),
    ),
    ("number",),
)
PAIRINGS = Sheet(
    "结对共建",
    (
        _code("社区代码", "community_code", True, _PLACE),
        _name("甲方党组织", "party_a", True),
        _name("乙方党组织", "party_b", True),
        _day("签订日期", "signed_on", True),
        _day("有效期至", "valid_until"),
        _words("共建内容", "content"),
    ),
    ("community_code", "signed_on"),
)
SHEETS = (
    SCHEMES,
    ADVISERS,
    CONTRACTS,
    ASSIGNMENTS,
    SESSIONS,
    SHIFTS,
    SERVICES,
    CLAIMS,
    PAIRINGS,
)
