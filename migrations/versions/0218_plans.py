"""Plans with their prices, and how each firm pays."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import FIRM, DataClass, row_security

revision = "0218_plans"
down_revision = "0216_outages"


def upgrade() -> None:
    """Make the tables; the platform writes, a firm reads its own."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _plan()
    _plan_price()
    _subscription()


def _plan() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("free_seats", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("free_seats >= 0", name=op.f("ck_plan_free_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    for statement in row_security("plan", DataClass.REFERENCE):
        op.execute(statement)


def _plan_price() -> None:
    op.create_table(
        "plan_price",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("plan_id", sa.UUID(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("seat_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("interval IN ('month', 'year')", name=op.f("ck_plan_price_interval")),
        sa.CheckConstraint("seat_fen BETWEEN 1 AND 100000000", name=op.f("ck_plan_price_seat_fen")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_price_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_price")),
        sa.UniqueConstraint(
            "plan_id",
            "interval",
            "valid_from",
            name=op.f("uq_plan_price_plan_id_interval_valid_from"),
        ),
    )
    for statement in row_security("plan_price", DataClass.REFERENCE):
        op.execute(statement)


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("plan_id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("billed_seats", sa.BigInteger(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=True),
        sa.Column("covered_until", sa.Date(), nullable=True),
        sa.Column("is_ending", sa.Boolean(), nullable=False),
        sa.Column("grace_from", sa.Date(), nullable=False),
        sa.Column("carried_fen", sa.BigInteger(), nullable=False),
        sa.Column("read_only_on", sa.Date(), nullable=True),
        sa.Column("stripe_customer", sa.Text(), nullable=True),
        sa.Column("stripe_subscription", sa.Text(), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("interval IN ('month', 'year')", name=op.f("ck_subscription_interval")),
        sa.CheckConstraint(
            "provider IN ('none', 'stripe', 'transfer')", name=op.f("ck_subscription_provider")
        ),
        sa.CheckConstraint("billed_seats >= 0", name=op.f("ck_subscription_billed_seats")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_subscription_firm_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_subscription_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_subscription_firm_id")),
        sa.UniqueConstraint("stripe_customer", name=op.f("uq_subscription_stripe_customer")),
        sa.UniqueConstraint(
            "stripe_subscription", name=op.f("uq_subscription_stripe_subscription")
        ),
    )
    for statement in row_security("subscription", DataClass.PLATFORM, readers={"firm_reads": FIRM}):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("subscription")
    op.drop_table("plan_price")
    op.drop_table("plan")
