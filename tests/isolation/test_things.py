"""Every kind of thing that a firm has: its record has a page that leads back, or a reason."""

import re

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from counselhub.audit.things import THINGS
from counselhub.audit.wording import SUBJECTS
from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import FirmOwned, as_scope
from tests.isolation.conftest import SignIn
from tests.isolation.tables import MODELS
from tests.isolation.world import World
from tests.recording import WITHOUT_PAGE
from tests.test_every_page import Reader, faults

PARTS = {
    "activity_adviser": "pairing_activity",
    "activity_note": "pairing_activity",
    "activity_photo": "pairing_activity",
    "adviser_contact": "adviser",
    "attendance_day": "attendance_account",
    "attendance_punch": "attendance_account",
    "case_payment": "statement",
    "claim_client": "client",
    "claim_file": "case_claim",
    "claim_file_content": "case_claim",
    "claim_paper": "case_claim",
    "dispute_key": "case_claim",
    "closed_month": "statement",
    "contract_community": "contract",
    "contract_notice": "contract",
    "contract_paper": "contract",
    "instalment_file": "instalment",
    "instalment_payment": "instalment",
    "invoice": "instalment",
    "correction_file": "session_correction",
    "correction_file_content": "session_correction",
    "duty_fix": "duty_session",
    "duty_position": "duty_session",
    "duty_scan": "duty_session",
    "duty_phone": "adviser",
    "assessment_release": "assessment",
    "late_file": "late_entry",
    "handover_line": "handover_pack",
    "choice_wish": "choice_round",
    "choice_proposal": "choice_round",
    "handover_note": "online_turn",
    "rota_person": "rota",
    "rota_street": "rota",
    "cover_offer": "cover_request",
    "community_need": "referral_rule",
    "home_visit": "referral",
    "line_query": "statement_line",
    "line_entry": "statement_line",
    "line_file": "statement_line",
    "line_file_content": "statement_line",
    "packet_file": "packet",
    "pairing_scan": "pairing",
    "checkup_item": "checkup",
    "company": "checkup",
    "lecture_draft": "lecture",
    "text_opinion": "text_review",
    "text_version": "text_review",
    "matter_member": "matter",
    "matter_paper": "matter",
    "matter_party": "matter",
    "matter_service": "matter",
    "matter_wall": "matter",
    "party_key": "matter",
    "conference_minutes": "conference",
    "conference_seat": "conference",
    "conference_task": "conference",
    "referral_feedback": "referral",
    "referral_member": "referral",
    "referral_offer": "referral",
    "referral_pause": "referral",
    "team_member": "team",
    "photo_content": "duty_session",
    "scheme_version": "scheme",
    "service_client": "client",
    "service_note": "service_record",
    "service_file": "service_record",
    "service_file_content": "service_record",
    "service_follow_up": "service_record",
    "follow_up_note": "service_record",
    "spot_photo": "spot_check",
    "punch_match": "duty_session",
    "session_answer": "duty_session",
    "session_photo": "duty_session",
    "balance_dispute": "balance",
    "performance_mark": "adviser",
    "receipt_allocation": "bank_receipt",
    "statement_freeze": "statement",
    "statement_seal": "statement",
}
"""Tables whose rows are a part of another thing, on whose record their acts stand."""
NONE = {
    "party_consent": "a word on one's own data; its acts are acts on accounts",
    "duty_code": "links and sheets that open something; their acts are acts on access",
    "position_choice": "a word on one's own data; its acts are acts on accounts",
    "entry_template": "a member's own shortcut; its acts are acts on accounts",
    "event": "it is the record",
    "inspection_rule": "one for a firm; its acts are acts on accounts",
    "saved_filter": "a member's own shortcut; its acts are acts on accounts",
    "chosen_street": "one choice of a firm's first path; its acts are acts on accounts",
    "skipped_step": "one choice of a firm's first path; its acts are acts on accounts",
    "certifying_rule": "one for a firm; its acts are acts on accounts",
    "firm_account": "one for a firm; its acts are acts on accounts",
}


def test_every_kind_has_its_page_or_a_reason() -> None:
    owned = {name for name, model in MODELS.items() if issubclass(model, FirmOwned)}
    known = {*THINGS, *WITHOUT_PAGE}
    assert owned | set(SUBJECTS) == known | set(PARTS) | set(NONE)
    assert set(THINGS) & set(WITHOUT_PAGE) == set()
    assert set(PARTS.values()) <= known


def test_nothing_else_was_ever_recorded(owner: Connection, world: World) -> None:
    """Acts are also written by SQL: what stands in the table is held against the list."""
    with owner.begin():
        owner.execute(text("alter table event no force row level security"))
        found = set(owner.scalars(text("select distinct subject from event")))
        owner.execute(text("alter table event force row level security"))
    assert "statement" in found
    assert found <= {*THINGS, *WITHOUT_PAGE}


@pytest.mark.parametrize("subject", THINGS)
def test_its_record_opens_and_leads_back(
    app: Flask, world: World, sign_in: SignIn, subject: str
) -> None:
    with app.app_context(), as_scope(world.victim.scope):
        honey = "" if subject not in ("adviser", "statement") else " where number not like 'CHH-%'"
        honey = honey.replace("number", "licence_number") if subject == "adviser" else honey
        row = db.session.scalar(text(f"select id from {subject}{honey} limit 1"))
    client = sign_in(world.victim, Role.MANAGER)
    page = client.get(f"/audit/things/{subject}/{row}")
    assert page.status_code == 200
    back = re.search(r'class="actions">\s*<a class="btn" href="([^"]+)"', page.text)
    assert bool(back) is bool(THINGS[subject].endpoint)
    if back:
        assert str(row) in back[1]
        shown = client.get(back[1])
        assert shown.status_code == 200
        assert faults(Reader(shown.text)) == []
