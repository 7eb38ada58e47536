"""The words of the codes and values that stand in columns and details."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from counselhub.adjustments.kinds import AdjustmentCause
from counselhub.admins.kinds import DUTY_WORDS
from counselhub.advisers.kinds import AdviserCategory
from counselhub.appeals.states import AppealStatus
from counselhub.assignments.kinds import AssignmentRole, EndCause
from counselhub.attendance.kinds import Verdict
from counselhub.audit.tables import read_word
from counselhub.audit.wording import SIDES
from counselhub.choosing.kinds import RoundStatus
from counselhub.claims.kinds import (
    AgreementForm,
    Basis,
    ClaimStatus,
    ClawReason,
    Difficulty,
    Document,
    PaperState,
    ReadingStatus,
    Refusal,
    VisitResult,
    VisitWay,
)
from counselhub.clawbacks.kinds import ClawbackReason, ClawbackStatus
from counselhub.clients.kinds import EraseReason, UnmaskReason
from counselhub.contracts.kinds import ContractKind, ContractStatus, PaidBy
from counselhub.contracts.kinds import EndCause as ContractEnd
from counselhub.core import clock
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_, Labelled
from counselhub.core.money import format_yuan
from counselhub.corrections.kinds import CorrectionStatus
from counselhub.cutoffs.kinds import LateCause, OverdueStatus
from counselhub.duty.kinds import CorrectionReason, DutySource, SessionStatus
from counselhub.earlier.kinds import LateKind, LateReason, LateStatus
from counselhub.factors.kinds import Method
from counselhub.handovers.kinds import GroupLevel, PackStatus
from counselhub.instalments.kinds import Condition, InstalmentStatus, Subject
from counselhub.interviews.kinds import InterviewReason, InterviewStatus
from counselhub.leave.kinds import LeaveStatus
from counselhub.ledgers.kinds import Cause, LineStatus, Party, SheetStatus
from counselhub.liaisons.kinds import CommitteeRole
from counselhub.packets.kinds import PacketStatus
from counselhub.pairings.kinds import (
    ItemStatus,
    ListKind,
    PairingStatus,
    ProjectStatus,
    Side,
)
from counselhub.people.kinds import ROLE_WORDS
from counselhub.points.kinds import PointSource
from counselhub.premises.kinds import IssueKind, ReportStatus
from counselhub.referrals.kinds import Speciality
from counselhub.roster.kinds import OnHoliday, SlotStatus, TermKind
from counselhub.rota.kinds import TurnStatus
from counselhub.schemes.kinds import DeductionMode, SettlementCycle
from counselhub.services.kinds import DisputeKind, FileKind, ServiceKind, ServiceMode
from counselhub.spotchecks.kinds import Answer, CheckStatus, Finding
from counselhub.statements.states import (
    LinePayment,
    LineReview,
    QueryReason,
    RefusalReason,
    StatementStatus,
)
from counselhub.statements.states import Side as Turn
from counselhub.support.kinds import VisitEnd

_FIELDS = {"name": N_("姓名"), "phone": N_("电话"), "informed": N_("已告知")}
_CODES: Mapping[tuple[str, str], Iterable[Labelled]] = {
    ("account", "finding"): Finding,
    ("account", "method"): Method,
    ("account", "reason"): InterviewReason,
    ("interview", "status"): InterviewStatus,
    ("account", "party"): Party,
    ("account", "cause"): Cause,
    ("ledger_line", "party"): Party,
    ("ledger_line", "cause"): Cause,
    ("ledger_line", "status"): LineStatus,
    ("ledger_sheet", "party"): Party,
    ("ledger_sheet", "cause"): Cause,
    ("ledger_sheet", "status"): SheetStatus,
    ("spot_check", "answer"): Answer,
    ("spot_check", "finding"): Finding,
    ("spot_check", "status"): CheckStatus,
    ("premises_report", "kind"): IssueKind,
    ("premises_report", "status"): ReportStatus,
    ("adviser", "category"): AdviserCategory,
    ("assignment", "role"): AssignmentRole,
    ("assignment", "end_cause"): EndCause,
    ("handover_pack", "role"): AssignmentRole,
    ("handover_pack", "cause"): EndCause,
    ("handover_pack", "status"): PackStatus,
    ("chat_group", "level"): GroupLevel,
    ("committee_post", "role"): CommitteeRole,
    ("choice_round", "status"): RoundStatus,
    ("online_turn", "status"): TurnStatus,
    ("attendance_check", "verdict"): Verdict,
    ("case_claim", "difficulty"): Difficulty,
    ("case_claim", "form"): AgreementForm,
    ("case_claim", "dispute_kind"): DisputeKind,
    ("case_claim", "basis"): Basis,
    ("case_claim", "document"): Document,
    ("case_claim", "state"): PaperState,
    ("claim_dossier", "status"): ClaimStatus,
    ("claim_dossier", "proposed"): Difficulty,
    ("claim_dossier", "office_class"): Difficulty,
    ("claim_dossier", "refusal"): Refusal,
    ("claim_dossier", "reason"): (*Refusal, *ClawReason),
    ("claim_dossier", "claw_reason"): ClawReason,
    ("claim_dossier", "visit_way"): VisitWay,
    ("claim_dossier", "visit_result"): VisitResult,
    ("claim_reading", "status"): ReadingStatus,
    ("client", "reason"): (*UnmaskReason, *EraseReason),
    ("duty_point", "source"): PointSource,
    ("duty_term", "kind"): TermKind,
    ("duty_term", "on_holiday"): OnHoliday,
    ("duty_slot", "status"): SlotStatus,
    ("leave_request", "status"): LeaveStatus,
    ("packet", "status"): PacketStatus,
    ("packet", "speciality"): Speciality,
    ("pairing", "status"): PairingStatus,
    ("pairing_item", "kind"): ListKind,
    ("pairing_item", "party"): Side,
    ("pairing_item", "status"): ItemStatus,
    ("pairing_project", "status"): ProjectStatus,
    ("contract", "kind"): ContractKind,
    ("contract", "status"): ContractStatus,
    ("contract", "paid_by"): PaidBy,
    ("contract", "end_cause"): ContractEnd,
    ("instalment", "condition"): Condition,
    ("instalment", "status"): InstalmentStatus,
    ("instalment", "subject"): Subject,
    ("duty_session", "source"): DutySource,
    ("duty_session", "status"): SessionStatus,
    ("duty_session", "reason"): CorrectionReason,
    ("adjustment", "cause"): AdjustmentCause,
    ("clawback", "reason"): ClawbackReason,
    ("overdue_month", "cause"): LateCause,
    ("overdue_month", "status"): OverdueStatus,
    ("clawback", "status"): ClawbackStatus,
    ("late_entry", "kind"): LateKind,
    ("late_entry", "reason"): LateReason,
    ("late_entry", "status"): LateStatus,
    ("late_entry", "difficulty"): Difficulty,
    ("late_entry", "form"): AgreementForm,
    ("session_correction", "reason"): CorrectionReason,
    ("session_correction", "status"): CorrectionStatus,
    ("scheme", "cycle"): SettlementCycle,
    ("scheme", "deduction_mode"): DeductionMode,
    ("service_record", "dispute_kind"): DisputeKind,
    ("service_record", "file_kind"): FileKind,
    ("service_record", "kind"): ServiceKind,
    ("service_record", "mode"): ServiceMode,
    ("statement", "status"): StatementStatus,
    ("statement_line", "payment"): LinePayment,
    ("statement_line", "reason"): QueryReason,
    ("statement_line", "review"): LineReview,
    ("statement_line", "refusal"): RefusalReason,
    ("statement", "turn_side"): Turn,
    ("line_appeal", "status"): AppealStatus,
}
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
    if (labels := _CODES.get((subject, name))) is not None:
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
