"""The record of acts on accounts and access: sign-ins, memberships, alarms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0020_account_events"
down_revision = "0019_community_search"

KEY = "(select nullif(current_setting('app.scope_key', true), ''))"
OWN = f"kind = (select scope_kind()) AND key = {KEY}"


def upgrade() -> None:
    """Keep them beside the firms' acts: each tenant reads its own, only the platform writes."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "account_event",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("membership_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_account_event_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    op.create_index("ix_account_event_tenant", "account_event", ["kind", "key", "at"])
    op.create_index("ix_account_event_person_id", "account_event", ["person_id", "at"])
    for statement in row_security(
        "account_event", DataClass.PLATFORM, readers={"tenant_reads": OWN}, append_only=True
    ):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("account_event")
