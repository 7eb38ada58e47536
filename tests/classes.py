"""Where a table departs from the plain rules of its class, and why: the one list of exceptions.

The tests build each table's policies anew from its class and this list, and compare.
"""

from typing import Any

from counselhub.core.row_security import DISTRICT, FIRM, PLATFORM, STREET

GOVERNMENT = "(select scope_kind()) IN ('office', 'bureau') AND ({})"
COVERED = "EXISTS (SELECT FROM contract_community c WHERE c.firm_id = {})"
SEEN_STATEMENT = (
    "EXISTS (SELECT FROM statement s"
    " WHERE s.firm_id = statement_line.firm_id AND s.id = statement_line.statement_id)"
)
SIGNED = "{} AND status <> 'draft'"
SHARED = "{} AND shared_at IS NOT NULL"
OF_PAIRING = (
    "EXISTS (SELECT FROM pairing p WHERE p.firm_id = {0}.firm_id AND p.id = {0}.pairing_id)"
)
OF_ACTIVITY = (
    "EXISTS (SELECT FROM pairing_activity a"
    " WHERE a.firm_id = {0}.firm_id AND a.id = {0}.activity_id)"
)
DECLARED = "{} AND status NOT IN ('draft', 'ready')"
AGREED = "{} AND status IN ('applied', 'to_adjust', 'adjusted')"
ACTIVATED = "(select scope_kind()) = 'firm' AND {} IS NOT NULL"
SEEN_CHECK = (
    "EXISTS (SELECT FROM spot_check c"
    " WHERE c.firm_id = spot_photo.firm_id AND c.id = spot_photo.check_id{})"
)
LET_GO = "{} AND status NOT IN ('asked', 'refused')"
SUBMITTED = "{} AND submitted_at IS NOT NULL"
KEY = "nullif(current_setting('app.scope_key', true), '')"
OWN_PLACE = f"kind = (select scope_kind()) AND key = (select {KEY})"
OWN_CHAIN = f"chain = (select scope_kind() || ':' || coalesce({KEY}, ''))"
NO_STREET: dict[str, Any] = {"office": None, "bureau": None}
"""The table names no street: government reads it through one that does."""


def seen_with(whole: str, table: str) -> dict[str, Any]:
    """Return the options of a table whose rows government sees with the row that they belong to."""
    return NO_STREET | {"readers": {"government_reads": GOVERNMENT.format(whole.format(table))}}


SERVED = (
    "EXISTS (SELECT FROM contract_community c JOIN contract k"
    " ON k.firm_id = c.firm_id AND k.id = c.contract_id"
    " WHERE c.firm_id = (select scope_firm()) AND c.community_code = {}.community_code"
    " AND k.status IN ('signed', 'filed', 'active', 'expired', 'terminated'))"
)
SHOWN_ROOM = (
    "kind = 'room' AND (select scope_firm()) IS NOT NULL"
    " AND EXISTS (SELECT FROM premises p WHERE p.id = premises_file.premises_id)"
)

CLASS_OPTIONS: dict[str, dict[str, Any]] = {
    # A tenant's own record of sign-ins and refusals, its administrators and its demands.
    "acceptance": {"append_only": True},
    "account_event": {"append_only": True, "readers": {"tenant_reads": OWN_PLACE}},
    "admin_duty": {"readers": {"tenant_reads": OWN_PLACE}},
    "factor_rule": {"readers": {"tenant_reads": OWN_PLACE}},
    "paper_code": {"append_only": True},
    "long_work": {"readers": {"tenant_reads": OWN_PLACE}},
    "year_file": {"readers": {"tenant_reads": OWN_PLACE}},
    # A firm reads how it pays; the platform writes it.
    **{
        table: {"readers": {"firm_reads": FIRM}}
        for table in ("subscription", "bill", "bill_payment", "invoice_request")
    },
    # A firm and the offices it serves read that it leaves; the platform writes it.
    "departure": {
        "readers": {
            "firm_reads": FIRM,
            "government_reads": GOVERNMENT.format(COVERED.format("departure.firm_id")),
        }
    },
    "event_link": {"append_only": True, "readers": {"tenant_reads": OWN_CHAIN}},
    "chain_day": {
        "append_only": True,
        "readers": {
            "tenant_reads": OWN_CHAIN,
            "government_reads": "(select scope_kind()) IN ('office', 'bureau')"
            " AND EXISTS (SELECT FROM firm f WHERE f.id = chain_day.firm_id)",
        },
    },
    "instalment_payment": {"append_only": True},
    "statement_freeze": {"append_only": True},
    # The firm or its office enters a difference; the office also takes its own back.
    "adjustment": {"office_acts": ("INSERT", "UPDATE")},
    "assessment": {"readers": {"firm_reads": f"{FIRM} AND published_at IS NOT NULL"}},
    "assessment_release": {"office_acts": ("INSERT",)},
    "clawback": {"office_acts": ("INSERT", "UPDATE")},
    "overdue_month": {"office_acts": ("UPDATE",)},
    "statement_seal": {"office_acts": ("INSERT",), "append_only": True},
    "adviser": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM assignment a WHERE a.firm_id = adviser.firm_id"
                " AND a.adviser_id = adviser.id) OR EXISTS (SELECT FROM duty_session d"
                " WHERE d.firm_id = adviser.firm_id AND d.adviser_id = adviser.id)"
            )
        }
    },
    "session_photo": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM duty_session d"
                " WHERE d.firm_id = session_photo.firm_id AND d.id = session_photo.session_id)"
            )
        }
    },
    "photo_content": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM session_photo p"
                " WHERE p.firm_id = photo_content.firm_id AND p.id = photo_content.photo_id)"
            )
        }
    },
    "session_answer": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM duty_session d"
                " WHERE d.firm_id = session_answer.firm_id AND d.id = session_answer.session_id)"
            )
        }
    },
    "service_follow_up": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM service_record r WHERE r.firm_id = service_follow_up.firm_id"
                " AND r.id = service_follow_up.service_id)"
            )
        }
    },
    # Scene photos and lecture drafts that the firm lets its office see.
    "service_file": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "is_shared AND EXISTS (SELECT FROM service_record r"
                " WHERE r.firm_id = service_file.firm_id AND r.id = service_file.service_id)"
            )
        }
    },
    "service_file_content": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM service_file f WHERE f.firm_id = service_file_content.firm_id"
                " AND f.id = service_file_content.file_id)"
            )
        }
    },
    # A submission closes months, a query opens them: the office does both.
    "closed_month": {"office_acts": ("INSERT", "DELETE")},
    "contract": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM contract_community c WHERE c.firm_id = contract.firm_id"
                " AND c.contract_id = contract.id)"
            )
        }
    },
    "duty_term": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM contract_community c WHERE c.firm_id = duty_term.firm_id"
                " AND c.contract_id = duty_term.contract_id)"
            )
        }
    },
    "event": {"office_acts": ("INSERT",), "bureau_acts": ("INSERT",), "append_only": True},
    "firm": {
        "readers": {
            "firm_reads": "id = (select scope_firm())",
            "government_reads": GOVERNMENT.format(COVERED.format("firm.id")),
        }
    },
    "line_query": {"office_acts": ("INSERT", "UPDATE")},
    "line_entry": {"office_acts": ("INSERT",), "append_only": True},
    "line_file": {"office_acts": ("INSERT",), "append_only": True},
    "line_file_content": {"office_acts": ("INSERT",)},
    "line_appeal": {"bureau_acts": ("UPDATE",)},
    # How many days a street gives is a firm's term too.
    "review_rule": {"readers": {"firm_reads": "(select scope_firm()) IS NOT NULL"}},
    "membership": {"readers": {"office_reads": STREET}},
    "person": {
        "readers": {
            "colleagues_read": "EXISTS (SELECT FROM membership m WHERE m.person_id = person.id)"
        }
    },
    "pairing": {"office": SIGNED.format(STREET), "bureau": SIGNED.format(DISTRICT)},
    "pairing_activity": {"office": SHARED.format(STREET), "bureau": SHARED.format(DISTRICT)},
    "pairing_item": seen_with(OF_PAIRING, "pairing_item"),
    "pairing_project": seen_with(OF_PAIRING, "pairing_project"),
    "planned_activity": seen_with(OF_PAIRING, "planned_activity"),
    "activity_adviser": seen_with(OF_ACTIVITY, "activity_adviser"),
    "activity_photo": seen_with(OF_ACTIVITY, "activity_photo"),
    "scheme": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM contract c"
                " WHERE c.firm_id = scheme.firm_id AND c.scheme_id = scheme.id)"
            )
        }
    },
    "scheme_version": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM contract c WHERE c.firm_id = scheme_version.firm_id"
                " AND c.scheme_id = scheme_version.scheme_id)"
            )
        }
    },
    "correction_file": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM session_correction c WHERE c.firm_id = correction_file.firm_id"
                " AND c.id = correction_file.correction_id)"
            )
        }
    },
    "correction_file_content": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM correction_file f"
                " WHERE f.firm_id = correction_file_content.firm_id"
                " AND f.id = correction_file_content.file_id)"
            )
        }
    },
    "claim_dossier": {
        "office": DECLARED.format(STREET),
        "bureau": DECLARED.format(DISTRICT),
        "office_acts": ("UPDATE",),
    },
    "claim_reading": {"readers": {"firm_reads": f"{FIRM} AND published_at IS NOT NULL"}},
    # A firm reads the rule of a street that it has a contract in.
    "settlement_rule": {
        "readers": {
            "firm_reads": "EXISTS (SELECT FROM contract_community c"
            " WHERE c.firm_id = (select scope_firm())"
            " AND c.street_code = settlement_rule.street_code)"
        }
    },
    "late_entry": {
        "office": f"{STREET} AND status = 'approved'",
        "bureau": f"{DISTRICT} AND status = 'approved'",
    },
    "late_file": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM late_entry e"
                " WHERE e.firm_id = late_file.firm_id AND e.id = late_file.entry_id)"
            )
        }
    },
    "session_correction": {"office": AGREED.format(STREET), "bureau": AGREED.format(DISTRICT)},
    "ledger_line": {"readers": {"firm_reads": f"{FIRM} AND published_at IS NOT NULL"}},
    "ledger_sheet": {"readers": {"firm_reads": FIRM}},
    "spot_check": {"readers": {"firm_reads": f"{FIRM} AND published_at IS NOT NULL"}},
    "spot_draw": {"append_only": True},
    "performance_mark": {"readers": {"firm_reads": FIRM}},
    # Firms read a rule pack once it is in force; of a rehearsal an office sees its own street.
    "scheme_pack": {"readers": {"firm_reads": ACTIVATED.format("published_at")}},
    "scheme_pack_version": {"readers": {"firm_reads": ACTIVATED.format("activated_at")}},
    # The worker learns who waits for a rehearsal, and does it under the owner's scope.
    "pack_rehearsal": {"readers": {"worker_reads": PLATFORM}},
    "rehearsed_month": {"by_street": True},
    "spot_photo": {"readers": {"firm_reads": f"{FIRM} AND {SEEN_CHECK.format('')}"}},
    "interview": {"readers": {"firm_reads": f"{FIRM} AND published_at IS NOT NULL"}},
    "payment_item": {"readers": {"firm_reads": f"{FIRM} AND published_at IS NOT NULL"}},
    "receipt_allocation": {"append_only": True},
    # Either side draws an account up, confirms it, disputes its lines.
    "balance": {"office_acts": ("INSERT", "UPDATE")},
    "balance_dispute": {"office_acts": ("INSERT", "UPDATE")},
    "write_off": {"office": LET_GO.format(STREET), "bureau": LET_GO.format(DISTRICT)},
    # A firm reads of an office's premises what concerns the communities that it agreed to serve.
    "premises": {"readers": {"firm_reads": SERVED.format("premises")}},
    "premises_issue": {"readers": {"firm_reads": SERVED.format("premises_issue")}},
    "premises_file": {"readers": {"firm_reads": SHOWN_ROOM}},
    "premises_step": {"append_only": True},
    "premises_report": {"office_acts": ("UPDATE",)},
    "statement": {
        "office": SUBMITTED.format(STREET),
        "bureau": SUBMITTED.format(DISTRICT),
        "office_acts": ("UPDATE",),
    },
    "statement_line": {
        "office": f"(select scope_kind()) = 'office' AND {SEEN_STATEMENT}",
        "bureau": f"(select scope_kind()) = 'bureau' AND {SEEN_STATEMENT}",
        "office_acts": ("UPDATE",),
    },
}
"""What `row_security` was told beyond the class."""

WRITTEN_BY_TRIGGERS = {"chain_day", "event_link"}
"""Tables into which the application may not even insert."""

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

FUNCTIONS_AS_OWNER = {
    "cases_taken_elsewhere": "tells a firm which of its case numbers others were paid for",
    "dispute_clashes": "tells month and street of the same dispute elsewhere, of asked claims",
    "pack_adopters": "tells a rule pack's owner which firms follow it, and for how many contracts",
    "communities_matching": "asks the search index of everybody's reference",
    "conferences_matching": "asks the search index, for the scope's own firm",
    "referrals_matching": "asks the search index, for the scope's own firm",
    "service_notes_matching": "asks the search index, for the scope's own firm",
    "companies_matching": "asks the search index, for the scope's own firm",
    "lectures_matching": "asks the search index, for the scope's own firm",
    "invoices_matching": "asks the search index, for the scope's own firm",
    "texts_matching": "asks the search index, for the scope's own firm",
    "matters_matching": "asks the search index, for the scope's own firm",
    "matter_candidates": "looks past walls for conflicts, for the scope's own firm",
    "last_matter_number": "tells the last number of the scope's own firm",
    "walled_matters": "tells what the scope's person is walled off from",
    "last_referral_number": "tells the last number of the scope's own firm",
    "walled_services": "tells the services of those",
    "walled_referrals": "tells what was referred of those",
    "forget_firm": "deletes acts of a firm whose departure has come to its day; shows counts",
    "walled_things": "tells those, their conflicts and checks, what was referred, conferred, sent",
}
"""SECURITY DEFINER functions that show something: each reads the scope itself."""

FUNCTIONS_WITHOUT_SCOPE = {
    "keep_head": "a trigger: keeps the head of the day",
    "link_account_event": "a trigger: links an act on accounts",
    "link_event": "a trigger: links an act on a firm's row",
    "tell_hooks": "a trigger: writes what other programs are to be told",
    "count_request": "counts under a digest that names nobody, for strangers too",
    "requests_counted": "tells the count of such a digest",
    "forget_requests": "clears such a digest",
    "sweep_requests": "clears counters that are over",
}
"""SECURITY DEFINER functions that show no row of anybody."""

TABLES_OF_TOOLS = {"alembic_version": "of the migrations; the application may not even read it"}
"""Tables in no class."""
