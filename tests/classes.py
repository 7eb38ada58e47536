"""Where the policies of a table depart from the plain rules of its class: the list of exceptions.

The tests build each table's policies anew from its class and this list, and compare. Those of its
keys are in table_keys.py, functions that ask as the owner in owner_functions.py.
"""

from typing import Any

from counselhub.core.row_security import DISTRICT, FIRM, PLATFORM, STREET
from tests.class_conditions import (
    ACTIVATED,
    AGREED,
    COVERED,
    DECLARED,
    GOVERNMENT,
    LET_GO,
    OWN_CHAIN,
    OWN_PLACE,
    SEEN_CHECK,
    SEEN_STATEMENT,
    SERVED,
    SHARED,
    SHOWN_ROOM,
    SIGNED,
    SUBMITTED,
)
from tests.class_without_street import WITHOUT_STREET

CLASS_OPTIONS: dict[str, dict[str, Any]] = {
    **WITHOUT_STREET,
    # A tenant's own record of sign-ins and refusals, its administrators and its demands.
    "acceptance": {"append_only": True},
    "account_event": {"append_only": True, "readers": {"tenant_reads": OWN_PLACE}},
    "admin_duty": {"readers": {"tenant_reads": OWN_PLACE}},
    "factor_rule": {"readers": {"tenant_reads": OWN_PLACE}},
    "paper_code": {"append_only": True},
    "long_work": {"readers": {"tenant_reads": OWN_PLACE}},
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
    # A submission closes months, a query opens them: the office does both.
    "closed_month": {"office_acts": ("INSERT", "DELETE")},
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

TABLES_OF_TOOLS = {"alembic_version": "of the migrations; the application may not even read it"}
"""Tables in no class."""
