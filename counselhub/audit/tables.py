"""What the tables of a firm are called to whoever reads of an alarm."""

from collections.abc import Mapping

from counselhub.core import markers
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_

TABLES: Mapping[str, str] = {
    "absence_reason": N_("缺勤理由"),
    "adviser": N_("律师"),
    "adviser_contact": N_("律师的联系方式"),
    "assignment": N_("社区指派"),
    "attendance_account": N_("打卡账号"),
    "attendance_check": N_("打卡核对"),
    "attendance_day": N_("打卡的每日结果"),
    "attendance_file": N_("打卡文件"),
    "attendance_link": N_("打卡接口"),
    "attendance_place": N_("打卡地点"),
    "attendance_punch": N_("外部打卡"),
    "case_claim": N_("以案定补"),
    "case_payment": N_("已计入结算的案件"),
    "claim_client": N_("案件与服务对象的关联"),
    "client": N_("服务对象"),
    "community_need": N_("社区需求清单"),
    "closed_month": N_("封存的月份"),
    "contract": N_("合同"),
    "contract_community": N_("合同的社区"),
    "duty_code": N_("值班码"),
    "duty_fix": N_("打卡的经纬度"),
    "duty_point": N_("值班点位"),
    "duty_position": N_("打卡的定位结论"),
    "cover_offer": N_("替班征询"),
    "cover_request": N_("替班申请"),
    "duty_punch": N_("手机打卡"),
    "duty_scan": N_("打卡时扫的码"),
    "duty_session": N_("现场值班"),
    "punch_match": N_("值班的打卡核对结果"),
    "duty_slot": N_("值班班次"),
    "duty_term": N_("值班约定"),
    "roster_month": N_("月度排班"),
    "roster_rule": N_("排班规则"),
    "replacement_answer": N_("更换提醒的答复"),
    "event": N_("操作记录"),
    "firm_account": N_("收款账户"),
    "leave_request": N_("请假"),
    "line_query": N_("司法所的疑问"),
    "online_shift": N_("线上值班"),
    "online_turn": N_("轮值班次"),
    "handover_note": N_("交班留言"),
    "duty_phone": N_("值班电话"),
    "rota": N_("轮值表"),
    "rota_person": N_("轮值表的律师"),
    "rota_street": N_("轮值表的街道"),
    "session_photo": N_("现场照片"),
    "photo_content": N_("现场照片的内容"),
    "confirmation_request": N_("社区确认"),
    "session_answer": N_("社区的答复"),
    "pairing": N_("结对共建"),
    "point_proposal": N_("点位提议"),
    "position_choice": N_("定位的同意"),
    "home_visit": N_("上门走访"),
    "referral": N_("转介"),
    "referral_feedback": N_("转介的反馈"),
    "referral_handover": N_("转介的移交"),
    "referral_member": N_("转介的协办律师"),
    "referral_offer": N_("转介的征询"),
    "referral_pause": N_("转介的停止计时"),
    "referral_rule": N_("转介规则"),
    "team": N_("团队"),
    "team_member": N_("团队的律师"),
    "scheme": N_("补贴方案"),
    "scheme_version": N_("补贴方案的版本"),
    "service_client": N_("服务与服务对象的关联"),
    "service_note": N_("服务内容"),
    "service_record": N_("服务记录"),
    "session_correction": N_("补正申请"),
    "correction_file": N_("补正的附件"),
    "correction_file_content": N_("补正附件的内容"),
    "interview": N_("约谈记录"),
    "spot_check": N_("抽查"),
    "spot_photo": N_("抽查的照片"),
    "statement": N_("结算单"),
    "statement_line": N_("结算明细"),
    "statement_seal": N_("结算单的封存"),
}
HONEY = N_("标记行（专为发现泄露而设，不含真实数据）")


def read_word(what: str) -> str:
    """Return what was read: a table's word, or that it was honey; its code where nobody worded it.

    what: as `core.foreign.raise_alarm` keeps it.
    """
    if what.startswith(markers.PREFIX):
        return page_text(HONEY)
    return page_text(TABLES[what]) if what in TABLES else what
