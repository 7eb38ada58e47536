"""Whose turn a statement is, how many days a street gives, and an office's own sentences."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0174_review_turns"
down_revision = "0173_line_threads"

DAYS = ("office_days", "firm_days", "appeal_days")
REASONS = (
    "('presence', 'visits', 'evidence', 'lecture', 'case_dossier', 'case_class', 'amount', 'other')"
)


def upgrade() -> None:
    """Add the clock of the review."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _turns()
    op.create_table(
        "review_rule",
        sa.Column("street_code", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in DAYS),
        *(
            sa.CheckConstraint(f"{name} BETWEEN 1 AND 60", name=op.f(f"ck_review_rule_{name}"))
            for name in DAYS
        ),
        _street("review_rule"),
        sa.PrimaryKeyConstraint("street_code", name=op.f("pk_review_rule")),
    )
    op.create_table(
        "canned_reason",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_canned_reason_reason")),
        _street("canned_reason"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reason")),
        sa.UniqueConstraint(
            "street_code",
            "reason",
            "words",
            name=op.f("uq_canned_reason_street_code_reason_words"),
        ),
    )
    readers = {"firm_reads": "(select scope_firm()) IS NOT NULL"}
    for statement in (
        *row_security("review_rule", DataClass.OFFICE, readers=readers),
        *row_security("canned_reason", DataClass.OFFICE),
    ):
        op.execute(statement)


def _street(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["street_code"], ["street.code"], name=op.f(f"fk_{table}_street_code")
    )


def _turns() -> None:
    for column in (
        sa.Column("turn_side", sa.Text(), nullable=True),
        sa.Column("turn_since", sa.Date(), nullable=True),
        sa.Column("turn_due_on", sa.Date(), nullable=True),
        sa.Column("office_days", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("firm_days", sa.BigInteger(), nullable=False, server_default="0"),
    ):
        op.add_column("statement", column)
    op.create_check_constraint(
        op.f("ck_statement_turn_side"), "statement", "turn_side IN ('office', 'firm')"
    )
    op.create_index("ix_statement_turn", "statement", ["street_code", "turn_side", "turn_due_on"])
    op.execute("ALTER TABLE statement NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE statement SET turn_side = CASE status WHEN 'queried' THEN 'firm' ELSE 'office' END,"
        " turn_since = (now() AT TIME ZONE 'Asia/Shanghai')::date"
        " WHERE status IN ('submitted', 'in_review', 'queried', 'approved')"
    )
    op.execute("ALTER TABLE statement FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("canned_reason")
    op.drop_table("review_rule")
    op.drop_index("ix_statement_turn", table_name="statement")
    op.drop_constraint(op.f("ck_statement_turn_side"), "statement")
    for name in ("firm_days", "office_days", "turn_due_on", "turn_since", "turn_side"):
        op.drop_column("statement", name)
