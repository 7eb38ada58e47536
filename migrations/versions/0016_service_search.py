"""Find service records by the words of their notes, by index and inside the firm only."""

from alembic import op

revision = "0016_service_search"
down_revision = "0015_closed_records"

TABLES = ("service_note", "service_record")
FUNCTION = "service_notes_matching(text, date, date)"


def upgrade() -> None:
    """Index the words; ask the index past row security, for the scope's own firm only.

    Row security keeps ILIKE, which may leak, away from an index. The function asks as the owner of
    the tables, with the firm of the scope and never one of its caller's. Rare words
    are found by the index, whatever their day; frequent ones, and those under three letters, which
    have no trigram, by the days.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_service_note_content",
        "service_note",
        ["content"],
        postgresql_using="gin",
        postgresql_ops={"content": "gin_trgm_ops"},
    )
    for table in TABLES:
        op.execute(f"CREATE POLICY search ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION service_notes_matching(pattern text, first date, last date)
        RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            firm uuid := scope_firm();
            found uuid[];
        BEGIN
            IF length(pattern) >= 5 THEN
                SELECT array_agg(hit.service_id) INTO found FROM (
                    SELECT note.service_id FROM service_note note
                    WHERE note.firm_id = firm AND note.content ILIKE pattern LIMIT 1001
                ) hit;
                IF coalesce(cardinality(found), 0) <= 1000 THEN
                    RETURN QUERY SELECT unnest(found);
                    RETURN;
                END IF;
            END IF;
            RETURN QUERY SELECT record.id FROM service_record record
            WHERE record.firm_id = firm AND record.day BETWEEN first AND last AND (
                SELECT note.content FROM service_note note
                WHERE note.firm_id = firm AND note.service_id = record.id
            ) ILIKE pattern;
        END $$
        """
    )
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO counselhub_app")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {FUNCTION}")
    for table in TABLES:
        op.execute(f"DROP POLICY search ON {table}")
    op.drop_index("ix_service_note_content", table_name="service_note")
