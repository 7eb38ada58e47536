"""What an office and a bureau read through the communities of their street."""

from alembic import op

from counselhub.core.row_security import reads

revision = "0014_shared_reading"
down_revision = "0013_events"

# Each condition asks a table that itself shows only the reader's street or district.
COVERED = "EXISTS (SELECT FROM contract_community c WHERE c.firm_id = {}"
CONDITIONS = {
    "firm": COVERED.format("firm.id") + ")",
    "contract": COVERED.format("contract.firm_id") + " AND c.contract_id = contract.id)",
    "scheme": "EXISTS (SELECT FROM contract c"
    " WHERE c.firm_id = scheme.firm_id AND c.scheme_id = scheme.id)",
    "scheme_version": "EXISTS (SELECT FROM contract c"
    " WHERE c.firm_id = scheme_version.firm_id AND c.scheme_id = scheme_version.scheme_id)",
    "adviser": "EXISTS (SELECT FROM assignment a"
    " WHERE a.firm_id = adviser.firm_id AND a.adviser_id = adviser.id)"
    " OR EXISTS (SELECT FROM duty_session d"
    " WHERE d.firm_id = adviser.firm_id AND d.adviser_id = adviser.id)",
}
GOVERNMENT = "(select scope_kind()) IN ('office', 'bureau') AND ({})"


def upgrade() -> None:
    """Let government read what belongs to its places; let people read who they work with."""
    for table, condition in CONDITIONS.items():
        op.execute(reads(table, "government_reads", GOVERNMENT.format(condition)))
    op.execute(reads("firm", "firm_reads", "id = (select scope_firm())"))
    own = "firm_id = (select scope_firm())"
    op.execute(f"CREATE POLICY firm_owns ON membership USING ({own}) WITH CHECK ({own})")
    op.execute(reads("membership", "office_reads", "street_code = (select scope_street())"))
    op.execute(
        reads(
            "person",
            "colleagues_read",
            "EXISTS (SELECT FROM membership m WHERE m.person_id = person.id)",
        )
    )


def downgrade() -> None:
    """Undo it."""
    for table in CONDITIONS:
        op.execute(f"DROP POLICY government_reads ON {table}")
    op.execute("DROP POLICY firm_reads ON firm")
    op.execute("DROP POLICY firm_owns ON membership")
    op.execute("DROP POLICY office_reads ON membership")
    op.execute("DROP POLICY colleagues_read ON person")
