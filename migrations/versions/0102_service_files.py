"""Files of a service record, their bytes apart; the office reads those that are marked for it."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0102_service_files"
down_revision = "0101_follow_ups"

GOVERNMENT = "(select scope_kind()) IN ('office', 'bureau') AND ({})"
SEEN = {
    "service_file": "is_shared AND EXISTS (SELECT FROM service_record r"
    " WHERE r.firm_id = service_file.firm_id AND r.id = service_file.service_id)",
    "service_file_content": "EXISTS (SELECT FROM service_file f"
    " WHERE f.firm_id = service_file_content.firm_id AND f.id = service_file_content.file_id)",
}


def upgrade() -> None:
    """Keep what is known of a file, and its content beside it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _tables()
    # PDF, docx and JPEG are packed already: to pack them again costs time and wins nothing.
    op.execute("ALTER TABLE service_file_content ALTER content SET STORAGE EXTERNAL")
    for table, seen in SEEN.items():
        readers = {"government_reads": GOVERNMENT.format(seen)}
        for statement in row_security(
            table, DataClass.FIRM_SHARED, office=None, bureau=None, readers=readers
        ):
            op.execute(statement)
    _keep_closed()


def _tables() -> None:
    op.create_table(
        "service_file",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('photo', 'draft', 'sign_in', 'opinion', 'other')",
            name=op.f("ck_service_file_kind"),
        ),
        sa.CheckConstraint(
            "NOT is_shared OR kind IN ('photo', 'draft')", name=op.f("ck_service_file_shared")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_service_file_firm_id_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_service_file")),
        sa.UniqueConstraint(
            "firm_id",
            "service_id",
            "digest",
            name=op.f("uq_service_file_firm_id_service_id_digest"),
        ),
    )
    op.create_table(
        "service_file_content",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("file_id", sa.UUID(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "file_id"],
            ["service_file.firm_id", "service_file.id"],
            name=op.f("fk_service_file_content_firm_id_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "file_id", name=op.f("pk_service_file_content")),
    )


def _keep_closed() -> None:
    """Refuse a file more, less or otherwise where a statement has closed its record's month."""
    op.execute(
        """
        CREATE FUNCTION keep_closed_service() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            closed text;
            asked service_file := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        BEGIN
            SELECT c.statement_number INTO closed FROM service_record r
            JOIN closed_month c ON c.firm_id = r.firm_id AND c.place_code = r.community_code
            AND c.month = date_trunc('month', r.day)::date
            WHERE r.firm_id = asked.firm_id AND r.id = asked.service_id LIMIT 1;
            IF closed IS NOT NULL THEN
                RAISE EXCEPTION 'closed month' USING ERRCODE = 'CH001', DETAIL = closed;
            END IF;
            RETURN asked;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_closed BEFORE INSERT OR UPDATE OR DELETE ON service_file"
        " FOR EACH ROW EXECUTE FUNCTION keep_closed_service()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("service_file_content")
    op.drop_table("service_file")
    op.execute("DROP FUNCTION keep_closed_service()")
