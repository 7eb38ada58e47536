"""Bank receipts of a firm, what of them settles which statement, small write-offs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DISTRICT, STREET, DataClass, row_security

revision = "0183_receipts"
down_revision = "0182_payment_lists"

AGREED = "{} AND status NOT IN ('asked', 'refused')"
TABLES: dict[str, tuple[DataClass, dict[str, Any]]] = {
    "bank_format": (DataClass.FIRM_PRIVATE, {}),
    "bank_receipt": (DataClass.FIRM_PRIVATE, {}),
    "receipt_allocation": (DataClass.FIRM_SHARED, {"append_only": True}),
    "write_off": (
        DataClass.FIRM_SHARED,
        {"office": AGREED.format(STREET), "bureau": AGREED.format(DISTRICT)},
    ),
    "write_off_rule": (DataClass.FIRM_PRIVATE, {}),
}


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _bank_format()
    _write_off_rule()
    _bank_receipt()
    _receipt_allocation()
    _write_off()
    for table, (data_class, options) in TABLES.items():
        for statement in row_security(table, data_class, **options):
            op.execute(statement)


def _bank_format() -> None:
    op.create_table(
        "bank_format",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_bank_format_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_bank_format")),
        sa.UniqueConstraint("firm_id", "name", name=op.f("uq_bank_format_firm_id_name")),
    )


def _write_off_rule() -> None:
    op.create_table(
        "write_off_rule",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("limit_fen", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "limit_fen BETWEEN 0 AND 100000", name=op.f("ck_write_off_rule_limit_fen")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_write_off_rule_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", name=op.f("pk_write_off_rule")),
    )


def _bank_receipt() -> None:
    op.create_table(
        "bank_receipt",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("format_id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("allocated_fen", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("aside_words", sa.Text(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_name", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'aside') = (aside_words IS NOT NULL)",
            name=op.f("ck_bank_receipt_aside_words"),
        ),
        sa.CheckConstraint("status IN ('open', 'aside')", name=op.f("ck_bank_receipt_status")),
        sa.CheckConstraint(
            "allocated_fen BETWEEN 0 AND amount_fen", name=op.f("ck_bank_receipt_allocated_fen")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_bank_receipt_amount_fen")),
        sa.ForeignKeyConstraint(
            ["firm_id", "format_id"],
            ["bank_format.firm_id", "bank_format.id"],
            name=op.f("fk_bank_receipt_firm_id_format_id"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_bank_receipt_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_bank_receipt")),
        sa.UniqueConstraint("firm_id", "digest", name=op.f("uq_bank_receipt_firm_id_digest")),
    )
    op.create_index("ix_bank_receipt_day", "bank_receipt", ["firm_id", "day", "id"], unique=False)
    op.create_index("ix_bank_receipt_payer", "bank_receipt", ["firm_id", "payer"], unique=False)


def _receipt_allocation() -> None:
    op.create_table(
        "receipt_allocation",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("receipt_id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.UUID(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "how IN ('number', 'amount', 'several', 'payer', 'alone', 'hand')",
            name=op.f("ck_receipt_allocation_how"),
        ),
        sa.CheckConstraint(
            "(reverses_id IS NULL) = (amount_fen > 0)",
            name=op.f("ck_receipt_allocation_amount_fen"),
        ),
        sa.CheckConstraint(
            "(reverses_id IS NULL) = (words IS NULL)", name=op.f("ck_receipt_allocation_words")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "receipt_id"],
            ["bank_receipt.firm_id", "bank_receipt.id"],
            name=op.f("fk_receipt_allocation_firm_id_receipt_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "reverses_id"],
            ["receipt_allocation.firm_id", "receipt_allocation.id"],
            name=op.f("fk_receipt_allocation_firm_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_receipt_allocation_firm_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_receipt_allocation_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_receipt_allocation")),
        sa.UniqueConstraint(
            "firm_id", "reverses_id", name=op.f("uq_receipt_allocation_firm_id_reverses_id")
        ),
    )
    op.create_index(
        "ix_receipt_allocation_receipt",
        "receipt_allocation",
        ["firm_id", "receipt_id"],
        unique=False,
    )
    op.create_index(
        "ix_receipt_allocation_statement",
        "receipt_allocation",
        ["firm_id", "statement_id"],
        unique=False,
    )
    op.create_index(
        "ix_receipt_allocation_street_code",
        "receipt_allocation",
        ["street_code", "made_at"],
        unique=False,
    )


def _write_off() -> None:
    op.create_table(
        "write_off",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_over_limit", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.UUID(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("undo_words", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "NOT is_over_limit OR status = 'asked' OR decided_at IS NOT NULL",
            name=op.f("ck_write_off_decided"),
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'made', 'refused', 'undone')", name=op.f("ck_write_off_status")
        ),
        sa.CheckConstraint(
            "NOT is_over_limit OR decided_by_id IS NULL OR decided_by_id <> asked_by_id",
            name=op.f("ck_write_off_four_eyes"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_write_off_amount_fen")),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_write_off_firm_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_write_off_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_write_off")),
    )
    op.create_index(
        "ix_write_off_statement", "write_off", ["firm_id", "statement_id"], unique=False
    )
    op.create_index(
        "ix_write_off_street_code", "write_off", ["street_code", "made_on"], unique=False
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
