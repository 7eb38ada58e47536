"""Find records by words of two letters, and by the words of their follow-ups, by index."""

import sqlalchemy as sa
from alembic import op

revision = "0104_two_letter_words"
down_revision = "0103_quick_entry"

FUNCTION = "service_notes_matching(pattern text, first date, last date)"
HEAD = f"""
    CREATE OR REPLACE FUNCTION {FUNCTION}
    RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
"""
SEARCHED = ("service_follow_up", "follow_up_note")


def upgrade() -> None:
    """Ask the index of pairs for two letters, that of trigrams for more.

    A frequent word is looked for day by day where the days are few, else by its pairs.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_service_note_bigrams",
        "service_note",
        ["firm_id", sa.text("bigrams(content)")],
        postgresql_using="gin",
    )
    for table in SEARCHED:
        op.execute(f"CREATE POLICY search ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        HEAD
        + """
        DECLARE
            firm uuid := scope_firm();
            word text := substr(lower(pattern), 2, greatest(length(pattern) - 2, 0));
            pairs text[] := bigrams(replace(word, chr(92), ''));
            found uuid[];
        BEGIN
            IF cardinality(pairs) > 0 THEN
                SELECT array_agg(hit.service_id) INTO found FROM (
                    (SELECT note.service_id FROM service_note note
                    WHERE length(word) > 2
                    AND note.firm_id = firm AND note.content ILIKE pattern LIMIT 1001)
                    UNION ALL
                    (SELECT note.service_id FROM service_note note
                    WHERE length(word) = 2
                    AND note.firm_id = firm AND bigrams(note.content) @> pairs LIMIT 1001)
                    UNION ALL
                    (SELECT later.service_id FROM follow_up_note note
                    JOIN service_follow_up later
                    ON later.firm_id = note.firm_id AND later.id = note.follow_up_id
                    WHERE note.firm_id = firm AND bigrams(note.content) @> pairs
                    AND note.content ILIKE pattern LIMIT 1001)
                ) hit;
                IF coalesce(cardinality(found), 0) <= 1000 THEN
                    RETURN QUERY SELECT DISTINCT unnest(found);
                    RETURN;
                END IF;
                IF last - first > 100 THEN
                    RETURN QUERY
                    SELECT note.service_id FROM service_note note WHERE note.firm_id = firm
                    AND bigrams(note.content) @> pairs AND note.content ILIKE pattern
                    UNION
                    SELECT later.service_id FROM follow_up_note note
                    JOIN service_follow_up later
                    ON later.firm_id = note.firm_id AND later.id = note.follow_up_id
                    WHERE note.firm_id = firm AND bigrams(note.content) @> pairs
                    AND note.content ILIKE pattern;
                    RETURN;
                END IF;
            END IF;
            RETURN QUERY SELECT record.id FROM service_record record
            WHERE record.firm_id = firm AND record.day BETWEEN first AND last AND (
                (SELECT note.content FROM service_note note
                WHERE note.firm_id = firm AND note.service_id = record.id) ILIKE pattern
                OR EXISTS (SELECT FROM service_follow_up later JOIN follow_up_note note
                ON note.firm_id = later.firm_id AND note.follow_up_id = later.id
                WHERE later.firm_id = firm AND later.service_id = record.id
                AND note.content ILIKE pattern)
            );
        END $$
        """
    )


def downgrade() -> None:
    """Find by trigrams and days alone again."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        HEAD
        + """
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
    for table in SEARCHED:
        op.execute(f"DROP POLICY search ON {table}")
    op.drop_index("ix_service_note_bigrams", table_name="service_note")
