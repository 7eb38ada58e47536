"""Archives of a street: what an office asked for, how far it is, and the digest of what was made."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import STREET, DataClass, row_security

revision = "0202_office_archives"
down_revision = "0200_adjusted_corrections"

OUTCOMES = "('waiting', 'working', 'done', 'failed', 'cancelled')"


def upgrade() -> None:
    """Make the table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "office_archive",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_photos", sa.Boolean(), nullable=False),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("done BETWEEN 0 AND parts", name=op.f("ck_office_archive_done")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_office_archive_ended")
        ),
        sa.CheckConstraint(
            "(outcome = 'done') = (digest IS NOT NULL)", name=op.f("ck_office_archive_digest")
        ),
        sa.CheckConstraint(f"outcome IN {OUTCOMES}", name=op.f("ck_office_archive_outcome")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_office_archive_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_archive")),
    )
    op.create_index(
        "uq_office_archive_open",
        "office_archive",
        ["street_code"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_office_archive_street_code", "office_archive", ["street_code", "asked_at"])
    for statement in row_security(
        "office_archive", DataClass.PLATFORM, readers={"office_reads": STREET}
    ):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("office_archive")
