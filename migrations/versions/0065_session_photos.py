"""Photos of sessions, their pictures apart."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0065_session_photos"
down_revision = "0063_proofs_of_place"

AT = sa.DateTime(timezone=True)
GOVERNMENT = "(select scope_kind()) IN ('office', 'bureau') AND ({})"
SEEN = {
    "session_photo": "EXISTS (SELECT FROM duty_session d"
    " WHERE d.firm_id = session_photo.firm_id AND d.id = session_photo.session_id)",
    "photo_content": "EXISTS (SELECT FROM session_photo p"
    " WHERE p.firm_id = photo_content.firm_id AND p.id = photo_content.photo_id)",
}


def upgrade() -> None:
    """Keep what is known of a photo, and the picture beside it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _photos()
    op.create_table(
        "photo_content",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("photo_id", sa.UUID(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "photo_id"],
            ["session_photo.firm_id", "session_photo.id"],
            name=op.f("fk_photo_content_firm_id_photo_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "photo_id", name=op.f("pk_photo_content")),
    )
    # JPEG is packed already: to pack it again costs time and wins nothing.
    op.execute("ALTER TABLE photo_content ALTER picture SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE photo_content ALTER thumb SET STORAGE EXTERNAL")
    for table, seen in SEEN.items():
        readers = {"government_reads": GOVERNMENT.format(seen)}
        for statement in row_security(
            table, DataClass.FIRM_SHARED, office=None, bureau=None, readers=readers
        ):
            op.execute(statement)
    _keep_closed()


def _photos() -> None:
    op.create_table(
        "session_photo",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("taken_at", AT, nullable=True),
        sa.Column("arrived_at", AT, nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("repeats_id", sa.UUID(), nullable=True),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_session_photo")),
        *(
            sa.ForeignKeyConstraint(
                ["firm_id", column],
                [f"{table}.firm_id", f"{table}.id"],
                name=op.f(f"fk_session_photo_firm_id_{column}"),
            )
            for table, column in (
                ("duty_session", "session_id"),
                ("duty_session", "repeats_id"),
                ("adviser", "adviser_id"),
            )
        ),
        sa.UniqueConstraint(
            "firm_id",
            "session_id",
            "digest",
            name=op.f("uq_session_photo_firm_id_session_id_digest"),
        ),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_session_photo_size")),
        sa.CheckConstraint("repeats_id <> session_id", name=op.f("ck_session_photo_repeats")),
    )
    op.create_index("ix_session_photo_digest", "session_photo", ["firm_id", "digest"])


def _keep_closed() -> None:
    """Refuse a photo more or less where a statement has closed the month of the session."""
    op.execute(
        """
        CREATE FUNCTION keep_closed_session() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE closed text;
        BEGIN
            SELECT c.statement_number INTO closed FROM duty_session d
            JOIN closed_month c ON c.firm_id = d.firm_id AND c.place_code = d.community_code
            AND c.month = date_trunc('month', d.day)::date
            WHERE d.firm_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.firm_id ELSE NEW.firm_id END
            AND d.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.session_id ELSE NEW.session_id END
            LIMIT 1;
            IF closed IS NOT NULL THEN
                RAISE EXCEPTION 'closed month' USING ERRCODE = 'CH001', DETAIL = closed;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_closed BEFORE INSERT OR UPDATE OR DELETE ON session_photo"
        " FOR EACH ROW EXECUTE FUNCTION keep_closed_session()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("photo_content")
    op.drop_table("session_photo")
    op.execute("DROP FUNCTION keep_closed_session()")
