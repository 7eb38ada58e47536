"""What goes of a firm that leaves and what stays, table by table: read off the schema.

A firm's private rows go. Of what it shared stays what an office or a bureau may read, and what
that leans on. Of the platform's tables each is named here. A test fails on a table in none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Table

from counselhub.audit.tables import TABLES
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.tenants.contents import OF_FIRM, OF_SCOPE, classes

UNSHARED: Mapping[str, str] = {
    "claim_dossier": "t.status IN ('draft', 'ready')",
    "late_entry": "t.status <> 'approved'",
    "pairing": "t.status = 'draft'",
    "pairing_activity": "t.shared_at IS NULL",
    "service_file": "NOT t.is_shared",
    "session_correction": "t.status NOT IN ('applied', 'to_adjust', 'adjusted')",
    "statement": "t.submitted_at IS NULL",
    "write_off": "t.status IN ('asked', 'refused')",
}
"""Rows that no office may read yet, as row security has it."""
PARTS: Mapping[str, tuple[str, str]] = {
    "activity_adviser": ("pairing_activity", "activity_id"),
    "activity_photo": ("pairing_activity", "activity_id"),
    "correction_file": ("session_correction", "correction_id"),
    "correction_file_content": ("correction_file", "file_id"),
    "late_file": ("late_entry", "entry_id"),
    "pairing_item": ("pairing", "pairing_id"),
    "pairing_project": ("pairing", "pairing_id"),
    "planned_activity": ("pairing", "pairing_id"),
    "service_file_content": ("service_file", "file_id"),
    "statement_line": ("statement", "statement_id"),
}
"""Rows that go with the row that a column names."""
LEANED_ON = ("adviser", "contract", "scheme")
"""Rows that stay as long as a row that stays names them."""
UNPLACED: Mapping[str, str] = {
    "duty_term": "NOT EXISTS (SELECT FROM contract_community c"
    " WHERE c.firm_id = t.firm_id AND c.contract_id = t.contract_id)",
    "scheme_version": "NOT EXISTS (SELECT FROM contract c"
    " WHERE c.firm_id = t.firm_id AND c.scheme_id = t.scheme_id) AND t.pack_version_id IS NULL",
}
"""Terms of what was never agreed on with an office."""
WHOLE = (
    "adjustment",
    "assessment_release",
    "assignment",
    "balance",
    "balance_dispute",
    "case_claim",
    "clawback",
    "closed_month",
    "committee_post",
    "confirmation_request",
    "contract_community",
    "duty_point",
    "duty_position",
    "duty_punch",
    "duty_scan",
    "duty_session",
    "duty_slot",
    "instalment",
    "instalment_payment",
    "invoice",
    "liaison",
    "line_appeal",
    "line_entry",
    "line_file",
    "line_file_content",
    "line_query",
    "online_shift",
    "overdue_month",
    "packet",
    "party_studio",
    "photo_content",
    "premises_report",
    "punch_match",
    "receipt_allocation",
    "service_follow_up",
    "service_record",
    "session_answer",
    "session_photo",
)
"""Shared tables whose every row an office may read: they stay as they are."""
BY_THE_RECORD = ("event", "statement_freeze", "statement_seal")
"""Shared rows that only `forget_firm` may delete: acts that no office reads, and what was sealed
of statements that were never submitted. The links of the acts stay: the chain is still proven."""
_OF_PLACE = "place_kind = 'firm' AND place_key = CAST(:firm AS text)"
GOES: Mapping[str, tuple[str, str]] = {
    "account_rule": (OF_SCOPE, "账号的规则"),
    "admin_duty": (OF_SCOPE, "管理员分工"),
    "answer_board": (OF_FIRM, "值班公示页"),
    "api_answer": (
        f"token_id IN (SELECT id FROM api_token WHERE {OF_SCOPE})",  # noqa: S608  # our own names
        "接口的应答",
    ),
    "api_token": (OF_SCOPE, "访问令牌"),
    "calendar_feed": (OF_FIRM, "日历订阅"),
    "change_page": (OF_FIRM, "人员变动公示页"),
    "confirmation_link": (OF_FIRM, "社区确认链接"),
    "delivery": (_OF_PLACE, "待发送的消息"),
    "factor_rule": (OF_SCOPE, "两步验证的规则"),
    "feedback_link": (OF_FIRM, "评价链接"),
    "honey_row": (OF_FIRM, "防窥标记"),
    "hook": (OF_SCOPE, "事件推送"),
    "hook_delivery": (
        f"hook_id IN (SELECT id FROM hook WHERE {OF_SCOPE})",  # noqa: S608  # our own names
        "事件推送的投递记录",
    ),
    "invitation": (OF_SCOPE, "邀请"),
    "long_work": (OF_SCOPE, "后台任务"),
    "membership": (OF_FIRM, "账号"),
    "notice": (_OF_PLACE, "通知"),
    "public_card": (OF_FIRM, "公示卡"),
    "robot": (OF_SCOPE, "群机器人"),
    "screen_link": (OF_FIRM, "大屏链接"),
    "sign_up": (OF_FIRM, "开通申请"),
    "support_consent": (OF_SCOPE, "支持访问的同意"),
    "support_visit": (
        f"consent_id IN (SELECT id FROM support_consent WHERE {OF_SCOPE})",  # noqa: S608  # our own names
        "支持访问的记录",
    ),
}
"""Rows of the platform's tables that go: their condition, and what the certificate calls them."""
STAYS: Mapping[str, str] = {
    "acceptance": "同意平台协议的记录（含同意人姓名）：证明双方的合同关系",
    "account_event": "申请离开和删除的记录：证明删除是谁申请的",
    "bill": "账单：会计档案",
    "bill_difference": "与支付平台的差异记录：会计档案",
    "bill_payment": "收款记录：会计档案",
    "chain_day": "操作记录的每日摘要：不含内容，供核对未被改动",
    "departure": "离开申请和本证明",
    "event_link": "操作记录的摘要链：不含内容，供核对未被改动",
    "firm": "律所的名称、代码、信用代码和执业许可证号：已提交的结算单要写明收款单位",
    "invoice_request": "开票申请：会计档案",
    "paper_code": "结算单的验真码：司法所手里的纸面仍可核验",
    "subscription": "订阅：会计档案",
}
"""Rows of the platform's tables that stay, and why."""
OF_A_PERSON = (
    "factor_tries",
    "notice_choice",
    "notice_setting",
    "passkey",
    "passkey_challenge",
    "password_before",
    "recovery_code",
    "sign_in_link",
    "sign_in_session",
    "totp",
)
"""What somebody signs in with and how he is told: it goes with who belongs to nobody any more."""
FIRMS = (DataClass.FIRM_PRIVATE, DataClass.FIRM_SHARED)


@dataclass(frozen=True, slots=True)
class Step:
    """Rows of one table that go. which: SQL over `t`, with :firm; is_of_firm: by whose scope.

    one_by_one: each goes unless a row of somebody else names it.
    """

    name: str
    which: str
    is_of_firm: bool
    one_by_one: bool = False


@lru_cache
def steps() -> tuple[Step, ...]:
    """Return every step, rows that name others before those that they name."""
    return tuple(_steps())


def _steps() -> Iterator[Step]:
    for table in reversed(Base.metadata.sorted_tables):
        name, kind = table.name, classes()[table.name]
        if kind is DataClass.FIRM_PRIVATE:
            yield Step(name, OF_FIRM, is_of_firm=True)
        elif kind is DataClass.FIRM_SHARED and (which := goes_of_shared(table)) is not None:
            yield Step(name, which, is_of_firm=True, one_by_one=name in LEANED_ON)
        elif name in GOES:
            yield Step(name, GOES[name][0], is_of_firm=False)


def goes_of_shared(table: Table) -> str | None:
    """Return SQL of the rows of a shared table that go, None where all stay. Raises KeyError."""
    name = table.name
    if name in WHOLE or name in BY_THE_RECORD:
        return None
    if name in LEANED_ON:
        return f"{OF_FIRM} AND {_unnamed(table)}"
    if name in UNPLACED:
        return f"{OF_FIRM} AND {UNPLACED[name]}"
    if name in PARTS:
        return f"{OF_FIRM} AND {_part(name)}"
    return f"{OF_FIRM} AND {UNSHARED[name]}"


def _part(name: str, inner: str = "t") -> str:
    """SQL of the rows whose whole goes. inner: the alias of the part."""
    whole, column = PARTS[name]
    alias = f"{inner}w"
    condition = (
        _part(whole, alias) if whole in PARTS else UNSHARED[whole].replace("t.", f"{alias}.")
    )
    return (
        f"EXISTS (SELECT FROM {whole} {alias} WHERE {alias}.firm_id = {inner}.firm_id"
        f" AND {alias}.id = {inner}.{column} AND {condition})"
    )


def _unnamed(table: Table) -> str:
    """SQL of the rows that no shared row of the firm names."""
    return " AND ".join(
        f"NOT EXISTS (SELECT FROM {source.name} s WHERE s.firm_id = t.firm_id"
        f" AND s.{column} = t.id)"
        for source, column in _naming(table)
    )


def _naming(table: Table) -> Iterator[tuple[Table, str]]:
    for source in Base.metadata.sorted_tables:
        if classes()[source.name] is not DataClass.FIRM_SHARED or source.name in UNPLACED:
            continue
        for key in source.foreign_key_constraints:
            if key.referred_table is table:
                yield source, next(one.name for one in key.columns if one.name != "firm_id")


def word_of(name: str) -> str:
    """Return what the certificate calls a table; in Chinese, as papers are."""
    if name in GOES:
        return GOES[name][1]
    return {"account_event": "账号和登录的记录", "files": "保存的文件", "people": "个人账号"}.get(
        name
    ) or TABLES[name]


def kept_tables() -> list[str]:
    """Return the shared tables of which rows may stay, by name."""
    return sorted(name for name, kind in classes().items() if kind is DataClass.FIRM_SHARED)
