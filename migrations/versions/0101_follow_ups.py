"""Follow-ups of a service, their words apart; the pairs of letters that words are found by."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, callable_by_app, row_security

revision = "0101_follow_ups"
down_revision = "0100_service_times"

SEEN = (
    "(select scope_kind()) IN ('office', 'bureau') AND (EXISTS (SELECT FROM service_record r"
    " WHERE r.firm_id = service_follow_up.firm_id AND r.id = service_follow_up.service_id))"
)


def upgrade() -> None:
    """Keep what was done later on one matter, sealed with the month of its own day."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _bigrams()
    _tables()
    for statement in row_security(
        "service_follow_up",
        DataClass.FIRM_SHARED,
        office=None,
        bureau=None,
        readers={"government_reads": SEEN},
    ):
        op.execute(statement)
    for statement in row_security("follow_up_note", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    _keep_closed()


def _bigrams() -> None:
    """Two Chinese letters are a word, and have no trigram: index the pairs of letters."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    op.execute(
        """
        CREATE FUNCTION bigrams(words text) RETURNS text[]
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
        DECLARE
            letters text[] := string_to_array(lower(words), NULL);
            pairs text[] := '{}';
        BEGIN
            FOR place IN 1 .. cardinality(letters) - 1 LOOP
                pairs := pairs || (letters[place] || letters[place + 1]);
            END LOOP;
            RETURN pairs;
        END $$
        """
    )
    for statement in callable_by_app("bigrams(text)"):
        op.execute(statement)


def _tables() -> None:
    op.create_table(
        "service_follow_up",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=True),
        sa.Column("recovered_fen", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_service_follow_up_minutes")),
        sa.CheckConstraint("count BETWEEN 0 AND 1", name=op.f("ck_service_follow_up_count")),
        sa.CheckConstraint("recovered_fen >= 0", name=op.f("ck_service_follow_up_recovered")),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_service_follow_up_firm_id_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_service_follow_up")),
    )
    for name, columns in (("service", ["service_id", "day"]), ("day", ["day"])):
        op.create_index(f"ix_service_follow_up_{name}", "service_follow_up", ["firm_id", *columns])
    op.create_table(
        "follow_up_note",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("follow_up_id", sa.UUID(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "follow_up_id"],
            ["service_follow_up.firm_id", "service_follow_up.id"],
            name=op.f("fk_follow_up_note_firm_id_follow_up_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "follow_up_id", name=op.f("pk_follow_up_note")),
    )
    op.create_index(
        "ix_follow_up_note_bigrams",
        "follow_up_note",
        ["firm_id", sa.text("bigrams(content)")],
        postgresql_using="gin",
    )


def _keep_closed() -> None:
    """Refuse a follow-up more, less or otherwise in a month that a statement has closed."""
    op.execute(
        """
        CREATE FUNCTION keep_closed_follow_up() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            closed text;
            asked service_follow_up;
        BEGIN
            FOREACH asked IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW]
                WHEN 'DELETE' THEN ARRAY[OLD] ELSE ARRAY[OLD, NEW] END
            LOOP
                SELECT c.statement_number INTO closed FROM service_record r
                JOIN closed_month c ON c.firm_id = r.firm_id AND c.place_code = r.community_code
                AND c.month = date_trunc('month', asked.day)::date
                WHERE r.firm_id = asked.firm_id AND r.id = asked.service_id LIMIT 1;
                IF closed IS NOT NULL THEN
                    RAISE EXCEPTION 'closed month' USING ERRCODE = 'CH001', DETAIL = closed;
                END IF;
            END LOOP;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_closed BEFORE INSERT OR UPDATE OR DELETE ON service_follow_up"
        " FOR EACH ROW EXECUTE FUNCTION keep_closed_follow_up()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("follow_up_note")
    op.drop_table("service_follow_up")
    op.execute("DROP FUNCTION keep_closed_follow_up()")
    op.execute("DROP FUNCTION bigrams(text)")
    op.execute("DROP EXTENSION btree_gin")
