"""Which client a case claim was for."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0031_claim_clients"
down_revision = "0030_alarms"


def upgrade() -> None:
    """Keep it beside the claim, which the office reads, on a table that only the firm does."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "claim_client",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "claim_id"],
            ["case_claim.firm_id", "case_claim.id"],
            name=op.f("fk_claim_client_firm_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "client_id"],
            ["client.firm_id", "client.id"],
            name=op.f("fk_claim_client_firm_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "claim_id", name=op.f("pk_claim_client")),
    )
    op.create_index("ix_claim_client_client", "claim_client", ["firm_id", "client_id"])
    for statement in row_security("claim_client", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("claim_client")
