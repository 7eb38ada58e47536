"""Find a tenant's isolation alarms, and who answered for them, without reading its whole record."""

import sqlalchemy as sa
from alembic import op

revision = "0030_alarms"
down_revision = "0029_sessions_end"

ALARMS = sa.text("act IN ('isolation_alarm', 'alarm_seen')")


def upgrade() -> None:
    """Index the few acts that every page asks for."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_account_event_alarm",
        "account_event",
        ["kind", "key", "at", "id"],
        postgresql_where=ALARMS,
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_account_event_alarm", table_name="account_event")
