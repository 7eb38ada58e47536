"""Mutants that change nothing that anybody is shown, and why: they are left out."""

_TWICE = (
    "GET /claims/<uuid:claim_id>",
    "POST /claims/<uuid:claim_id>",
    "POST /review/<uuid:statement_id>/signature",
    *(
        f"POST /statements/<uuid:statement_id>/{act}"
        for act in ("certification", "computation", "reopening", "submission", "voiding")
    ),
)
EQUIVALENT = (
    {
        f"search ON {table}: dropped": "lets the index be asked; what is found stays the same"
        for table in ("community", "service_note", "service_record")
    }
    | {
        f"platform_writes ON {table}: writes anything": "only its trigger may write there at all"
        for table in ("chain_day", "event_link")
    }
    | {f"{name}: asks for {{}}": "fetch asks for the permission a second time" for name in _TWICE}
    | {
        "sight: AbsenceReason: everybody sees all": "its page asks for the right to manage duty",
        "POST /duty/online: asks for {}": "refuses whoever is no adviser",
        "POST /review/<uuid:statement_id>/payment: asks for {}": "the same roles hold both",
    }
)
"""What changes nothing that anybody is shown; {}: any other permission in the place of its own."""
