"""A firm's key to DingTalk's interface, sealed."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0084_attendance_link"
down_revision = "0083_attendance_checks"


def upgrade() -> None:
    """Keep one link a firm."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "attendance_link",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("app_key", sa.Text(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_attendance_link_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_attendance_link")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_attendance_link_firm_id")),
    )
    for statement in row_security("attendance_link", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("attendance_link")
