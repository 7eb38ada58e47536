"""The Chinese words of the codes that stand in an archive's columns."""

from collections.abc import Iterable, Mapping

from counselhub.assessments.kinds import AssessmentStatus
from counselhub.audit.wording import act_word
from counselhub.balances.kinds import BalanceStatus
from counselhub.claims.kinds import Difficulty, Refusal, Verdict
from counselhub.confirmations.kinds import Answer, Office, RequestStatus
from counselhub.contracts.kinds import ContractKind
from counselhub.core.labels import Labelled
from counselhub.corrections.kinds import PaperKind
from counselhub.duty.kinds import MatchVerdict, PunchKind, PunchTiming, PunchVerdict
from counselhub.instalments.kinds import InvoiceKind
from counselhub.interviews.kinds import InterviewReason
from counselhub.ledgers.kinds import ImportStatus, Outcome
from counselhub.packs.kinds import PackStatus, RehearsalStatus
from counselhub.payments.kinds import ItemStatus, ListStatus
from counselhub.points.kinds import CodeVerdict, PositionVerdict
from counselhub.premises.kinds import FileKind as PremisesFileKind
from counselhub.premises.kinds import IssueKind, IssueStatus, RoomKind
from counselhub.receipts.kinds import How, WriteOffStatus
from counselhub.schemes.kinds import DeductionMode, LowestGrade, SettlementCycle
from counselhub.services.kinds import FileKind
from counselhub.statements.states import QueryReason
from counselhub.statements.wording import KIND_WORDS

_CODES: Mapping[tuple[str, str], Iterable[Labelled]] = {
    ("assessment", "status"): AssessmentStatus,
    ("balance", "status"): BalanceStatus,
    ("canned_reason", "reason"): QueryReason,
    ("claim_reading", "difficulty"): Difficulty,
    ("claim_reading", "reason"): Refusal,
    ("claim_reading", "verdict"): Verdict,
    ("confirmation_request", "office"): Office,
    ("confirmation_request", "status"): RequestStatus,
    ("contract_community", "kind"): ContractKind,
    ("correction_file", "kind"): PaperKind,
    ("duty_position", "verdict"): PositionVerdict,
    ("duty_punch", "kind"): PunchKind,
    ("duty_punch", "timing"): PunchTiming,
    ("duty_punch", "verdict"): PunchVerdict,
    ("duty_scan", "verdict"): CodeVerdict,
    ("interview", "reason"): InterviewReason,
    ("invoice", "kind"): InvoiceKind,
    ("late_file", "kind"): PaperKind,
    ("ledger_import", "status"): ImportStatus,
    ("ledger_line", "outcome"): Outcome,
    ("line_query", "reason"): QueryReason,
    ("pack_rehearsal", "status"): RehearsalStatus,
    ("payment_item", "status"): ItemStatus,
    ("payment_list", "status"): ListStatus,
    ("premises", "room_kind"): RoomKind,
    ("premises_file", "kind"): PremisesFileKind,
    ("premises_issue", "kind"): IssueKind,
    ("premises_issue", "status"): IssueStatus,
    ("punch_match", "verdict"): MatchVerdict,
    ("receipt_allocation", "how"): How,
    ("scheme_pack_version", "status"): PackStatus,
    ("scheme_version", "cycle"): SettlementCycle,
    ("scheme_version", "deduction_mode"): DeductionMode,
    ("scheme_version", "lowest_grade"): LowestGrade,
    ("service_file", "kind"): FileKind,
    ("session_answer", "answer"): Answer,
    ("write_off", "status"): WriteOffStatus,
}
"""Those that the record of acts does not word."""

_ACTS_ON: Mapping[str, str] = {"statement_seal": "statement", "premises_step": "account"}
"""Under which subject the acts of a table's column are worded."""


def code_word(table: str, column: str, code: str) -> str | None:
    """Return the word of a code, None where the column holds no code of these."""
    if column == "act":
        return act_word(_ACTS_ON[table], code)
    if (table, column) == ("statement_line", "kind"):
        return next((word for kind, word in KIND_WORDS.items() if kind.value == code), None)
    return next((one.word for one in _CODES.get((table, column), ()) if one.value == code), None)
