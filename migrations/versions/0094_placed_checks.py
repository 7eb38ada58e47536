"""Checks say whether the firm has explained the addresses of their punches."""

import sqlalchemy as sa
from alembic import op

revision = "0094_placed_checks"
down_revision = "0092_change_pages"


def upgrade() -> None:
    """Nothing is known of checks that are there: the next comparison says it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "attendance_check",
        sa.Column("is_placed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.alter_column("attendance_check", "is_placed", server_default=None)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("attendance_check", "is_placed")
