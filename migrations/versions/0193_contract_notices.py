"""Contracts name the one that they renew; which notices of their end were given."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0193_contract_notices"
down_revision = "0192_instalments"


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("contract", sa.Column("renews_id", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_contract_firm_id_renews_id"),
        "contract",
        "contract",
        ["firm_id", "renews_id"],
        ["firm_id", "id"],
    )
    op.create_index("ix_contract_renews_id", "contract", ["firm_id", "renews_id"])
    op.create_table(
        "contract_notice",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("days IN (30, 60, 90)", name=op.f("ck_contract_notice_days")),
        sa.ForeignKeyConstraint(
            ["firm_id", "contract_id"],
            ["contract.firm_id", "contract.id"],
            name=op.f("fk_contract_notice_firm_id_contract_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_contract_notice")),
        sa.UniqueConstraint(
            "firm_id",
            "contract_id",
            "ends_on",
            "days",
            name=op.f("uq_contract_notice_firm_id_contract_id_ends_on_days"),
        ),
    )
    for statement in row_security("contract_notice", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("contract_notice")
    op.drop_column("contract", "renews_id")
