"""Where the keys of a firm's table depart from the plain rules, and why."""

KEYS_WITHOUT_FIRM = {
    "case_payment": "a 案件编号 is paid once ever, whichever firm repeats it (M8)",
}
"""Firm tables with a unique key that does not begin with the firm."""

KEYS_OF_THEIR_OWN = {
    "write_off_rule": ["firm_id"],  # one for a firm
    "activity_adviser": ["firm_id", "activity_id", "adviser_id"],  # a pair
    "activity_note": ["firm_id", "activity_id"],  # one for an activity
    "adviser_contact": ["firm_id", "adviser_id"],  # one for an adviser
    "case_payment": ["case_number"],  # paid once ever
    "claim_file_content": ["firm_id", "file_id"],  # one for a file
    "claim_client": ["firm_id", "claim_id"],  # one for a claim
    "closed_month": ["firm_id", "place_code", "month", "statement_id"],  # what a trigger looks up
    "correction_file_content": ["firm_id", "file_id"],  # one for a file
    "duty_phone": ["firm_id", "adviser_id"],  # one for an adviser
    "certifying_rule": ["firm_id"],  # one for a firm
    "firm_account": ["firm_id"],  # one for a firm
    "follow_up_note": ["firm_id", "follow_up_id"],  # one for a follow-up
    "inspection_rule": ["firm_id"],  # one for a firm
    "line_file_content": ["firm_id", "file_id"],  # one for a file
    "lecture_draft": ["firm_id", "lecture_id"],  # one for a lecture
    "service_file_content": ["firm_id", "file_id"],  # one for a file
    "handover_note": ["firm_id", "turn_id"],  # one for a turn
    "party_consent": ["firm_id", "adviser_id"],  # one for an adviser
    "matter_member": ["firm_id", "matter_id", "adviser_id"],  # a pair
    "matter_service": ["firm_id", "service_id"],  # one matter for a service
    "party_key": ["firm_id", "party_id", "kind", "digest"],  # the marks of a party
    "packet_file": ["firm_id", "packet_id"],  # one for a packet
    "photo_content": ["firm_id", "photo_id"],  # one for a photo
    "service_client": ["firm_id", "service_id", "client_id"],  # a pair
    "service_note": ["firm_id", "service_id"],  # one for a service record
}
"""Firm tables whose primary key is not (firm_id, id)."""

REFERENCES_WITHOUT_KEY = {
    ("write_off", "asked_by_id"): "a person of the platform's table",
    ("write_off", "decided_by_id"): "a person of the platform's table",
    ("claim_reading", "read_by_id"): "a person of the platform's table",
    ("claim_reading", "second_by_id"): "a person of the platform's table",
    ("closed_month", "statement_id"): "the features above own statements; read by its id only",
    ("handover_line", "subject_id"): "a line outlives what it tells of, of whatever kind",
    ("ledger_sheet", "frozen_by_id"): "a person of the platform's table",
    ("spot_check", "slot_id"): "a firm that plans anew must not learn what was drawn",
    ("statement_line", "contract_id"): "a line outlives the contract as it then was",
    ("event", "subject_id"): "a record of acts outlives what it is about",
    ("assessment", "confirmed_by_id"): "a person of the platform's table",
    ("assessment", "proposed_by_id"): "a person of the platform's table",
    ("late_entry", "asked_by_id"): "a person of the platform's table",
    ("late_entry", "decided_by_id"): "a person of the platform's table",
    ("session_correction", "asked_by_id"): "a person of the platform's table",
    ("session_correction", "decided_by_id"): "a person of the platform's table",
    ("event", "actor_id"): "an office's people act on a firm's rows",
    ("event", "membership_id"): "a record of acts outlives memberships",
}
"""Columns of firm tables that name a row without a foreign key."""
