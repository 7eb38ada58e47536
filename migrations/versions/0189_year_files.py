"""Year files: what a tenant asked for, how far it is, and the digests of what was made."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0189_year_files"
down_revision = "0188_paper_codes"

KEY = "nullif(current_setting('app.scope_key', true), '')"
OWN = f"kind = (select scope_kind()) AND key = (select {KEY})"


def upgrade() -> None:
    """Make the table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "year_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("gaps", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("pdf_digest", sa.Text(), nullable=True),
        sa.Column("pdf_bytes", sa.BigInteger(), nullable=True),
        sa.Column("zip_digest", sa.Text(), nullable=True),
        sa.Column("zip_bytes", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('firm', 'office')", name=op.f("ck_year_file_kind")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_year_file_year")),
        sa.CheckConstraint("done BETWEEN 0 AND parts", name=op.f("ck_year_file_done")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_year_file_community_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_file")),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_year_file_open",
        "year_file",
        ["kind", "key", "community_code", "year"],
        unique=True,
        postgresql_where=is_open,
    )
    op.create_index("ix_year_file_tenant", "year_file", ["kind", "key", "year", "asked_at"])
    op.create_index("ix_year_file_open", "year_file", ["asked_at"], postgresql_where=is_open)
    for statement in row_security("year_file", DataClass.PLATFORM, readers={"tenant_reads": OWN}):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("year_file")
