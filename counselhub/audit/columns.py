"""The words of columns, of details and of the codes that stand in them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from counselhub.admins.kinds import DUTY_WORDS
from counselhub.advisers.kinds import AdviserCategory
from counselhub.assignments.kinds import AssignmentRole
from counselhub.audit.tables import read_word
from counselhub.audit.wording import SIDES
from counselhub.claims.kinds import AgreementForm, Difficulty
from counselhub.clients.kinds import EraseReason, UnmaskReason
from counselhub.contracts.kinds import ContractKind, ContractStatus
from counselhub.core import clock
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_, Labelled
from counselhub.core.money import format_yuan
from counselhub.corrections.kinds import CorrectionStatus
from counselhub.duty.kinds import CorrectionReason, DutySource, SessionStatus
from counselhub.factors.kinds import Method
from counselhub.leave.kinds import LeaveStatus
from counselhub.people.kinds import ROLE_WORDS
from counselhub.points.kinds import PointSource
from counselhub.roster.kinds import OnHoliday, SlotStatus, TermKind
from counselhub.rota.kinds import TurnStatus
from counselhub.schemes.kinds import DeductionMode, SettlementCycle
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.statements.states import LinePayment, LineReview, QueryReason, StatementStatus

COLUMNS: Mapping[str, str] = {
    "accepted_on": N_("受理日期"),
    "account": N_("账号"),
    "adviser_id": N_("律师"),
    "amount_fen": N_("金额（元）"),
    "annual_fen": N_("年度金额（元）"),
    "answer": N_("答复"),
    "answered_at": N_("答复时间"),
    "answered_by_name": N_("答复人"),
    "approved_at": N_("初审时间"),
    "approved_by_id": N_("初审人账号"),
    "approved_by_name": N_("初审人"),
    "asked_at": N_("提问时间"),
    "asked_by_name": N_("提问人"),
    "bank": N_("开户行"),
    "case_extraordinary_fen": N_("特别重大（元）"),
    "case_major_fen": N_("重大（元）"),
    "case_ordinary_fen": N_("普通（元）"),
    "case_simple_fen": N_("简易（元）"),
    "case_year_cap_fen": N_("以案定补年封顶（元）"),
    "category": N_("人员类别"),
    "certified_at": N_("确认时间"),
    "certified_by_id": N_("确认人账号"),
    "certified_by_name": N_("确认人"),
    "city_percent": N_("市级分担（%）"),
    "closed_on": N_("结案日期"),
    "code": N_("代码"),
    "community": N_("社区"),
    "community_code": N_("社区"),
    "community_confirmed": N_("社区确认"),
    "computed_at": N_("计算时间"),
    "content": N_("共建内容"),
    "contract_id": N_("合同"),
    "contract_number": N_("合同编号"),
    "copies": N_("份数"),
    "count": N_("件次"),
    "created_at": N_("登记时间"),
    "cycle": N_("结算周期"),
    "day": N_("日期"),
    "deduction_fen": N_("扣减标准（元）"),
    "deduction_mode": N_("扣减方式"),
    "difficulty": N_("难易等级"),
    "dispute_kind": N_("纠纷类型"),
    "district_percent": N_("区级分担（%）"),
    "dossier_complete": N_("卷宗齐全"),
    "effective_from": N_("生效日期"),
    "end_reason": N_("结束原因"),
    "ends_at": N_("结束"),
    "ends_on": N_("结束日期"),
    "form": N_("协议形式"),
    "fulfilled": N_("已履行"),
    "funding": N_("资金分担"),
    "joined_on": N_("入职日期"),
    "kind": N_("类别"),
    "last_on": N_("最后一天"),
    "lecture_fen": N_("讲座补贴（元/场）"),
    "lecture_quarter_cap": N_("讲座每季封顶（场）"),
    "left_on": N_("离职日期"),
    "licence_number": N_("执业证号"),
    "line_id": N_("结算明细"),
    "mode": N_("服务方式"),
    "month": N_("月份"),
    "name": N_("名称"),
    "number": N_("编号"),
    "online_day_fen": N_("线上值守（元/日）"),
    "oral_percent": N_("口头协议比例（%）"),
    "outcome": N_("结果"),
    "paid_fen": N_("支付金额（元）"),
    "paid_on": N_("支付日期"),
    "party_a": N_("甲方党组织"),
    "party_b": N_("乙方党组织"),
    "payee": N_("户名"),
    "payment": N_("支付状态"),
    "payment_reference": N_("凭证号"),
    "persons": N_("人次"),
    "position": N_("序号"),
    "previous": N_("上次金额"),
    "quantity": N_("数量"),
    "reason": N_("原因"),
    "recovered_fen": N_("挽回损失（元）"),
    "remark": N_("备注"),
    "required_hours": N_("每月应服务时长（小时）"),
    "required_visits": N_("每月应到次数"),
    "review": N_("审核状态"),
    "role": N_("角色"),
    "scheme_id": N_("补贴方案"),
    "shortest_visit_minutes": N_("有效到岗最短时长（分钟）"),
    "signed_at": N_("审定时间"),
    "signed_by_id": N_("审定人账号"),
    "signed_by_name": N_("审定人"),
    "signed_in_at": N_("签到"),
    "signed_on": N_("签订日期"),
    "signed_out_at": N_("签退"),
    "source": N_("来源"),
    "specialties": N_("专长"),
    "starts_at": N_("开始"),
    "starts_on": N_("开始日期"),
    "statement_id": N_("结算单"),
    "status": N_("状态"),
    "street_code": N_("街道代码"),
    "street_percent": N_("街道分担（%）"),
    "submitted_at": N_("提交时间"),
    "substitute_for_id": N_("替班对象"),
    "terminated_on": N_("终止日期"),
    "termination_reason": N_("终止原因"),
    "total_fen": N_("合计（元）"),
    "trace": N_("计算过程"),
    "valid_until": N_("有效期至"),
    "version": N_("版本"),
    "warnings": N_("提示"),
    "latitude": N_("纬度"),
    "longitude": N_("经度"),
    "radius_m": N_("半径（米）"),
    "set_at": N_("设置时间"),
    "set_by_name": N_("设置人"),
    "class_name": N_("社区类别"),
    "communities": N_("适用社区"),
    "ends": N_("结束"),
    "starts": N_("开始"),
    "session_id": N_("值班记录"),
    "was_community_code": N_("原社区"),
    "was_signed_in_at": N_("原签到"),
    "was_signed_out_at": N_("原签退"),
    "was_substitute_for_id": N_("原替班对象"),
    "asked_by_id": N_("申请人账号"),
    "decided_at": N_("审批时间"),
    "decided_by_id": N_("审批人账号"),
    "decided_by_name": N_("审批人"),
    "is_alone": N_("本单位只有本人可审批"),
    "is_corrected": N_("人工更正"),
    "is_moved": N_("人工调整"),
    "on_holiday": N_("遇放假"),
    "required_days": N_("每月天数"),
    "stands_off": N_("放假照常"),
    "term_id": N_("值班约定"),
    "turn": N_("第几次"),
    "weekday": N_("星期（0为周一）"),
    "weeks": N_("第几周"),
    "made_at": N_("生成时间"),
    "same_street_minutes": N_("同一街道内（分钟）"),
    "other_street_minutes": N_("不同街道之间（分钟）"),
    "seed": N_("排班种子"),
    "substitute_id": N_("替班律师"),
    "came_id": N_("实际到岗"),
    "present_minutes": N_("到岗分钟"),
    "late_minutes": N_("迟到分钟"),
    "early_minutes": N_("早退分钟"),
    "lowest_grade": N_("最低证据等级"),
    "withhold_percent": N_("考核预留（%）"),
    "words": N_("说明"),
}
DETAILS: Mapping[str, str] = {
    "acts": N_("条数"),
    "alarm": N_("警报编号"),
    "asked": N_("请求"),
    "before": N_("之前"),
    "case": N_("案件编号"),
    "correction": N_("补正申请"),
    "blanked": N_("清空内容的服务记录（件）"),
    "days": N_("天数"),
    "made": N_("新增班次"),
    "changed": N_("改动班次"),
    "dropped": N_("撤下班次"),
    "kept": N_("保留班次"),
    "gaps": N_("未排出"),
    "until": N_("排到"),
    "relieved": N_("接替的班次"),
    "other": N_("对调的班次"),
    "is_public": N_("对社区公开"),
    "year": N_("年份"),
    "wording": N_("告知文本版本"),
    "duty": N_("管理员分工"),
    "fields": N_("更正项目"),
    "file": N_("文件"),
    "filters": N_("条件"),
    "format": N_("格式"),
    "left": N_("剩余次数"),
    "method": N_("验证方式"),
    "sessions": N_("退出的登录"),
    "lines": N_("明细数"),
    "passkey": N_("通行密钥"),
    "page": N_("页面"),
    "path": N_("页面"),
    "person": N_("对象"),
    "reference": N_("凭证号"),
    "roles": N_("角色"),
    "service": N_("服务记录"),
    "sheets": N_("工作表"),
    "side": N_("读取方"),
    "what": N_("内容"),
    "whom": N_("对象"),
    "why": N_("原因"),
}
_FIELDS = {"name": N_("姓名"), "phone": N_("电话"), "informed": N_("已告知")}
_CODES: Mapping[tuple[str, str], Iterable[Labelled]] = {
    ("account", "method"): Method,
    ("adviser", "category"): AdviserCategory,
    ("assignment", "role"): AssignmentRole,
    ("online_turn", "status"): TurnStatus,
    ("case_claim", "difficulty"): Difficulty,
    ("case_claim", "form"): AgreementForm,
    ("case_claim", "dispute_kind"): DisputeKind,
    ("client", "reason"): (*UnmaskReason, *EraseReason),
    ("duty_point", "source"): PointSource,
    ("duty_term", "kind"): TermKind,
    ("duty_term", "on_holiday"): OnHoliday,
    ("duty_slot", "status"): SlotStatus,
    ("leave_request", "status"): LeaveStatus,
    ("contract", "kind"): ContractKind,
    ("contract", "status"): ContractStatus,
    ("duty_session", "source"): DutySource,
    ("duty_session", "status"): SessionStatus,
    ("duty_session", "reason"): CorrectionReason,
    ("session_correction", "reason"): CorrectionReason,
    ("session_correction", "status"): CorrectionStatus,
    ("scheme", "cycle"): SettlementCycle,
    ("scheme", "deduction_mode"): DeductionMode,
    ("service_record", "dispute_kind"): DisputeKind,
    ("service_record", "kind"): ServiceKind,
    ("service_record", "mode"): ServiceMode,
    ("statement", "status"): StatementStatus,
    ("statement_line", "payment"): LinePayment,
    ("statement_line", "reason"): QueryReason,
    ("statement_line", "review"): LineReview,
}
_WHY = {
    "wrong": N_("密码不正确"),
    "locked": N_("已锁定"),
    "wrong_and_locked": N_("密码不正确，已锁定"),
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "why": _WHY,
    "fields": _FIELDS,
    "duty": {duty.value: word for duty, word in DUTY_WORDS.items()},
    "side": SIDES,
}


def column_word(name: str) -> str:
    """Return what a column or a detail is called, its name where nobody has worded it."""
    word = COLUMNS.get(name) or DETAILS.get(name)
    return page_text(word) if word else name


def value_word(subject: str, name: str, value: Any, names: Mapping[str, str]) -> str:
    """Write a value as a reader knows it, `—` for none. names: of lawyers, places, by their key."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if name.endswith("_fen") and isinstance(value, int):
        return format_yuan(value)
    if known := _code_word(subject, name, value):
        return known
    if isinstance(value, str):
        return names.get(value) or (_moment(value) if name.endswith("_at") else value)
    if isinstance(value, list):
        return "、".join(value_word(subject, name, one, names) for one in value)
    return str(value)


def _code_word(subject: str, name: str, value: Any) -> str | None:
    if (labels := _CODES.get((subject, name))) is not None:
        return next((one.label for one in labels if one.value == value), None)
    if name == "what" and isinstance(value, str):
        return read_word(value)
    if name in _WORDS and isinstance(value, str):
        return page_text(_WORDS[name][value]) if value in _WORDS[name] else None
    if name in ("role", "roles"):
        return next((page_text(w) for role, w in ROLE_WORDS.items() if role.value == value), None)
    return None


def _moment(text: str) -> str:
    try:
        return f"{clock.local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"
    except ValueError:
        return text
