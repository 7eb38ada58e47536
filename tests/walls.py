"""Policies beside those of a table's class: walls around matters, and what few tables need."""

from counselhub.core.row_security import FIRM
from tests.class_conditions import SEEN_CHECK

_MATTERS = "(SELECT walled_matters())::uuid[]"
_SERVICES = "(SELECT walled_services())::uuid[]"
_REFERRALS = "(SELECT walled_referrals())::uuid[]"
_OF_REFERRALS = ("offer", "member", "pause", "handover", "feedback")
_WHOLES = {
    "conference_seat": "conference",
    "conference_task": "conference",
    "conference_minutes": "conference",
    "packet_file": "packet",
}
WALLS = {
    "matter": f"id <> ALL ({_MATTERS})",
    "matter_member": f"matter_id <> ALL ({_MATTERS})",
    "matter_party": f"matter_id <> ALL ({_MATTERS})",
    "matter_paper": f"matter_id <> ALL ({_MATTERS})",
    "matter_service": f"matter_id <> ALL ({_MATTERS})",
    "party_key": "EXISTS (SELECT FROM matter_party p"
    " WHERE p.firm_id = party_key.firm_id AND p.id = party_key.party_id)",
    "conflict_check": f"coalesce(matter_id <> ALL ({_MATTERS}), true)",
    "matter_conflict": f"matter_id <> ALL ({_MATTERS})"
    f" AND coalesce(other_id <> ALL ({_MATTERS}), true)",
    "service_note": f"service_id <> ALL ({_SERVICES})",
    "service_file": f"service_id <> ALL ({_SERVICES})",
    "service_file_content": "EXISTS (SELECT FROM service_file f"
    " WHERE f.firm_id = service_file_content.firm_id AND f.id = service_file_content.file_id)",
    "follow_up_note": "EXISTS (SELECT FROM service_follow_up u"
    " WHERE u.firm_id = follow_up_note.firm_id AND u.id = follow_up_note.follow_up_id"
    f" AND u.service_id <> ALL ({_SERVICES}))",
    "referral": f"id <> ALL ({_REFERRALS})",
    **{f"referral_{part}": f"referral_id <> ALL ({_REFERRALS})" for part in _OF_REFERRALS},
    "home_visit": f"referral_id <> ALL ({_REFERRALS})",
    "event": "subject_id <> ALL ((SELECT walled_things())::uuid[])",
    "text_review": f"coalesce(service_id <> ALL ({_SERVICES}), true)",
    "checkup": f"coalesce(service_id <> ALL ({_SERVICES}), true)",
    "checkup_item": "EXISTS (SELECT FROM checkup c"
    " WHERE c.firm_id = checkup_item.firm_id AND c.id = checkup_item.checkup_id)",
    "lecture": f"coalesce(service_id <> ALL ({_SERVICES}), true)",
    "lecture_draft": "EXISTS (SELECT FROM lecture l"
    " WHERE l.firm_id = lecture_draft.firm_id AND l.id = lecture_draft.lecture_id)",
    "drafted_document": f"coalesce(service_id <> ALL ({_SERVICES}), true)",
    "text_version": "EXISTS (SELECT FROM text_review r"
    " WHERE r.firm_id = text_version.firm_id AND r.id = text_version.review_id)",
    "text_opinion": "EXISTS (SELECT FROM text_review r"
    " WHERE r.firm_id = text_opinion.firm_id AND r.id = text_opinion.review_id)",
    "conference": f"service_id <> ALL ({_SERVICES})"
    f" AND coalesce(referral_id <> ALL ({_REFERRALS}), true)",
    "packet": f"referral_id <> ALL ({_REFERRALS})",
} | {
    part: f"EXISTS (SELECT FROM {whole} o WHERE o.firm_id = {part}.firm_id"
    f" AND o.id = {part}.{whole}_id)"
    for part, whole in _WHOLES.items()
}
"""What nobody reads of a matter that he is walled off from, whatever else lets him."""

FURTHER_POLICIES: dict[str, list[str]] = {
    # A firm's manager invites and ends the memberships of the firm.
    "membership": [f"firm_owns ON membership USING ({FIRM}) WITH CHECK ({FIRM})"],
    # For functions that ask as the owner of the tables, which row security binds too.
    "case_claim": ["disputes ON case_claim FOR SELECT TO CURRENT_USER USING (true)"],
    "dispute_key": ["disputes ON dispute_key FOR SELECT TO CURRENT_USER USING (true)"],
    "case_payment": ["registry ON case_payment TO CURRENT_USER USING (true)"],
    "chain_day": ["links ON chain_day TO CURRENT_USER USING (true)"],
    "event_link": ["links ON event_link TO CURRENT_USER USING (true)"],
    "hook": ["telling ON hook FOR SELECT TO CURRENT_USER USING (true)"],
    "hook_delivery": ["telling ON hook_delivery FOR INSERT TO CURRENT_USER WITH CHECK (true)"],
    "rate_count": ["counting ON rate_count TO CURRENT_USER USING (true) WITH CHECK (true)"],
    # A firm answers what an office has published, once, and adds what it can show.
    "spot_check": [
        f"firm_answers ON spot_check FOR UPDATE USING ({FIRM} AND status = 'published')"
        f" WITH CHECK ({FIRM} AND status = 'answered')"
    ],
    # A firm answers the published lines of a reconciliation, and confirms a frozen sheet.
    "ledger_line": [
        f"firm_answers ON ledger_line FOR UPDATE USING ({FIRM} AND published_at IS NOT NULL"
        f" AND status <> 'clear') WITH CHECK ({FIRM} AND published_at IS NOT NULL"
        " AND status IN ('agreed', 'disputed'))"
    ],
    "ledger_sheet": [
        f"firm_confirms ON ledger_sheet FOR UPDATE USING ({FIRM} AND status = 'frozen')"
        f" WITH CHECK ({FIRM} AND status IN ('frozen', 'signed'))"
    ],
    "spot_photo": [
        f"firm_adds ON spot_photo FOR INSERT WITH CHECK ({FIRM} AND side = 'firm' AND "
        + SEEN_CHECK.format(" AND c.status = 'published'")
        + ")"
    ],
    "interview": [
        f"firm_acknowledges ON interview FOR UPDATE USING ({FIRM} AND status = 'published')"
        f" WITH CHECK ({FIRM} AND status = 'acknowledged')"
    ],
    "community": ["search ON community FOR SELECT TO CURRENT_USER USING (true)"],
    "service_follow_up": ["search ON service_follow_up FOR SELECT TO CURRENT_USER USING (true)"],
    "follow_up_note": ["search ON follow_up_note FOR SELECT TO CURRENT_USER USING (true)"],
    "conference": ["search ON conference FOR SELECT TO CURRENT_USER USING (true)"],
    "referral": ["search ON referral FOR SELECT TO CURRENT_USER USING (true)"],
    "service_note": ["search ON service_note FOR SELECT TO CURRENT_USER USING (true)"],
    "service_record": ["search ON service_record FOR SELECT TO CURRENT_USER USING (true)"],
}
"""Policies that no class has."""
for _table in ("matter", "matter_party", "text_review", "company", "lecture", "invoice"):
    FURTHER_POLICIES[_table] = [f"search ON {_table} FOR SELECT TO CURRENT_USER USING (true)"]
for _table in ("scheme", "scheme_pack", "contract"):
    FURTHER_POLICIES.setdefault(_table, []).append(
        f"adopters ON {_table} FOR SELECT TO CURRENT_USER USING (true)"
    )
for _table, _rule in WALLS.items():
    FURTHER_POLICIES.setdefault(_table, []).append(
        f"wall ON {_table} AS RESTRICTIVE FOR SELECT TO counselhub_app USING ({_rule})"
    )
