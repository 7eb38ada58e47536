"""Files that prove a request to correct a session, their content apart."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0090_correction_files"
down_revision = "0087_interviews"

AT = sa.DateTime(timezone=True)
GOVERNMENT = "(select scope_kind()) IN ('office', 'bureau') AND ({})"
SEEN = {
    "correction_file": "EXISTS (SELECT FROM session_correction c"
    " WHERE c.firm_id = correction_file.firm_id AND c.id = correction_file.correction_id)",
    "correction_file_content": "EXISTS (SELECT FROM correction_file f"
    " WHERE f.firm_id = correction_file_content.firm_id"
    " AND f.id = correction_file_content.file_id)",
}


def upgrade() -> None:
    """Keep what is known of a file, and its content beside it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _files()
    op.create_table(
        "correction_file_content",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("file_id", sa.UUID(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["firm_id", "file_id"],
            ["correction_file.firm_id", "correction_file.id"],
            name=op.f("fk_correction_file_content_firm_id_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "file_id", name=op.f("pk_correction_file_content")),
    )
    # JPEG and PDF are packed already: to pack them again costs time and wins nothing.
    op.execute("ALTER TABLE correction_file_content ALTER content SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE correction_file_content ALTER thumb SET STORAGE EXTERNAL")
    for table, seen in SEEN.items():
        readers = {"government_reads": GOVERNMENT.format(seen)}
        for statement in row_security(
            table, DataClass.FIRM_SHARED, office=None, bureau=None, readers=readers
        ):
            op.execute(statement)


def _files() -> None:
    op.create_table(
        "correction_file",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("correction_id", sa.UUID(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", AT, nullable=True),
        sa.Column("arrived_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_correction_file")),
        sa.ForeignKeyConstraint(
            ["firm_id", "correction_id"],
            ["session_correction.firm_id", "session_correction.id"],
            name=op.f("fk_correction_file_firm_id_correction_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_correction_file_firm_id_adviser_id"),
        ),
        *(
            sa.UniqueConstraint(
                "firm_id",
                "correction_id",
                column,
                name=op.f(f"uq_correction_file_firm_id_correction_id_{column}"),
            )
            for column in ("place", "digest")
        ),
        sa.CheckConstraint("kind IN ('photo', 'scan')", name=op.f("ck_correction_file_kind")),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_correction_file_place")),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("correction_file_content")
    op.drop_table("correction_file")
