"""What offices keep of a firm that has left names none of the rows that went with it."""

from alembic import op

revision = "0241_kept_without_private"
down_revision = "0240_departures"

NAMING = (("receipt_allocation", "receipt_id"), ("packet", "referral_id"))
"""Shared rows that name private ones, and the column by which."""


def upgrade() -> None:
    """Let the column be blank: `forget_firm` blanks it, and nobody else does."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column in NAMING:
        op.alter_column(table, column, nullable=True)


def downgrade() -> None:
    """Undo it; where a firm has left, its rows have nothing to name."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column in reversed(NAMING):
        op.alter_column(table, column, nullable=False)
