"""Every address of the application, and whose row each of its parameters names.

A new route needs no line here unless its parameter is new: then `RULES` must say what it is, and
until it does the tests fail. That is the one place where a newcomer is asked.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import Flask, url_for

from counselhub.core.permissions import Role
from tests.isolation import rights
from tests.isolation.world import Furnished
from tests.programs import is_for_programs


class Kind(Enum):
    """What a parameter of an address names."""

    ROW = "a row of one firm: nobody else's members find it"
    REFERENCE = "everybody's reference"
    BEARER = "a secret that opens for whoever holds it"


WRITTEN = rights.written()
K = Kind
RULES: dict[str, Kind] = {
    "account_id": K.ROW,
    "activity_photo_id": K.ROW,
    "adviser_id": K.ROW,
    "answer_id": K.ROW,
    "assessment_id": K.ROW,
    "assignment_id": K.ROW,
    "balance_dispute_id": K.ROW,
    "balance_id": K.ROW,
    "payment_item_id": K.ROW,
    "payment_list_id": K.ROW,
    "receipt_allocation_id": K.ROW,
    "receipt_digest": K.ROW,
    "receipt_id": K.ROW,
    "write_off_id": K.ROW,
    "attachment_id": K.ROW,
    "check_id": K.ROW,
    "claim_file_id": K.ROW,
    "claim_id": K.ROW,
    "client_id": K.ROW,
    "code": K.REFERENCE,
    "contract_id": K.ROW,
    "correction_id": K.ROW,
    "cover_id": K.ROW,
    "digest": K.ROW,
    "departure_id": K.REFERENCE,  # the operator knows who leaves, and none of its rows
    "draw_id": K.ROW,
    "duty": K.REFERENCE,
    "adjustment_id": K.ROW,
    "clawback_id": K.ROW,
    "overdue_id": K.ROW,
    "kind": K.REFERENCE,
    "late_entry_id": K.ROW,
    "late_file_id": K.ROW,
    "leave_id": K.ROW,
    "file_digest": K.ROW,
    "file_id": K.ROW,
    "filter_id": K.ROW,
    "follow_up_id": K.ROW,
    "feedback_id": K.ROW,
    "group_id": K.ROW,
    "handover_id": K.ROW,
    "clause_id": K.ROW,
    "contract_paper_id": K.ROW,
    "instalment_id": K.ROW,
    "instalment_file_id": K.ROW,
    "instalment_payment_id": K.ROW,
    "hook_delivery_id": K.ROW,
    "hook_id": K.ROW,
    "interview_id": K.ROW,
    "issue_id": K.ROW,
    "liaison_id": K.ROW,
    "ledger_import_id": K.ROW,
    "ledger_line_id": K.ROW,
    "ledger_sheet_id": K.ROW,
    "line_id": K.ROW,
    "line_file_id": K.ROW,
    "appeal_id": K.ROW,
    "sentence_id": K.ROW,
    "conference_id": K.ROW,
    "conference_minutes_id": K.ROW,
    "conference_task_id": K.ROW,
    "conflict_id": K.ROW,
    "matter_id": K.ROW,
    "membership_id": K.ROW,
    "packet_id": K.ROW,
    "packet_received_id": K.ROW,
    "pairing_activity_id": K.ROW,
    "mark_id": K.ROW,
    "pack_example_id": K.ROW,
    "pack_id": K.ROW,
    "pack_rehearsal_id": K.ROW,
    "pack_version_id": K.ROW,
    "paper_id": K.ROW,
    "party_id": K.ROW,
    "pairing_id": K.ROW,
    "pairing_item_id": K.ROW,
    "pairing_project_id": K.ROW,
    "pairing_scan_id": K.ROW,
    "party_studio_id": K.ROW,
    "passkey_id": K.ROW,
    "post_id": K.ROW,
    "premises_file_id": K.ROW,
    "promise_id": K.ROW,
    "proposal_id": K.ROW,
    "report_id": K.ROW,
    "place_id": K.ROW,
    "planned_activity_id": K.ROW,
    "photo_id": K.ROW,
    "query_id": K.ROW,
    "record_id": K.ROW,
    "referral_id": K.ROW,
    "request_id": K.ROW,
    "room_photo_id": K.REFERENCE,  # of a room that several firms serve
    "rota_id": K.ROW,
    "round_id": K.ROW,
    "scheme_id": K.ROW,
    "scheme_pack_id": K.REFERENCE,  # published: every firm of its place reads it
    "service_file_id": K.ROW,
    "service_id": K.ROW,
    "session_id": K.ROW,
    "shift_id": K.ROW,
    "slot_id": K.ROW,
    "spot_check_id": K.ROW,
    "spot_photo_id": K.ROW,
    "statement_id": K.ROW,
    "subject": K.REFERENCE,
    "report_template_id": K.ROW,
    "template_id": K.ROW,
    "team_id": K.ROW,
    "term_id": K.ROW,
    "checklist_id": K.ROW,
    "checkup_id": K.ROW,
    "item_id": K.ROW,
    "lecture_id": K.ROW,
    "document_id": K.ROW,
    "document_template_id": K.ROW,
    "text_id": K.ROW,
    "opinion_id": K.ROW,
    "thing_id": K.ROW,
    "token": K.BEARER,
    "turn_id": K.ROW,
    "version_id": K.ROW,
    "wall_id": K.ROW,
    "year": K.REFERENCE,
    "year_file_id": K.ROW,
    "archive_id": K.ROW,
    "work_id": K.ROW,
    "invitation_id": K.ROW,
    "place_invitation_id": K.REFERENCE,  # the operator confirms every one
    "firm_code": K.REFERENCE,  # the operator knows every firm, and none of its rows
    "outage_id": K.REFERENCE,  # everybody reads it
    "waiting_link_id": K.REFERENCE,  # the platform's own, of no tenant
    "bill_id": K.ROW,
    "transfer_id": K.ROW,
    "bill_payment_id": K.ROW,
    "invoice_request_id": K.ROW,
    "api_token_id": K.ROW,
    "support_consent_id": K.ROW,
    "robot_id": K.ROW,
    "notice_id": K.ROW,
}
"""What each parameter is; `Furnished.ids` holds a real value of every one."""


@dataclass(frozen=True)
class Route:
    """One address with one method; `asks` is what `rights.txt` says that it asks for."""

    endpoint: str
    rule: str
    method: str
    arguments: frozenset[str]
    asks: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def guarded(self) -> bool:
        """Whether somebody must be signed in."""
        return self.asks != (rights.PUBLIC,)

    @property
    def required(self) -> bool:
        """Whether a permission is asked for."""
        return self.guarded and self.asks != (rights.SIGNED_IN,)

    @property
    def has_row(self) -> bool:
        """Whether the address names a row of a firm."""
        return any(kind_of(name) is Kind.ROW for name in self.arguments)

    def may(self, role: Role) -> bool:
        """Whether `role` is to be let in."""
        return bool(set(WRITTEN[f"role {role}"]) & set(self.asks))

    def of(self, app: Flask, owner: Furnished) -> str:
        """Return the address with the ids of `owner`'s rows."""
        values: dict[str, Any] = {name: value_of(name, owner) for name in self.arguments}
        with app.test_request_context():
            return url_for(self.endpoint, _external=False, **values)


def kind_of(name: str) -> Kind:
    """Return what a parameter is; a test fails where this page does not know it."""
    if name not in RULES:
        raise LookupError(f"tests/isolation/addresses.py must say what the parameter {name} names")
    return RULES[name]


def is_reference(name: str) -> bool:
    """Whether a parameter names what is everybody's: it tells nothing of a firm."""
    return RULES.get(name) is Kind.REFERENCE


def value_of(name: str, owner: Furnished) -> str:
    """Return a real value of a parameter, of a row that `owner` has."""
    kind_of(name)
    if name not in owner.ids:
        raise LookupError(f"tests/isolation/furnishing.py must furnish a row for {name}")
    return owner.ids[name]


def routes() -> list[Route]:
    """Return every address of a page, read from the features themselves."""
    return [
        Route(
            endpoint=rule.endpoint,
            rule=rule.rule,
            method=method,
            arguments=frozenset(rule.arguments),
            asks=tuple(WRITTEN.get(f"{method} {rule.rule}", asked)),
        )
        for rule, asked in rights.addresses()
        if not is_for_programs(rule)
        for method in rights.methods_of(rule)
    ]
