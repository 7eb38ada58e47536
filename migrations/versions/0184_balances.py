"""Statements of account between firm and street, and what is disputed on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0184_balances"
down_revision = "0183_receipts"

BOTH = {"office_acts": ("INSERT", "UPDATE")}
TABLES = {
    "balance": (DataClass.FIRM_SHARED, BOTH),
    "balance_dispute": (DataClass.FIRM_SHARED, BOTH),
}


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _balance()
    _balance_dispute()
    for table, (data_class, options) in TABLES.items():
        for statement in row_security(table, data_class, **options):
            op.execute(statement)


def _balance() -> None:
    op.create_table(
        "balance",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("entries", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_name", sa.Text(), nullable=False),
        sa.Column("firm_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_confirmed_by_name", sa.Text(), nullable=True),
        sa.Column("office_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("office_confirmed_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'confirmed') = (firm_confirmed_at IS NOT NULL AND office_confirmed_at IS NOT NULL)",
            name=op.f("ck_balance_confirmed"),
        ),
        sa.CheckConstraint("status IN ('open', 'confirmed')", name=op.f("ck_balance_status")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_balance_days")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_balance_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_balance_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_balance")),
        sa.UniqueConstraint(
            "firm_id",
            "street_code",
            "first_on",
            "last_on",
            name=op.f("uq_balance_firm_id_street_code_first_on_last_on"),
        ),
    )
    op.create_index("ix_balance_street_code", "balance", ["street_code", "last_on"], unique=False)


def _balance_dispute() -> None:
    op.create_table(
        "balance_dispute",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("balance_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_name", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("side IN ('firm', 'office')", name=op.f("ck_balance_dispute_side")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_balance_dispute_answer")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "balance_id"],
            ["balance.firm_id", "balance.id"],
            name=op.f("fk_balance_dispute_firm_id_balance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_balance_dispute_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_balance_dispute")),
    )
    op.create_index(
        "ix_balance_dispute_balance", "balance_dispute", ["firm_id", "balance_id"], unique=False
    )
    op.create_index(
        "ix_balance_dispute_street_code", "balance_dispute", ["street_code"], unique=False
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
