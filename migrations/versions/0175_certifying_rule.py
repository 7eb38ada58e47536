"""A firm's word on who certifies its statements."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0175_certifying_rule"
down_revision = "0174_review_turns"


def upgrade() -> None:
    """Let a firm ask for four eyes."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "certifying_rule",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_certifying_rule_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", name=op.f("pk_certifying_rule")),
    )
    for statement in row_security("certifying_rule", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("certifying_rule")
