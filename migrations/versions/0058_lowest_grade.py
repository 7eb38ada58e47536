"""A scheme may say how well a session has to be proven to count."""

import sqlalchemy as sa
from alembic import op

revision = "0058_lowest_grade"
down_revision = "0050_punches"


def upgrade() -> None:
    """Ask nothing of the schemes that are there."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("scheme_version", sa.Column("lowest_grade", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_scheme_version_lowest_grade"),
        "scheme_version",
        "lowest_grade IN ('A', 'B', 'C', 'D')",
    )


def downgrade() -> None:
    """Every session counts again, however proven."""
    op.drop_column("scheme_version", "lowest_grade")
