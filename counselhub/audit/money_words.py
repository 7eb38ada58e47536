"""Words of the record for what is settled after a month: adjustments and what leads to them."""

from collections.abc import Mapping

from counselhub.adjustments.kinds import ACTS as ADJUSTMENT_ACTS
from counselhub.appeals.states import ACTS as APPEAL_ACTS
from counselhub.assessments.kinds import ACTS as ASSESSMENT_ACTS
from counselhub.clawbacks.kinds import ACTS as CLAWBACK_ACTS
from counselhub.core.labels import N_
from counselhub.cutoffs.kinds import ACTS as OVERDUE_ACTS
from counselhub.earlier.kinds import ACTS as LATE_ACTS

SUBJECTS: Mapping[str, str] = {
    "statement": N_("结算单"),
    "statement_line": N_("结算明细"),
    "adjustment": N_("以前月份调整"),
    "line_appeal": N_("申诉"),
    "late_entry": N_("以前月份补录"),
    "clawback": N_("追回"),
    "overdue_month": N_("逾期月份"),
    "assessment": N_("年度考核"),
}
ACTS: Mapping[str, Mapping[str, str]] = {
    "adjustment": ADJUSTMENT_ACTS,
    "line_appeal": APPEAL_ACTS,
    "late_entry": LATE_ACTS,
    "clawback": CLAWBACK_ACTS,
    "overdue_month": OVERDUE_ACTS,
    "assessment": ASSESSMENT_ACTS,
}
ACCOUNT_ACTS: Mapping[str, str] = {
    "account_for_payment": N_("设置收款账户"),
    "settlement_rule_set": N_("设置结算规则"),
    "propose": N_("提出年度考核"),
    "set_review_days": N_("设置审核期限"),
    "add_canned": N_("新增常用语"),
    "change_canned": N_("更改常用语"),
    "remove_canned": N_("删除常用语"),
    "certifier_rule": N_("设置编制与确认分开"),
}
"""Acts that stand on no row of a firm."""
COLUMNS: Mapping[str, str] = {
    "cause": N_("缘由"),
    "late_entry_id": N_("补录"),
    "correction_id": N_("补正申请"),
    "adjustment_id": N_("以前月份调整"),
    "objection": N_("律所异议"),
    "closed_at": N_("停止提交的时间"),
    "allowed_until": N_("准许补交到"),
    "closes_from": N_("从哪个月起停止提交"),
    "grade": N_("等次"),
    "score": N_("分数"),
    "proposed_at": N_("提出时间"),
    "proposed_by_id": N_("提出人账号"),
    "proposed_by_name": N_("提出人"),
    "published_at": N_("公布时间"),
    "confirmed_by_id": N_("确认人账号"),
    "confirmed_by_name": N_("确认人"),
    "objected_at": N_("异议时间"),
    "objected_by_name": N_("异议人"),
    "times": N_("场次"),
    "case_number": N_("案件编号"),
    "entered_at": N_("登记时间"),
    "entered_by_name": N_("登记人"),
    "handed_in_at": N_("随结算单提交的时间"),
    "withdrawn_at": N_("撤回时间"),
}
