"""Assignments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0007_assignments"
down_revision = "0006_contracts"


def upgrade() -> None:
    """Assignments."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "assignment",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("firm_id"), "="),
            (sa.column("community_code"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            where=sa.text("role = 'lead'"),
            using="gist",
            name="ex_assignment_one_lead",
        ),
        sa.CheckConstraint("role IN ('lead', 'backup')", name=op.f("ck_assignment_role")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_assignment_term")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_assignment_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_assignment_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_assignment_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "firm_id",
            "community_code",
            "adviser_id",
            "role",
            "starts_on",
            name=op.f("uq_assignment_firm_id_community_code_adviser_id_role_starts_on"),
        ),
    )
    op.create_index(
        "ix_assignment_adviser_id", "assignment", ["firm_id", "adviser_id"], unique=False
    )
    op.create_index(
        "ix_assignment_street_code", "assignment", ["street_code", "firm_id"], unique=False
    )
    for statement in row_security("assignment", DataClass.FIRM_SHARED):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("assignment")
