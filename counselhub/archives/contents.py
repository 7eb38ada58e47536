"""What an archive holds: every table that an office may read, or the reason why it is left out.

A test reads the database's policies and fails on a table that stands in neither list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, LargeBinary, Table

from counselhub.core.db import Base
from counselhub.core.labels import N_

GROUPS: Mapping[str, Sequence[str]] = {
    N_("1-社区和律所"): (
        "street", "community", "firm", "adviser", "contract", "contract_community", "assignment",
        "liaison", "committee_post", "pairing", "pairing_item", "pairing_project",
        "planned_activity", "pairing_activity", "activity_adviser", "activity_photo",
        "party_studio",
    ),
    N_("2-补贴办法"): (
        "scheme", "scheme_version", "scheme_pack", "scheme_pack_version", "pack_example",
        "pack_rehearsal", "rehearsed_month", "performance_mark", "settlement_rule", "review_rule",
        "appropriation",
    ),
    N_("3-结算"): (
        "statement", "statement_line", "line_query", "line_entry", "line_file", "line_appeal",
        "statement_seal", "adjustment", "clawback", "assessment", "assessment_release",
        "late_entry", "late_file", "closed_month", "overdue_month", "canned_reason",
    ),
    N_("4-对账和收付"): (
        "ledger_import", "ledger_line", "ledger_sheet", "ledger_setting", "balance",
        "balance_dispute", "payment_list", "payment_item", "payment_layout", "instalment",
        "invoice", "instalment_payment", "receipt_allocation", "write_off",
    ),
    N_("5-值班和服务"): (
        "duty_term", "duty_slot", "duty_session", "duty_point", "duty_punch", "duty_position",
        "duty_scan", "punch_match", "session_correction", "correction_file", "session_photo",
        "confirmation_request", "session_answer", "online_shift", "service_record",
        "service_follow_up", "service_file", "case_claim", "claim_dossier", "claim_reading",
        "packet",
    ),
    N_("6-检查和场所"): (
        "spot_draw", "spot_check", "spot_photo", "interview", "premises", "premises_issue",
        "premises_step", "premises_report", "premises_file", "premises_rule",
    ),
}  # fmt: skip
"""Tables by the folder that they stand in."""
TABLES: Mapping[str, str] = {table: folder for folder, some in GROUPS.items() for table in some}

_PLANS = "律所使用本系统的收费标准，与街道无关"
_ACCOUNTS = "账号和登录归单位的账号管理，不是业务资料"
_RECORD = "操作记录由审计管理员在“操作记录”里检索和导出，另有核对"
_SHARED = "全区、全国共用的目录，不是本街道的资料"
_CONTENT = "文件本身按原样放在“附件”里，说明在同名表里"
LEFT_OUT: Mapping[str, str] = {
    "plan": _PLANS,
    "plan_price": _PLANS,
    "account_event": _RECORD,
    "event": _RECORD,
    "event_link": _RECORD,
    "chain_day": _RECORD,
    "admin_duty": _ACCOUNTS,
    "factor_rule": _ACCOUNTS,
    "membership": _ACCOUNTS,
    "person": _ACCOUNTS,
    "data_key": "加密用的钥匙编号，只供系统使用",
    "district": _SHARED,
    "holiday_notice": _SHARED,
    "correction_file_content": _CONTENT,
    "line_file_content": _CONTENT,
    "photo_content": _CONTENT,
    "service_file_content": _CONTENT,
    "statement_freeze": "提交时封存的原始依据是压缩的机器数据；结算单的 PDF 在“结算单”里",
    "departure": "律所离开平台的申请由平台保存，结算单页面会提示",
    "long_work": "后台任务的进度，只为查看而保留；年卷在“年卷”页面下载",
}
"""Tables that an office may read, and why an archive does without them."""

HIDDEN = frozenset(
    {
        "address_digest", "by_id", "ends_key", "form_key", "key", "membership_id", "name_sealed",
        "person_id", "pinyin", "revision", "search", "session_revision",
    }
)  # fmt: skip
"""Columns that serve the system, or that are sealed: no page shows them."""
BARE = {
    "statement_seal": frozenset({"code", "frozen", "lines"}),
    "firm": frozenset({"trial_ends_on"}),
}
"""More of single tables: a paper's code opens its check; what a firm pays for us is its own."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows carry a file: its folder under 附件, the row's name and its content.

    is_photo: only wanted with the photos.
    """

    table: str
    folder: str
    name: str = "id"
    content: str = "content"
    is_photo: bool = False


FILES: Sequence[Kept] = (
    Kept("line_file_content", "疑问和申诉", "file_id"),
    Kept("correction_file_content", "补正", "file_id"),
    Kept("late_file", "以前月份补录"),
    Kept("service_file_content", "服务记录", "file_id"),
    Kept("ledger_import", "台账原件"),
    Kept("payment_layout", "支付清单格式"),
    Kept("premises_file", "场所", is_photo=True),
    Kept("premises_report", "场所问题照片", content="photo", is_photo=True),
    Kept("spot_photo", "抽查照片", is_photo=True),
    Kept("photo_content", "现场照片", "photo_id", "picture", is_photo=True),
    Kept("activity_photo", "结对活动照片", content="picture", is_photo=True),
)


def columns_of(table: Table) -> list[Column[object]]:
    """Return the columns of a table that go out, in the order of the table."""
    hidden = HIDDEN | BARE.get(table.name, frozenset())
    return [one for one in table.columns if one.name not in hidden and not _is_hidden(one)]


def _is_hidden(column: Column[object]) -> bool:
    """Whether it names an account, or holds a file's bytes."""
    if column.name.endswith("_by_id"):
        return True
    return isinstance(column.type, LargeBinary) and column.name != "digest"


def tables() -> list[Table]:
    """Return the tables that go out, in the order of the archive."""
    return [Base.metadata.tables[name] for name in TABLES]
