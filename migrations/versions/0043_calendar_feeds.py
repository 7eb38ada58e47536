"""A calendar that a lawyer subscribes to."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0043_calendar_feeds"
down_revision = "0042_duty_slots"


def upgrade() -> None:
    """A calendar that a lawyer subscribes to."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "calendar_feed",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_calendar_feed_firm_id_adviser_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "adviser_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
    )
    for statement in row_security("calendar_feed", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("calendar_feed")
