"""Bills of firms, what was paid for them, and the invoices asked for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import FIRM, DataClass, row_security

revision = "0219_bills"
down_revision = "0218_plans"


def upgrade() -> None:
    """Make the tables; the platform writes, a firm reads its own."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _bill()
    _bill_payment()
    _invoice_request()


def _bill() -> None:
    op.create_table(
        "bill",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("interval", sa.Text(), nullable=False),
        sa.Column("seats", sa.BigInteger(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("stripe_invoice", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", name=op.f("ck_bill_paid")),
        sa.CheckConstraint("interval IN ('month', 'year')", name=op.f("ck_bill_interval")),
        sa.CheckConstraint(
            "provider IN ('none', 'stripe', 'transfer')", name=op.f("ck_bill_provider")
        ),
        sa.CheckConstraint("status IN ('open', 'paid', 'void')", name=op.f("ck_bill_status")),
        sa.CheckConstraint("period_end >= period_start", name=op.f("ck_bill_period")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_bill_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint("number", name=op.f("uq_bill_number")),
        sa.UniqueConstraint("stripe_invoice", name=op.f("uq_bill_stripe_invoice")),
    )
    op.create_index("ix_bill_firm_id", "bill", ["firm_id", "made_at"])
    op.create_index("ix_bill_status", "bill", ["status", "made_at"])
    op.create_index(
        "uq_bill_open_transfer",
        "bill",
        ["firm_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open' AND provider = 'transfer'"),
    )
    for statement in row_security("bill", DataClass.PLATFORM, readers={"firm_reads": FIRM}):
        op.execute(statement)


def _bill_payment() -> None:
    op.create_table(
        "bill_payment",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("bill_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("bank_reference", sa.Text(), nullable=False),
        sa.Column("stripe_id", sa.Text(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('transfer', 'card')) = (amount_fen > 0)",
            name=op.f("ck_bill_payment_amount_fen"),
        ),
        sa.CheckConstraint(
            "kind IN ('transfer', 'card', 'refund', 'dispute')", name=op.f("ck_bill_payment_kind")
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_name IS NULL)", name=op.f("ck_bill_payment_undone")
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_bill_payment_amount_some")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_bill_payment_bill_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_bill_payment_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_payment")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_bill_payment_stripe_id")),
    )
    op.create_index("ix_bill_payment_bill_id", "bill_payment", ["bill_id"])
    op.create_index("ix_bill_payment_firm_id", "bill_payment", ["firm_id"])
    op.create_index(
        "uq_bill_payment_bank_reference",
        "bill_payment",
        ["bank_reference"],
        unique=True,
        postgresql_where=sa.text("bank_reference <> '' AND undone_at IS NULL"),
    )
    for statement in row_security("bill_payment", DataClass.PLATFORM, readers={"firm_reads": FIRM}):
        op.execute(statement)


def _invoice_request() -> None:
    op.create_table(
        "invoice_request",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("bill_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("tax_number", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("issued_number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'issued') = (issued_number <> '')", name=op.f("ck_invoice_request_issued")
        ),
        sa.CheckConstraint(
            "kind <> 'special' OR (address <> '' AND phone <> '' AND bank <> '' AND account <> '')",
            name=op.f("ck_invoice_request_special"),
        ),
        sa.CheckConstraint("kind IN ('plain', 'special')", name=op.f("ck_invoice_request_kind")),
        sa.CheckConstraint("status IN ('asked', 'issued')", name=op.f("ck_invoice_request_status")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_invoice_request_bill_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_invoice_request_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_request")),
        sa.UniqueConstraint("bill_id", name=op.f("uq_invoice_request_bill_id")),
    )
    op.create_index("ix_invoice_request_firm_id", "invoice_request", ["firm_id"])
    op.create_index("ix_invoice_request_status", "invoice_request", ["status", "asked_at"])
    for statement in row_security(
        "invoice_request", DataClass.PLATFORM, readers={"firm_reads": FIRM}
    ):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("invoice_request")
    op.drop_table("bill_payment")
    op.drop_table("bill")
