"""Why jobs failed: kind and place of the error, and who gave a job up for what reason."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0211_job_faults"
down_revision = "0210_long_work"

GIVEN_UP = (
    "(given_up_at IS NULL) = (reason IS NULL) AND (given_up_at IS NULL) = (given_up_by IS NULL)"
)


def upgrade() -> None:
    """Make the table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "job_fault",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(GIVEN_UP, name=op.f("ck_job_fault_given_up")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_fault")),
    )
    for statement in row_security("job_fault", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("job_fault")
