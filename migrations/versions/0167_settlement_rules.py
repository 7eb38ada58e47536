"""What a street's office asks of the time of settlements."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0167_settlement_rules"
down_revision = "0166_adjustments"

SERVED = (
    "EXISTS (SELECT FROM contract_community c WHERE c.firm_id = (select scope_firm())"
    " AND c.street_code = settlement_rule.street_code)"
)
CHECKS = {
    "late_months": "late_months BETWEEN 0 AND 24",
    "late_cap": "late_cap_fen > 0",
    "cutoff_day": "cutoff_day BETWEEN 0 AND 28",
    "reminder_days": "reminder_days BETWEEN 0 AND 15",
}


def upgrade() -> None:
    """Add the rule of a street; the firms that serve it read it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "settlement_rule",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("late_months", sa.BigInteger(), nullable=False),
        sa.Column("late_cap_fen", sa.BigInteger(), nullable=True),
        sa.Column("cutoff_day", sa.BigInteger(), nullable=False),
        sa.Column("reminder_days", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_name", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_rule")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_settlement_rule_street_code")
        ),
        sa.UniqueConstraint("street_code", name=op.f("uq_settlement_rule_street_code")),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_settlement_rule_{name}"))
            for name, rule in CHECKS.items()
        ),
    )
    for statement in row_security(
        "settlement_rule", DataClass.OFFICE, readers={"firm_reads": SERVED}
    ):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("settlement_rule")
