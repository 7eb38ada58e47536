"""Party-building pairings."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0010_pairings"
down_revision = "0009_services"


def upgrade() -> None:
    """Party-building pairings."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "pairing",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("party_a", sa.Text(), nullable=False),
        sa.Column("party_b", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("valid_until >= signed_on", name=op.f("ck_pairing_term")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_pairing_community_code")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_pairing_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_pairing_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_pairing")),
        sa.UniqueConstraint(
            "firm_id",
            "community_code",
            "signed_on",
            name=op.f("uq_pairing_firm_id_community_code_signed_on"),
        ),
    )
    op.create_index("ix_pairing_street_code", "pairing", ["street_code"], unique=False)
    for statement in row_security("pairing", DataClass.FIRM_SHARED):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("pairing")
