"""The words of the codes and values that stand in columns and details."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from counselhub.admins.kinds import DUTY_WORDS
from counselhub.audit.tables import read_word
from counselhub.audit.wording import SIDES
from counselhub.billing.kinds import Interval
from counselhub.claims.kinds import Basis, ClawReason, Document, PaperState, Refusal
from counselhub.clients.kinds import EraseReason, UnmaskReason
from counselhub.core import clock
from counselhub.core.columns import labels_of
from counselhub.core.db import Base
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_, Labelled
from counselhub.core.money import format_yuan
from counselhub.duty.kinds import CorrectionReason, PunchTiming
from counselhub.factors.kinds import Method
from counselhub.hooks.kinds import HookKind
from counselhub.interviews.kinds import InterviewReason
from counselhub.ledgers.kinds import Cause, Party
from counselhub.matters.kinds import ConflictCode, DeclineReason, Occasion, PartyRole, WallReason
from counselhub.matters.kinds import Verdict as MatterVerdict
from counselhub.people.kinds import ROLE_WORDS
from counselhub.premises.kinds import IssueKind
from counselhub.products.kinds import TextKind
from counselhub.products.kinds import Verdict as ItemVerdict
from counselhub.referrals.kinds import Block, Satisfaction, Speciality
from counselhub.robots.kinds import Vendor
from counselhub.schemes.kinds import DeductionMode, SettlementCycle
from counselhub.services.kinds import FileKind
from counselhub.spotchecks.kinds import Finding
from counselhub.statements.states import QueryReason
from counselhub.support.kinds import VisitEnd

_FIELDS = {"name": N_("姓名"), "phone": N_("电话"), "informed": N_("已告知")}
_CODES: Mapping[tuple[str, str], Iterable[Labelled]] = {
    ("account", "finding"): Finding,
    ("account", "method"): Method,
    ("account", "reason"): InterviewReason,
    ("account", "party"): Party,
    ("account", "cause"): Cause,
    ("ledger_sheet", "party"): Party,
    ("ledger_sheet", "cause"): Cause,
    ("case_claim", "basis"): Basis,
    ("case_claim", "document"): Document,
    ("case_claim", "state"): PaperState,
    ("claim_dossier", "reason"): (*Refusal, *ClawReason),
    ("client", "reason"): (*UnmaskReason, *EraseReason),
    ("duty_session", "reason"): CorrectionReason,
    ("scheme", "cycle"): SettlementCycle,
    ("scheme", "deduction_mode"): DeductionMode,
    ("service_record", "file_kind"): FileKind,
    ("statement_line", "reason"): QueryReason,
    ("matter", "code"): ConflictCode,
    ("matter", "reason"): (*DeclineReason, *WallReason, *Occasion, *UnmaskReason),
    ("matter", "role"): PartyRole,
    ("matter", "verdict"): MatterVerdict,
    ("conflict_check", "reason"): Occasion,
    ("checkup", "verdict"): ItemVerdict,
    ("referral", "codes"): ConflictCode,
    ("referral", "reason"): Block,
}
_NAMED: Mapping[str, Iterable[Labelled]] = {
    "chosen": HookKind,
    "interval": Interval,
    "issue": IssueKind,
    "needs": Speciality,
    "satisfaction": Satisfaction,
    "text_kind": TextKind,
    "timing": PunchTiming,
    "vendor": Vendor,
}
"""Details that mean the same of whatever thing."""
_WHY = {
    "wrong": N_("密码不正确"),
    "locked": N_("已锁定"),
    "wrong_and_locked": N_("密码不正确，已锁定"),
    **{end.value: end.word for end in VisitEnd},
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "why": _WHY,
    "fields": _FIELDS,
    "duty": {duty.value: word for duty, word in DUTY_WORDS.items()},
    "side": SIDES,
}


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
    labels = _CODES.get((subject, name)) or labels_of(Base).get((subject, name))
    labels = labels or _NAMED.get(name)
    if labels is not None:
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
