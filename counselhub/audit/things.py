"""Things whose record may be opened: who may read it, and the page that they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from counselhub.advisers.models import Adviser
from counselhub.agreements.models import ContractClause
from counselhub.appeals.models import LineAppeal
from counselhub.assignments.models import Assignment
from counselhub.attendance.models import (
    AttendanceAccount,
    AttendanceCheck,
    AttendanceFile,
    AttendanceLink,
    AttendancePlace,
)
from counselhub.audit.money_things import MONEY_THINGS, SHARED_THINGS
from counselhub.audit.names import (
    appeal_name,
    case_number,
    masked,
    notice_name,
    referral_rule_name,
    rule_name,
    scale_name,
)
from counselhub.audit.thing import Thing
from counselhub.choosing.models import ChoiceRound
from counselhub.claims.dossier_models import ClaimDossier, ClaimReading, ClaimScale
from counselhub.claims.models import CaseClaim
from counselhub.clients.models import Client
from counselhub.conferences.models import Conference
from counselhub.contracts.models import Contract
from counselhub.core import history
from counselhub.core.access import allowed, can, current_member, fetch
from counselhub.core.db import db
from counselhub.core.errors import ForbiddenError, NotFoundError
from counselhub.core.history import Event
from counselhub.core.permissions import Permission
from counselhub.corrections.models import SessionCorrection
from counselhub.cover.models import AbsenceReason, CoverRequest, ReplacementAnswer
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.handovers.models import ChatGroup, HandoverPack, Promise
from counselhub.instalments.models import Instalment
from counselhub.interviews.models import Interview
from counselhub.leave.models import LeaveRequest
from counselhub.ledgers.models import LedgerLine, LedgerSheet
from counselhub.liaisons.models import CommitteePost, Liaison
from counselhub.matters.models import Matter
from counselhub.packets.models import Packet, PacketReceived
from counselhub.pairings.models import Pairing, PairingRule
from counselhub.pairings.studio_models import PartyStudio
from counselhub.pairings.work_models import (
    PairingActivity,
    PairingItem,
    PairingProject,
    PlannedActivity,
)
from counselhub.points.models import DutyPoint
from counselhub.premises.models import PremisesReport
from counselhub.products.checkup_models import Checklist, Checkup
from counselhub.products.document_models import DocumentTemplate, DraftedDocument
from counselhub.products.lecture_models import Lecture
from counselhub.products.text_models import TextReview
from counselhub.programme.models import ReportTemplate
from counselhub.referrals.models import Referral
from counselhub.referrals.team_models import ReferralRule, Team
from counselhub.roster.models import DutySlot, DutyTerm, RosterMonth, RosterRule
from counselhub.roster.wording import sentence
from counselhub.rota.models import OnlineTurn, Rota
from counselhub.schemes.models import Scheme
from counselhub.services.models import ServiceRecord
from counselhub.spotchecks.models import SpotCheck
from counselhub.statements.models import Statement, StatementLine

P = Permission


THINGS: Mapping[str, Thing] = {
    "statement": Thing(
        Statement,
        (P.STATEMENT_READ, P.REVIEW_READ),
        "number",
        "statements.statement",
        "statement_id",
    ),
    "line_appeal": Thing(
        LineAppeal,
        (P.STATEMENT_READ, P.REVIEW_READ, P.BUREAU_READ),
        appeal_name,
        "appeals.appeal",
        "appeal_id",
    ),
    "contract": Thing(
        Contract, (P.CONTRACT_MANAGE,), "number", "contracts.contract", "contract_id"
    ),
    "contract_clause": Thing(
        ContractClause, (P.CONTRACT_MANAGE,), "title", "agreements.clause", "clause_id"
    ),
    "instalment": Thing(
        Instalment,
        (P.STATEMENT_PREPARE, P.REVIEW_READ),
        "name",
        "instalments.instalment",
        "instalment_id",
    ),
    "assignment": Thing(Assignment, (P.FIRM_READ,), "community_code"),
    "duty_session": Thing(DutySession, (P.FIRM_READ,), "day", "duty.session", "session_id"),
    "session_correction": Thing(
        SessionCorrection, (P.FIRM_READ,), "day", "corrections.correction", "correction_id"
    ),
    "online_shift": Thing(OnlineShift, (P.FIRM_READ,), "starts_at", "duty.shift", "shift_id"),
    "duty_point": Thing(DutyPoint, (P.DUTY_MANAGE,), "community_code"),
    "rota": Thing(Rota, (P.FIRM_READ,), "name", "rota.table", "rota_id"),
    "online_turn": Thing(OnlineTurn, (P.FIRM_READ,), "starts_at", "rota.turn", "turn_id"),
    "duty_term": Thing(DutyTerm, (P.CONTRACT_MANAGE,), sentence, "roster.term", "term_id"),
    "duty_slot": Thing(DutySlot, (P.FIRM_READ,), "day", "roster.slot", "slot_id"),
    "leave_request": Thing(
        LeaveRequest, (P.FIRM_READ,), "first_on", "leave.request_of", "leave_id"
    ),
    "roster_month": Thing(RosterMonth, (P.FIRM_READ,), "month"),
    "roster_rule": Thing(RosterRule, (P.DUTY_MANAGE,), rule_name),
    "cover_request": Thing(
        CoverRequest, (P.DUTY_MANAGE,), "asked_at", "cover.one_request", "cover_id"
    ),
    "absence_reason": Thing(AbsenceReason, (P.DUTY_MANAGE,), "given_at"),
    "replacement_answer": Thing(ReplacementAnswer, (P.ABSENCE_JUDGE,), "answered_at"),
    "handover_pack": Thing(
        HandoverPack, (P.FIRM_READ,), "community_code", "handovers.pack", "pack_id"
    ),
    "promise": Thing(Promise, (P.FIRM_READ,), "to_whom"),
    "chat_group": Thing(ChatGroup, (P.FIRM_READ,), "name"),
    "liaison": Thing(Liaison, (P.FIRM_READ, P.REVIEW_READ), "name"),
    "committee_post": Thing(CommitteePost, (P.FIRM_READ, P.REVIEW_READ), "community_code"),
    "choice_round": Thing(ChoiceRound, (P.FIRM_READ,), "name", "choosing.choice", "round_id"),
    "service_record": Thing(
        ServiceRecord, (P.FIRM_READ,), "number", "services.record", "record_id"
    ),
    "referral": Thing(Referral, (P.REFERRAL_USE,), "number", "referrals.referral", "referral_id"),
    "conference": Thing(
        Conference,
        (P.REFERRAL_USE,),
        "title",
        "conferences.conference",
        "conference_id",
    ),
    "packet": Thing(
        Packet, (P.REFERRAL_MANAGE, P.REVIEW_READ), "to_name", "packets.packet", "packet_id"
    ),
    "packet_received": Thing(
        PacketReceived,
        (P.REFERRAL_MANAGE,),
        "from_name",
        "packets.received",
        "packet_received_id",
    ),
    "referral_rule": Thing(ReferralRule, (P.REFERRAL_MANAGE,), referral_rule_name),
    "team": Thing(Team, (P.REFERRAL_USE,), "name"),
    "ledger_line": Thing(LedgerLine, (P.STATEMENT_READ, P.REVIEW_READ), "community_code"),
    "ledger_sheet": Thing(
        LedgerSheet,
        (P.STATEMENT_READ, P.REVIEW_READ),
        "month",
        "ledgers.firm_sheet",
        "ledger_sheet_id",
    ),
    "spot_check": Thing(
        SpotCheck, (P.SPOT_READ, P.FIRM_READ), "day", "spotchecks.result", "spot_check_id"
    ),
    "interview": Thing(
        Interview,
        (P.SPOT_READ, P.DUTY_MANAGE),
        "held_on",
        "interviews.interview",
        "interview_id",
    ),
    "premises_report": Thing(PremisesReport, (P.FIRM_READ, P.PREMISES_READ), "community_code"),
    "case_claim": Thing(CaseClaim, (P.SERVICE_MANAGE,), "number", "claims.claim", "claim_id"),
    "claim_dossier": Thing(
        ClaimDossier,
        (P.SERVICE_LOG, P.REVIEW_READ),
        case_number,
        "claims.dossier",
        "claim_id",
    ),
    "claim_reading": Thing(
        ClaimReading, (P.SERVICE_LOG, P.REVIEW_READ), "read_at", "claims.dossier", "claim_id"
    ),
    "claim_scale": Thing(ClaimScale, (P.SERVICE_MANAGE,), scale_name, "", ""),
    "pairing": Thing(Pairing, (P.FIRM_READ,), "party_b", "pairings.pairing", "pairing_id"),
    "pairing_activity": Thing(PairingActivity, (P.FIRM_READ,), "theme"),
    "pairing_item": Thing(PairingItem, (P.FIRM_READ,), "title"),
    "pairing_project": Thing(PairingProject, (P.FIRM_READ,), "title"),
    "pairing_rule": Thing(PairingRule, (P.FIRM_READ,), notice_name),
    "party_studio": Thing(
        PartyStudio, (P.FIRM_READ,), "name", "pairings.studio", "party_studio_id"
    ),
    "planned_activity": Thing(PlannedActivity, (P.FIRM_READ,), "theme"),
    "report_template": Thing(
        ReportTemplate,
        (P.SERVICE_MANAGE,),
        "name",
        "programme.template",
        "report_template_id",
    ),
    "scheme": Thing(Scheme, (P.SCHEME_MANAGE,), "name", "schemes.scheme", "scheme_id"),
    "checkup": Thing(Checkup, (P.SERVICE_LOG,), "day", "products.checkup", "checkup_id"),
    "checklist": Thing(Checklist, (P.SERVICE_MANAGE,), "name"),
    "lecture": Thing(Lecture, (P.SERVICE_LOG,), "theme", "products.lecture", "lecture_id"),
    "document_template": Thing(DocumentTemplate, (P.SERVICE_MANAGE,), "name"),
    "drafted_document": Thing(DraftedDocument, (P.SERVICE_LOG,), "title"),
    "text_review": Thing(TextReview, (P.SERVICE_LOG,), "title", "products.text", "text_id"),
    "matter": Thing(Matter, (P.MATTER_WORK,), "number", "matters.matter", "matter_id"),
    "client": Thing(Client, (P.CLIENT_READ,), masked, "clients.client", "client_id"),
    "attendance_account": Thing(AttendanceAccount, (P.DUTY_MANAGE,), "name"),
    "attendance_check": Thing(
        AttendanceCheck, (P.DUTY_MANAGE,), "day", "attendance.check", "check_id"
    ),
    "attendance_file": Thing(
        AttendanceFile, (P.DUTY_MANAGE,), "name", "attendance.file", "file_id"
    ),
    "attendance_link": Thing(AttendanceLink, (P.WORKBOOK,), "app_key"),
    "attendance_place": Thing(AttendancePlace, (P.DUTY_MANAGE,), "words"),
    "adviser": Thing(Adviser, (P.FIRM_READ,), "name", "advisers.adviser", "adviser_id"),
    **MONEY_THINGS,
}
OFFICE_PAGES = {
    **{subject: thing.endpoint for subject, thing in SHARED_THINGS.items()},
    "statement": "review.statement",
    "ledger_sheet": "ledgers.sheet",
    "spot_check": "spotchecks.check",
    "interview": "interviews.interview",
    "pairing": "pairings.shared_pairing",
    "instalment": "instalments.shared_instalment",
    "claim_dossier": "readings.reading",
    "claim_reading": "readings.reading",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """One thing with its acts, newest first; of one that is gone or not in sight only these."""

    title: str
    page: str | None
    events: list[Event]
    is_gone: bool = False


def opened(subject: str, thing_id: UUID) -> Opened:
    """Return a thing's record for the present member.

    Raises NotFoundError for what is not in sight, ForbiddenError for the wrong role. Whoever reads
    the whole record reads it of rows too that are gone or that only others see.
    """
    thing = THINGS.get(subject)
    if thing is None:
        raise NotFoundError()
    try:
        row = fetch(thing.model, thing_id)
    except NotFoundError:
        return _of_unseen(subject, thing, thing_id)
    if not any(allowed(current_member(), one) for one in (*thing.permissions, P.AUDIT_READ)):
        raise ForbiddenError()
    events = _with_lines(row) if subject == "statement" else history.of(row)
    return Opened(thing.called(row), _page(subject, thing, thing_id), events[::-1])


def _of_unseen(subject: str, thing: Thing, thing_id: UUID) -> Opened:
    """Return the acts on a row that is gone, or that only others see, for who reads all acts."""
    query = db.select(Event).where(Event.subject_id == thing_id, Event.subject == subject)
    events = list(db.session.scalars(query.order_by(Event.at.desc(), Event.id.desc())))
    if not events or not can(P.AUDIT_READ):
        raise NotFoundError()
    there = db.select(thing.model.id).where(thing.model.id == thing_id)
    return Opened("", None, events, is_gone=db.session.scalar(there) is None)


def _with_lines(statement: Statement) -> list[Event]:
    """Return the acts on a statement and its lines, oldest first."""
    lines = db.select(StatementLine.id).where(
        StatementLine.firm_id == statement.firm_id, StatementLine.statement_id == statement.id
    )
    query = db.select(Event).where(
        Event.firm_id == statement.firm_id,
        (Event.subject_id == statement.id) | Event.subject_id.in_(lines),
    )
    return list(db.session.scalars(query.order_by(Event.at, Event.id)))


def _page(subject: str, thing: Thing, thing_id: UUID) -> str | None:
    endpoint = thing.endpoint
    if can(P.REVIEW_READ):
        endpoint = OFFICE_PAGES.get(subject, "")
    values: dict[str, Any] = {thing.argument: thing_id}
    return url_for(endpoint, **values) if endpoint else None
