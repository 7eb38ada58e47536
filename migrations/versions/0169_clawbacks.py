"""Claw-backs of paid lines, and the states of payment that they bring."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0169_clawbacks"
down_revision = "0168_late_entries"

AT = sa.DateTime(timezone=True)
BEFORE = "payment IN ('unpaid', 'paid')"
PAYMENTS = "payment IN ('unpaid', 'paid', 'awaiting_clawback', 'clawed_back')"
CHECKS = {
    "reason": "reason IN ('audit', 'twice', 'evidence', 'case', 'amount', 'other')",
    "status": "status IN ('awaiting', 'done', 'withdrawn')",
    "amount": "amount_fen > 0",
    "objection": "(objection IS NULL) = (objected_at IS NULL)",
}
TO_FIRM = {
    "statement_id": "statement",
    "line_id": "statement_line",
    "adjustment_id": "adjustment",
}


def upgrade() -> None:
    """Add them: the office asks, the firm objects, a later statement settles."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _payments(PAYMENTS)
    op.create_table(
        "clawback",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        *(sa.Column(column, sa.UUID(), nullable=False) for column in TO_FIRM),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("reason", "words", "status", "asked_by_name")
        ),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("objected_at", AT, nullable=True),
        sa.Column("objected_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_clawback")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_clawback_street_code")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["firm_id", column],
                [f"{table}.firm_id", f"{table}.id"],
                name=op.f(f"fk_clawback_firm_id_{column}"),
            )
            for column, table in TO_FIRM.items()
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_clawback_{name}"))
            for name, rule in CHECKS.items()
        ),
    )
    op.create_index(
        "uq_clawback_line",
        "clawback",
        ["firm_id", "line_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_index("ix_clawback_adjustment", "clawback", ["firm_id", "adjustment_id"])
    op.create_index("ix_clawback_statement", "clawback", ["firm_id", "statement_id"])
    op.create_index("ix_clawback_street_code", "clawback", ["street_code", "asked_at"])
    for statement in row_security(
        "clawback", DataClass.FIRM_SHARED, office_acts=("INSERT", "UPDATE")
    ):
        op.execute(statement)


def _payments(rule: str) -> None:
    name = op.f("ck_statement_line_payment")
    op.drop_constraint(name, "statement_line")
    op.create_check_constraint(name, "statement_line", rule)


def downgrade() -> None:
    """Undo it; a line that was taken back was paid."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("clawback")
    op.execute("ALTER TABLE statement_line NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE statement_line SET payment = 'paid' WHERE payment NOT IN ('unpaid', 'paid')")
    op.execute("ALTER TABLE statement_line FORCE ROW LEVEL SECURITY")
    _payments(BEFORE)
