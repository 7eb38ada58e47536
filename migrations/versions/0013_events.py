"""The record of acts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0013_events"
down_revision = "0012_statements"


def upgrade() -> None:
    """The record of acts."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "event",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_side", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_event_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_subject", "event", ["firm_id", "subject_id", "at"], unique=False)
    for statement in row_security(
        "event", DataClass.FIRM_SHARED, office_acts=("INSERT",), append_only=True
    ):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("event")
