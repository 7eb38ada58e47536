"""Find service records by the words of their notes, by index and inside the firm only."""

from alembic import op

revision = "0016_service_search"
down_revision = "0015_closed_records"


def upgrade() -> None:
    """Index the words; ask the index past row security, for the scope's own firm only.

    Row security keeps ILIKE, which may leak, away from an index. The function asks as the owner of
    the tables, with the firm of the scope and never one of its caller's.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_service_note_content",
        "service_note",
        ["content"],
        postgresql_using="gin",
        postgresql_ops={"content": "gin_trgm_ops"},
    )
    op.execute("CREATE POLICY search ON service_note FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION service_notes_matching(pattern text) RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
            SELECT service_id FROM service_note
            WHERE firm_id = scope_firm() AND content ILIKE pattern
        $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION service_notes_matching(text) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION service_notes_matching(text) TO counselhub_app")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION service_notes_matching(text)")
    op.execute("DROP POLICY search ON service_note")
    op.drop_index("ix_service_note_content", table_name="service_note")
