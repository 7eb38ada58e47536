"""What the tables of a firm are called to whoever reads of an alarm."""

from collections.abc import Mapping

from counselhub.core import markers
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_

TABLES: Mapping[str, str] = {
    "adviser": N_("律师"),
    "adviser_contact": N_("律师的联系方式"),
    "assignment": N_("社区指派"),
    "case_claim": N_("以案定补"),
    "case_payment": N_("已计入结算的案件"),
    "claim_client": N_("案件与服务对象的关联"),
    "client": N_("服务对象"),
    "closed_month": N_("封存的月份"),
    "contract": N_("合同"),
    "contract_community": N_("合同的社区"),
    "duty_punch": N_("手机打卡"),
    "duty_session": N_("现场值班"),
    "duty_slot": N_("值班班次"),
    "duty_term": N_("值班约定"),
    "roster_month": N_("月度排班"),
    "roster_rule": N_("路程时间"),
    "event": N_("操作记录"),
    "firm_account": N_("收款账户"),
    "line_query": N_("司法所的疑问"),
    "online_shift": N_("线上值班"),
    "session_photo": N_("现场照片"),
    "photo_content": N_("现场照片的内容"),
    "confirmation_request": N_("社区确认"),
    "session_answer": N_("社区的答复"),
    "pairing": N_("结对共建"),
    "scheme": N_("补贴方案"),
    "scheme_version": N_("补贴方案的版本"),
    "service_client": N_("服务与服务对象的关联"),
    "service_note": N_("服务内容"),
    "service_record": N_("服务记录"),
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
