"""Which tables a visit of the platform's support sees, and under which policies: the whole list.

The tests build each table's policies from it, and walk through a visit's scopes with it.
"""

FIRM = "firm_id = (select support_firm())"
OR_STREET = f"{FIRM} OR street_code = (select support_street())"
IN_STREET = "{} OR ((select support_street()) IS NOT NULL AND EXISTS ({}))"

SHOWN: dict[str, str] = {
    "adviser": IN_STREET.format(
        FIRM,
        "SELECT FROM assignment a WHERE a.firm_id = adviser.firm_id AND a.adviser_id = adviser.id",
    ),
    "assignment": OR_STREET,
    "chosen_street": FIRM,
    "contract": FIRM,
    "contract_community": OR_STREET,
    "duty_slot": OR_STREET,
    "duty_term": FIRM,
    "firm": IN_STREET.format(
        "id = (select support_firm())",
        "SELECT FROM contract_community c WHERE c.firm_id = firm.id",
    ),
    "membership": OR_STREET,
    "roster_month": FIRM,
    "roster_rule": FIRM,
    "scheme": FIRM,
    "scheme_version": FIRM,
    "skipped_step": FIRM,
}
"""The condition under which a visit reads rows of each."""
WRITTEN = {
    "assignment": (
        f"support_insert ON assignment FOR INSERT WITH CHECK ({FIRM})",
        f"support_update ON assignment FOR UPDATE USING ({FIRM}) WITH CHECK ({FIRM})",
    ),
    "event": (f"support_insert ON event FOR INSERT WITH CHECK ({FIRM})",),
}
"""What a visit writes: assignments, and the record of what it did."""


def policies_of(table: str) -> list[str]:
    """Return what CREATE POLICY says of a table for visits; nothing for most."""
    reads = SHOWN.get(table)
    shown = [f"support_reads ON {table} FOR SELECT USING ({reads})"] if reads else []
    return [*shown, *WRITTEN.get(table, ())]
