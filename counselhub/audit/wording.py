"""The one place that words the record: things, acts on them, outcomes."""

from collections.abc import Mapping

from counselhub.agreements.kinds import CLAUSE_ACTS
from counselhub.attendance.kinds import ACTS as ATTENDANCE_ACTS
from counselhub.audit import money_words
from counselhub.audit.account_words import ACCOUNT_ACTS
from counselhub.audit.money import MONEY_ACTS, MONEY_SUBJECTS
from counselhub.choosing.kinds import ROUND_ACTS
from counselhub.claims.kinds import DOSSIER_ACTS, PAPER_ACTS, READING_ACTS
from counselhub.clients.kinds import ACTS as CLIENT_ACTS
from counselhub.conferences.kinds import CONFERENCE_ACTS
from counselhub.confirmations.kinds import ACTS as REQUEST_ACTS
from counselhub.contracts.kinds import ACTS as CONTRACT_ACTS
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_
from counselhub.corrections.kinds import ACTS as CORRECTION_ACTS
from counselhub.cover.kinds import ANSWER_ACTS, COVER_ACTS, REASON_ACTS
from counselhub.duty.listing import ACTS as SESSION_ACTS
from counselhub.duty.listing import PUNCH_ACTS
from counselhub.handovers.kinds import GROUP_ACTS, PACK_ACTS, PROMISE_ACTS
from counselhub.instalments.kinds import INSTALMENT_ACTS
from counselhub.interviews.kinds import ACTS as INTERVIEW_ACTS
from counselhub.leave.kinds import ACTS as LEAVE_ACTS
from counselhub.ledgers.kinds import ACTS as LEDGER_ACTS
from counselhub.liaisons.kinds import LIAISON_ACTS, POST_ACTS
from counselhub.matters.kinds import CHECK_ACTS, CONFLICT_ACTS, MATTER_ACTS
from counselhub.packets.kinds import PACKET_ACTS, RECEIVED_ACTS
from counselhub.packs.kinds import SCHEME_ACTS
from counselhub.pairings.kinds import (
    ACTIVITY_ACTS,
    ITEM_ACTS,
    PLAN_ACTS,
    PROJECT_ACTS,
    STUDIO_ACTS,
)
from counselhub.pairings.kinds import ACTS as PAIRING_ACTS
from counselhub.points.kinds import POINT_ACTS, PROPOSAL_ACTS
from counselhub.premises.kinds import REPORT_ACTS
from counselhub.products.kinds import (
    CHECKLIST_ACTS,
    CHECKUP_ACTS,
    DOCUMENT_ACTS,
    LECTURE_ACTS,
    TEMPLATE_ACTS,
    TEXT_ACTS,
)
from counselhub.referrals.kinds import HANDOVER_ACTS, REFERRAL_ACTS, TEAM_ACTS
from counselhub.referrals.kinds import RULE_ACTS as REFERRAL_RULE_ACTS
from counselhub.roster.kinds import ACTS as SLOT_ACTS
from counselhub.rota.kinds import ACTS as TURN_ACTS
from counselhub.services.kinds import ACTS as SERVICE_ACTS
from counselhub.spotchecks.kinds import ACTS as SPOT_ACTS
from counselhub.statements.pages import ACTS as STATEMENT_ACTS

ACCOUNTS = "account"
"""What stands for the thing of an act on accounts and access, which has no row."""
SUBJECTS: Mapping[str, str] = {
    **money_words.SUBJECTS,
    "contract": N_("合同"),
    "contract_clause": N_("合同的条款"),
    "instalment": N_("合同分期款"),
    "assignment": N_("社区指派"),
    "duty_session": N_("现场值班"),
    "session_correction": N_("补正申请"),
    "duty_point": N_("值班点位"),
    "duty_punch": N_("手机打卡"),
    "confirmation_request": N_("社区确认"),
    "online_shift": N_("线上值班"),
    "rota": N_("轮值表"),
    "online_turn": N_("轮值班次"),
    "duty_term": N_("值班约定"),
    "duty_slot": N_("值班班次"),
    "leave_request": N_("请假"),
    "roster_month": N_("月度排班"),
    "point_proposal": N_("点位提议"),
    "roster_rule": N_("排班规则"),
    "cover_request": N_("替班申请"),
    "absence_reason": N_("缺勤理由"),
    "replacement_answer": N_("更换提醒的答复"),
    "referral": N_("转介"),
    "referral_handover": N_("转介的移交"),
    "conference": N_("会商"),
    "packet": N_("转外所"),
    "packet_received": N_("收到的转案"),
    "referral_rule": N_("转介规则"),
    "team": N_("团队"),
    "ledger_line": N_("两本账的差异"),
    "ledger_sheet": N_("对账差异表"),
    "spot_check": N_("抽查"),
    "interview": N_("约谈记录"),
    "premises_report": N_("场所问题的报告"),
    "handover_pack": N_("交接清单"),
    "promise": N_("承诺事项"),
    "chat_group": N_("微信群"),
    "liaison": N_("联络员"),
    "committee_post": N_("调解委员会任职"),
    "choice_round": N_("双向选择"),
    "service_record": N_("服务记录"),
    "client": N_("服务对象"),
    "checklist": N_("体检清单"),
    "checkup": N_("法治体检"),
    "lecture": N_("讲座"),
    "document_template": N_("文书模板"),
    "drafted_document": N_("文书"),
    "text_review": N_("审改的文本"),
    "matter": N_("事项"),
    "conflict_check": N_("利益冲突检查"),
    "matter_conflict": N_("可能的利益冲突"),
    "case_claim": N_("以案定补"),
    "claim_dossier": N_("案件卷宗"),
    "claim_reading": N_("司法所的审阅"),
    "claim_scale": N_("等级标准"),
    "pairing": N_("结对共建"),
    "pairing_activity": N_("结对活动"),
    "pairing_item": N_("结对清单项"),
    "pairing_project": N_("结对项目"),
    "pairing_rule": N_("续签提醒的设置"),
    "party_studio": N_("工作室"),
    "planned_activity": N_("结对年度计划"),
    "report_template": N_("报表模板"),
    "scheme": N_("补贴方案"),
    "adviser": N_("律师"),
    "attendance_account": N_("打卡账号"),
    "attendance_check": N_("打卡核对"),
    "attendance_file": N_("打卡文件"),
    "attendance_link": N_("打卡接口"),
    "attendance_place": N_("打卡地点"),
    "workbook": N_("工作簿"),
    **MONEY_SUBJECTS,
    ACCOUNTS: N_("账号与权限"),
}
_KEPT = {"add": N_("新增"), "change": N_("修改"), "remove": N_("删除")}
ACTS: Mapping[str, Mapping[str, str]] = {
    "statement": STATEMENT_ACTS,
    "statement_line": STATEMENT_ACTS,
    **money_words.ACTS,
    "contract": CONTRACT_ACTS,
    "contract_clause": CLAUSE_ACTS,
    "instalment": INSTALMENT_ACTS,
    "assignment": {"assign": N_("指派律师"), "end": N_("结束指派"), "withdraw": N_("撤回指派")},
    "duty_session": SESSION_ACTS,
    "session_correction": CORRECTION_ACTS,
    "duty_point": POINT_ACTS,
    "duty_punch": PUNCH_ACTS,
    "confirmation_request": REQUEST_ACTS,
    "handover_pack": PACK_ACTS,
    "promise": PROMISE_ACTS,
    "chat_group": GROUP_ACTS,
    "liaison": LIAISON_ACTS,
    "committee_post": POST_ACTS,
    "choice_round": ROUND_ACTS,
    "online_shift": _KEPT,
    "rota": _KEPT | {"make_turns": N_("生成班次")},
    "online_turn": TURN_ACTS,
    "duty_term": _KEPT,
    "duty_slot": SLOT_ACTS,
    "leave_request": LEAVE_ACTS,
    "roster_month": {"make_roster": N_("生成排班")},
    "point_proposal": PROPOSAL_ACTS,
    "roster_rule": {"change": N_("设置排班规则")},
    "cover_request": COVER_ACTS,
    "absence_reason": REASON_ACTS,
    "replacement_answer": ANSWER_ACTS,
    "referral": REFERRAL_ACTS,
    "referral_handover": HANDOVER_ACTS,
    "conference": CONFERENCE_ACTS,
    "packet": PACKET_ACTS,
    "packet_received": RECEIVED_ACTS,
    "referral_rule": REFERRAL_RULE_ACTS,
    "team": TEAM_ACTS,
    "ledger_line": LEDGER_ACTS,
    "ledger_sheet": LEDGER_ACTS,
    "spot_check": SPOT_ACTS,
    "interview": INTERVIEW_ACTS,
    "service_record": SERVICE_ACTS | {"name_aid_case": N_("登记法律援助案号")},
    "premises_report": REPORT_ACTS,
    "client": CLIENT_ACTS,
    "checklist": CHECKLIST_ACTS,
    "checkup": CHECKUP_ACTS,
    "lecture": LECTURE_ACTS,
    "document_template": TEMPLATE_ACTS,
    "drafted_document": DOCUMENT_ACTS,
    "text_review": TEXT_ACTS,
    "matter": MATTER_ACTS,
    "conflict_check": CHECK_ACTS,
    "matter_conflict": CONFLICT_ACTS,
    "pairing": PAIRING_ACTS,
    "pairing_activity": ACTIVITY_ACTS,
    "pairing_item": ITEM_ACTS,
    "pairing_project": PROJECT_ACTS,
    "pairing_rule": {"change": N_("设置续签提醒")},
    "party_studio": STUDIO_ACTS,
    "planned_activity": PLAN_ACTS,
    "report_template": _KEPT,
    "case_claim": _KEPT | {"identify": N_("登记当事人或援助案号")} | PAPER_ACTS,
    "claim_dossier": DOSSIER_ACTS,
    "claim_reading": READING_ACTS,
    "claim_scale": {"set_scale": N_("设置等级标准")},
    "scheme": SCHEME_ACTS
    | {
        "create": N_("新建方案"),
        "rename": N_("改方案名称"),
        "add_version": N_("新增方案版本"),
        "change_version": N_("修改方案版本"),
    },
    "adviser": {
        "create": N_("登记律师"),
        "change": N_("修改律师资料"),
        "leave": N_("律师离职"),
        "come_back": N_("律师返所"),
        "set_duty_phone": N_("设置值班电话"),
        "drop_duty_phone": N_("撤下值班电话"),
    },
    **ATTENDANCE_ACTS,
    **MONEY_ACTS,
    "workbook": {"import": N_("导入工作簿")},
    ACCOUNTS: ACCOUNT_ACTS,
}
SIDES: Mapping[str, str] = {
    "firm": N_("律所"),
    "office": N_("司法所"),
    "bureau": N_("区司法局"),
    "platform": N_("系统"),
    "public": N_("未登录"),
}


def act_word(subject: str, act: str) -> str:
    """Return what an act is called, its code where nobody has worded it."""
    word = ACTS.get(subject, {}).get(act)
    return page_text(word) if word else act


def subject_word(subject: str) -> str:
    """Return what a thing is called, its code where nobody has worded it."""
    word = SUBJECTS.get(subject)
    return page_text(word) if word else subject
