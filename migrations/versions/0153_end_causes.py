"""Why another lawyer came, as a code."""

import sqlalchemy as sa
from alembic import op

revision = "0153_end_causes"
down_revision = "0149_packets"

CAUSES = (
    "end_cause IN ('left', 'leave', 'community', 'assessment', 'conflict', 'rotation', 'other')"
)


def upgrade() -> None:
    """Add the column with its check; rows of today have none, so nothing is read for it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("assignment", sa.Column("end_cause", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_assignment_end_cause"), "assignment", CAUSES)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("assignment", "end_cause")
