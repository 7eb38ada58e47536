"""Advisers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0004_advisers"
down_revision = "0003_firms"


def upgrade() -> None:
    """Advisers."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "adviser",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("licence_number", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("specialties", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "category IN ('lawyer', 'legal_worker', 'trainee')", name=op.f("ck_adviser_category")
        ),
        sa.CheckConstraint(
            "left_on IS NULL OR joined_on IS NULL OR left_on >= joined_on",
            name=op.f("ck_adviser_stay"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_adviser_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_adviser")),
        sa.UniqueConstraint(
            "firm_id", "licence_number", name=op.f("uq_adviser_firm_id_licence_number")
        ),
    )
    op.create_index(
        "ix_adviser_search",
        "adviser",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.create_table(
        "adviser_contact",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("political_status", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "political_status IN ('party_member', 'probationary_member', 'league_member', 'masses', 'other')",
            name=op.f("ck_adviser_contact_political_status"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_adviser_contact_firm_id_adviser_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "adviser_id", name=op.f("pk_adviser_contact")),
    )
    for statement in row_security("adviser", DataClass.FIRM_SHARED, office=None, bureau=None):
        op.execute(statement)
    for statement in row_security("adviser_contact", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("adviser_contact")
    op.drop_table("adviser")
