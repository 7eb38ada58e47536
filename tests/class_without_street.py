"""Tables that name no street, and through which row government reads theirs."""

from typing import Any

from tests.class_conditions import GOVERNMENT

OF_PAIRING = (
    "EXISTS (SELECT FROM pairing p WHERE p.firm_id = {0}.firm_id AND p.id = {0}.pairing_id)"
)
OF_ACTIVITY = (
    "EXISTS (SELECT FROM pairing_activity a"
    " WHERE a.firm_id = {0}.firm_id AND a.id = {0}.activity_id)"
)
NO_STREET: dict[str, Any] = {"office": None, "bureau": None}
"""The table names no street: government reads it through one that does."""


def seen_with(whole: str, table: str) -> dict[str, Any]:
    """Return the options of a table whose rows government sees with the row that they belong to."""
    return NO_STREET | {"readers": {"government_reads": GOVERNMENT.format(whole.format(table))}}


WITHOUT_STREET: dict[str, dict[str, Any]] = {
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
    "late_file": NO_STREET
    | {
        "readers": {
            "government_reads": GOVERNMENT.format(
                "EXISTS (SELECT FROM late_entry e"
                " WHERE e.firm_id = late_file.firm_id AND e.id = late_file.entry_id)"
            )
        }
    },
}
"""What `row_security` was told of them."""
