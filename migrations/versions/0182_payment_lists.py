"""Payment lists of a street, their rows, the layout of its finance."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import FIRM, DataClass, row_security

revision = "0182_payment_lists"
down_revision = "0177_ledgers"

PUBLISHED = f"{FIRM} AND published_at IS NOT NULL"
TABLES: dict[str, tuple[DataClass, dict[str, Any]]] = {
    "payment_layout": (DataClass.OFFICE, {}),
    "payment_list": (DataClass.OFFICE, {}),
    "payment_item": (DataClass.OFFICE, {"readers": {"firm_reads": PUBLISHED}}),
}


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _payment_layout()
    _payment_list()
    _payment_item()
    for table, (data_class, options) in TABLES.items():
        for statement in row_security(table, data_class, **options):
            op.execute(statement)


def _payment_layout() -> None:
    op.create_table(
        "payment_layout",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_name", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_payment_layout_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_layout")),
        sa.UniqueConstraint("street_code", name=op.f("uq_payment_layout_street_code")),
    )


def _payment_list() -> None:
    op.create_table(
        "payment_list",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_name", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("apart_words", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'draft') = (sent_at IS NULL) OR status = 'apart'",
            name=op.f("ck_payment_list_sent"),
        ),
        sa.CheckConstraint(
            "(status = 'paid') = (paid_on IS NOT NULL)", name=op.f("ck_payment_list_paid")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'sent', 'paid', 'apart')", name=op.f("ck_payment_list_status")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_payment_list_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_list")),
        sa.UniqueConstraint(
            "street_code", "number", name=op.f("uq_payment_list_street_code_number")
        ),
    )
    op.create_index(
        "ix_payment_list_street_code", "payment_list", ["street_code", "made_at"], unique=False
    )


def _payment_item() -> None:
    op.create_table(
        "payment_item",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("list_id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("payee", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("funding", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("bounced_on", sa.Date(), nullable=True),
        sa.Column("bounce_words", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'bounced') = (bounce_words IS NOT NULL)",
            name=op.f("ck_payment_item_bounce_words"),
        ),
        sa.CheckConstraint(
            "status IN ('listed', 'paid', 'bounced', 'dropped')",
            name=op.f("ck_payment_item_status"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_item_amount_fen")),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_payment_item_firm_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_payment_item_firm_id")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["payment_list.id"], name=op.f("fk_payment_item_list_id")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_payment_item_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_payment_item")),
    )
    op.create_index("ix_payment_item_list", "payment_item", ["list_id", "position"], unique=False)
    op.create_index("ix_payment_item_street_code", "payment_item", ["street_code"], unique=False)
    op.create_index(
        "uq_payment_item_live_statement",
        "payment_item",
        ["firm_id", "statement_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('listed', 'paid')"),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
