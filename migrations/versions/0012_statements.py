"""Statements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DISTRICT, STREET, DataClass, row_security

revision = "0012_statements"
down_revision = "0011_closed_months"

SUBMITTED_TO_OFFICE = f"{STREET} AND submitted_at IS NOT NULL"
SUBMITTED_TO_BUREAU = f"{DISTRICT} AND submitted_at IS NOT NULL"
# The statement's own policy says which street and whether it was submitted.
OF_SEEN_STATEMENT = (
    "(select scope_kind()) IN ('office', 'bureau') AND EXISTS (SELECT FROM statement s"
    " WHERE s.firm_id = statement_line.firm_id AND s.id = statement_line.statement_id)"
)


def upgrade() -> None:
    """Statements."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "firm_account",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("payee", sa.Text(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_firm_account_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", name=op.f("pk_firm_account")),
    )
    op.create_table(
        "statement",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("funding", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("payee", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certified_by_id", sa.UUID(), nullable=True),
        sa.Column("certified_by_name", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.UUID(), nullable=True),
        sa.Column("approved_by_name", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.UUID(), nullable=True),
        sa.Column("signed_by_name", sa.Text(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("paid_fen", sa.BigInteger(), nullable=True),
        sa.Column("payment_reference", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'certified', 'submitted', 'in_review', 'queried', 'approved', 'signed', 'payable', 'paid', 'reconciled', 'void')",
            name=op.f("ck_statement_status"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS DISTINCT FROM signed_by_id OR signed_by_id IS NULL",
            name=op.f("ck_statement_four_eyes"),
        ),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_statement_month")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_statement_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_statement_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_statement")),
        sa.UniqueConstraint("firm_id", "number", name=op.f("uq_statement_firm_id_number")),
    )
    op.create_index(
        "ix_statement_one_live",
        "statement",
        ["firm_id", "street_code", "month"],
        unique=True,
        postgresql_where=sa.text("status <> 'void'"),
    )
    op.create_index("ix_statement_street_code", "statement", ["street_code", "month"], unique=False)
    op.create_table(
        "case_payment",
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_case_payment_firm_id_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_case_payment")),
    )
    op.create_index(
        "ix_case_payment_statement", "case_payment", ["firm_id", "statement_id"], unique=False
    )
    op.create_table(
        "statement_line",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=True),
        sa.Column("contract_number", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("trace", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("previous", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('base', 'shortfall', 'lecture', 'online', 'case', 'withhold', 'release', 'adjustment')",
            name=op.f("ck_statement_line_kind"),
        ),
        sa.CheckConstraint(
            "payment IN ('unpaid', 'paid')",
            name=op.f("ck_statement_line_payment"),
        ),
        sa.CheckConstraint(
            "review IN ('pending', 'accepted', 'queried')",
            name=op.f("ck_statement_line_review"),
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_statement_line_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_statement_line_firm_id_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint(
            "firm_id",
            "statement_id",
            "contract_number",
            "community_code",
            "kind",
            "month",
            name=op.f(
                "uq_statement_line_firm_id_statement_id_contract_number_community_code_kind_month"
            ),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "line_query",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("line_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('presence', 'visits', 'evidence', 'lecture', 'case_dossier', 'case_class', 'amount', 'other')",
            name=op.f("ck_line_query_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "line_id"],
            ["statement_line.firm_id", "statement_line.id"],
            name=op.f("fk_line_query_firm_id_line_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_line_query_firm_id_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_line_query")),
    )
    op.create_index("ix_line_query_line", "line_query", ["firm_id", "line_id"], unique=False)
    op.create_index(
        "ix_line_query_statement", "line_query", ["firm_id", "statement_id"], unique=False
    )
    op.create_index("ix_line_query_street_code", "line_query", ["street_code"], unique=False)
    for statement in row_security(
        "statement",
        DataClass.FIRM_SHARED,
        office=SUBMITTED_TO_OFFICE,
        bureau=SUBMITTED_TO_BUREAU,
        office_acts=("UPDATE",),
    ):
        op.execute(statement)
    for statement in row_security(
        "statement_line",
        DataClass.FIRM_SHARED,
        office=OF_SEEN_STATEMENT,
        bureau=OF_SEEN_STATEMENT,
        office_acts=("UPDATE",),
    ):
        op.execute(statement)
    for statement in row_security(
        "line_query", DataClass.FIRM_SHARED, office_acts=("INSERT", "UPDATE")
    ):
        op.execute(statement)
    for statement in row_security("case_payment", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("firm_account", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("firm_account")
    op.drop_table("case_payment")
    op.drop_table("line_query")
    op.drop_table("statement_line")
    op.drop_table("statement")
