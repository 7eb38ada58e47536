"""How an archive writes tables, columns and values for a reader: in Chinese, as its papers do.

What the record of acts words already is taken from there.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from counselhub.archives.codes import code_word
from counselhub.audit.columns import COLUMNS
from counselhub.audit.details import DETAILS
from counselhub.audit.tables import TABLES
from counselhub.audit.values import value_word
from counselhub.core import clock
from counselhub.core.labels import N_

MORE_TABLES: Mapping[str, str] = {
    "departure": N_("离开平台的申请"),
    "long_work": N_("后台任务"),
    "plan": N_("套餐"),
    "plan_price": N_("套餐的价格"),
    "street": N_("街道"),
    "community": N_("社区"),
    "firm": N_("律师事务所"),
    "scheme_pack": N_("补贴办法"),
    "scheme_pack_version": N_("补贴办法的版本"),
    "pack_example": N_("补贴办法的算例"),
    "pack_rehearsal": N_("补贴办法的试算"),
    "rehearsed_month": N_("试算的结果"),
    "settlement_rule": N_("结算规则"),
    "review_rule": N_("审核期限"),
    "appropriation": N_("年度预算"),
    "canned_reason": N_("常用语"),
    "ledger_import": N_("台账的导入"),
    "ledger_setting": N_("台账的设置"),
    "payment_list": N_("支付清单"),
    "payment_layout": N_("支付清单的格式"),
    "spot_draw": N_("抽签"),
    "premises": N_("值班场所"),
    "premises_issue": N_("场所整改"),
    "premises_step": N_("场所整改的经过"),
    "premises_file": N_("场所的文件"),
    "premises_rule": N_("场所整改的设置"),
    "account_event": N_("账号和访问的操作记录"),
    "event_link": N_("操作记录的留痕链"),
    "chain_day": N_("留痕链的日终摘要"),
    "admin_duty": N_("管理员分工"),
    "factor_rule": N_("两步验证的要求"),
    "membership": N_("账号与单位的关系"),
    "person": N_("账号"),
    "data_key": N_("加密的钥匙编号"),
    "district": N_("区"),
    "holiday_notice": N_("放假通知"),
}
MORE_COLUMNS: Mapping[str, str] = {
    "district_code": "区代码",
    "id": "编号（系统）",
    "firm_id": "律师事务所",
    "activity_id": "活动",
    "digest": "摘要（SHA-256）",
    "added_at": "添加时间",
    "width": "宽（像素）",
    "height": "高（像素）",
    "pack_terms": "办法的附加条款",
    "pack_version_id": "办法的版本",
    "terms": "条款",
    "note": "说明",
    "made_by_name": "制作人",
    "activated_at": "启用时间",
    "activated_by_name": "启用人",
    "version_id": "版本",
    "facts": "算例的事实",
    "expected": "算例的结果",
    "terms_digest": "条款的摘要",
    "months": "月数",
    "last_month": "最后一个月",
    "firms": "律所数",
    "done": "已完成",
    "ended_at": "结束时间",
    "problem": "问题",
    "rehearsal_id": "试算",
    "law_firm_code": "律所代码",
    "law_firm_name": "律所名称",
    "community_name": "社区名称",
    "now_fen": "现行（元）",
    "then_fen": "试算（元）",
    "points": "分数",
    "late_months": "可补录的月数",
    "late_cap_fen": "补录上限（元）",
    "cutoff_day": "截止日",
    "reminder_days": "提前提醒天数",
    "changed_at": "修改时间",
    "changed_by_name": "修改人",
    "city_fen": "市级（元）",
    "district_fen": "区级（元）",
    "street_fen": "街道（元）",
    "query_id": "疑问",
    "at": "时间",
    "by_name": "操作人",
    "entry_id": "所属条目",
    "appeal_id": "申诉",
    "ending": "文件类型",
    "size_bytes": "字节数",
    "act": "操作",
    "withheld_fen": "预留（元）",
    "base_fen": "基数（元）",
    "arrived_at": "收到时间",
    "place_code": "范围代码",
    "statement_number": "结算单号",
    "firm_code": "律所代码",
    "applied_at": "采用时间",
    "applied_by_name": "采用人",
    "counts": "计数",
    "changes": "变动",
    "ledger": "台账所记",
    "claimed": "结算单所记",
    "ledger_fen": "台账金额（元）",
    "claimed_fen": "结算单金额（元）",
    "gap_fen": "差额（元）",
    "row_number": "行号",
    "suggestions": "提示",
    "earlier": "以前的处理",
    "routed": "去向",
    "settled_at": "处理时间",
    "settled_by_name": "处理人",
    "answer_words": "答复的说明",
    "totals": "合计",
    "published_by_name": "公布人",
    "frozen_at": "定稿时间",
    "frozen_by_name": "定稿人",
    "mapping": "列的对应",
    "tolerance_fen": "金额容差（元）",
    "tolerance_minutes": "时长容差（分钟）",
    "tolerance_visits": "次数容差",
    "balance_id": "对账单",
    "line": "对账单的行",
    "raised_at": "提出时间",
    "raised_by_name": "提出人",
    "apart_words": "另行处理的说明",
    "kept_at": "保存时间",
    "kept_by_name": "保存人",
    "instalment_id": "分期款",
    "issued_on": "开票日期",
    "tax_percent": "税率（%）",
    "buyer": "购买方",
    "buyer_tax_number": "购买方税号",
    "red_of_id": "冲红的发票",
    "reversed_fen": "已冲红（元）",
    "reverses_id": "冲销的一笔",
    "receipt_id": "到账",
    "received_on": "到账日期",
    "how": "对账方式",
    "tapped_at": "打卡时间",
    "offset_seconds": "手机时钟偏差（秒）",
    "claimed_at": "手机所报时间",
    "counts_at": "计入时间",
    "timing": "时间的认定",
    "punch_id": "打卡",
    "distance_m": "距点位（米）",
    "accuracy_m": "定位精度（米）",
    "step": "时间步",
    "is_proof": "可作佐证",
    "compared_at": "核对时间",
    "correction_id": "补正",
    "taken_at": "拍摄时间",
    "repeats_id": "与哪张相同",
    "made_by": "发起方式",
    "office": "发给哪个单位",
    "request_id": "社区确认",
    "overtaken_at": "被后来的答复取代的时间",
    "settled_words": "处理的说明",
    "service_id": "服务记录",
    "read_at": "审阅时间",
    "read_by_name": "审阅人",
    "second_by_name": "复核人",
    "second_words": "复核意见",
    "population": "抽签名单",
    "draw_id": "抽签",
    "slot_id": "班次",
    "found_name": "现场的替班人",
    "opened_at": "打开检查页的时间",
    "recorded_at": "登记时间",
    "recorded_by_name": "登记人",
    "answer_due_on": "答复期限",
    "closed_at": "结案时间",
    "closed_by_name": "结案人",
    "closing_words": "结案说明",
    "check_id": "抽查",
    "held_on": "约谈日期",
    "present": "参加人",
    "agreed": "约定的事项",
    "acknowledged_at": "确认时间",
    "acknowledged_by_name": "确认人",
    "has_room": "有场所",
    "area_m2": "面积（平方米）",
    "room_kind": "场所类型",
    "hours": "开放时间",
    "conditions": "条件",
    "has_board": "有公示栏",
    "board_current_on": "公示内容有效到",
    "inspected_on": "检查日期",
    "inspected_by_name": "检查人",
    "reported_on": "发现日期",
    "letter_due_on": "情况说明期限",
    "responsible_body": "责任单位",
    "responsible_person": "责任人",
    "planned_on": "计划完成日期",
    "government_on": "报政府日期",
    "explained_on": "收到说明日期",
    "replans": "改期次数",
    "solved_on": "销号日期",
    "premises_id": "场所",
    "is_photo": "是照片",
    "letter_weekday": "每周发函日",
}


OWN_KEYS = ("id", "code")


def table_word(name: str) -> str | None:
    """Return what a table is called, None where nobody has worded it."""
    return TABLES.get(name) or MORE_TABLES.get(name)


def column_word(name: str) -> str | None:
    """Return what a column is called, None where nobody has worded it."""
    return COLUMNS.get(name) or MORE_COLUMNS.get(name) or DETAILS.get(name)


def shown(table: str, column: str, value: Any, names: Mapping[str, str]) -> object:
    """Return a cell as people read it: amounts in yuan, times of Shanghai, words for codes.

    names: of firms, lawyers, places, contracts and statements, by their key; a row's own key stays
    as it is.
    """
    names = {} if column in OWN_KEYS else names
    if isinstance(value, str) and (word := code_word(table, column, value)):
        return word
    if value is None or isinstance(value, bool | str):
        return "" if value in (None, "") else value_word(table, column, value, names)
    if isinstance(value, int):
        return Decimal(value).scaleb(-2) if column.endswith("_fen") else value
    if isinstance(value, datetime):
        return f"{clock.local(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, UUID):
        return names.get(str(value), str(value))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def exact(value: Any) -> object:
    """Return a value as JSON holds it without loss: amounts stay in fen, times are of UTC."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | dict | list):
        return value
    return str(value)
