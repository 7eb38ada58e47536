"""What the columns of payments, receipts and accounts are called to whoever reads the record."""

from collections.abc import Mapping

from counselhub.core.labels import N_

MONEY_COLUMNS: Mapping[str, str] = {
    "credit_code": N_("统一社会信用代码"),
    "trial_ends_on": N_("试用至"),
    "drawn_at": N_("出具时间"),
    "drawn_by_name": N_("出具人"),
    "entries": N_("对账单的账目"),
    "figures": N_("对账单的数"),
    "firm_confirmed_at": N_("律所确认时间"),
    "firm_confirmed_by_name": N_("律所确认人"),
    "first_on": N_("期间开始"),
    "office_confirmed_at": N_("司法所确认时间"),
    "office_confirmed_by_name": N_("司法所确认人"),
    "is_over_limit": N_("超过限额"),
    "made_on": N_("核销日期"),
    "undo_words": N_("撤销原因"),
    "allocated_fen": N_("已分配（元）"),
    "aside_words": N_("搁置原因"),
    "payer": N_("付款人"),
    "serial": N_("流水号"),
    "bounce_words": N_("退汇原因"),
    "bounced_on": N_("退汇日期"),
    "published_at": N_("送财政时间"),
    "list_id": N_("所在清单"),
    "new_rows": N_("新到账"),
    "outgoing": N_("支出行数"),
    "amount": N_("金额"),
    "format_id": N_("银行账户"),
    "imported_at": N_("导入时间"),
    "imported_by_name": N_("导入人"),
}
