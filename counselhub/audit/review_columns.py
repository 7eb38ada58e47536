"""The words of columns that the review of statements writes, and visits of the support."""

from collections.abc import Mapping

from counselhub.core.labels import N_
from counselhub.support.kinds import COLUMNS as SUPPORT_COLUMNS

REVIEW_COLUMNS: Mapping[str, str] = {
    **SUPPORT_COLUMNS,
    "held_fen": N_("不付或结转的金额（元）"),
    "reviewed_at": N_("审核时间"),
    "reviewed_by_id": N_("审核人账号"),
    "reviewed_by_name": N_("审核人"),
    "turn_side": N_("轮到哪一方"),
    "turn_since": N_("轮到之日"),
    "turn_due_on": N_("期限"),
    "office_days": N_("司法所已用工作日"),
    "firm_days": N_("律所已用工作日"),
    "refused_fen": N_("不予支付（元）"),
    "appealed_at": N_("申诉时间"),
    "appealed_by_id": N_("申诉人账号"),
    "appealed_by_name": N_("申诉人"),
    "upheld_fen": N_("支持的金额（元）"),
    "decision_words": N_("裁定理由"),
    "differs": N_("须由另一人确认"),
    "appeal_days": N_("申诉期限（工作日）"),
}
