"""What Stripe told, and where its record and ours differed."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0220_stripe_events"
down_revision = "0219_bills"


def upgrade() -> None:
    """Make the tables; the platform writes, a firm reads its own."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _stripe_event()
    _bill_difference()


def _stripe_event() -> None:
    op.create_table(
        "stripe_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("api_version", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_event")),
    )
    op.create_index(
        "ix_stripe_event_waiting",
        "stripe_event",
        ["received_at", "id"],
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    for statement in row_security("stripe_event", DataClass.PLATFORM):
        op.execute(statement)


def _bill_difference() -> None:
    op.create_table(
        "bill_difference",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("ours", sa.Text(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_bill_difference_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_difference")),
    )
    op.create_index("ix_bill_difference_firm_id", "bill_difference", ["firm_id", "found_at"])
    for statement in row_security("bill_difference", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("bill_difference")
    op.drop_table("stripe_event")
