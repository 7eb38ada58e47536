"""Months that a street's cut-off has closed to firms, and from which month on it closes."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0199_overdue_months"
down_revision = "0196_refused_with_line"

AT = sa.DateTime(timezone=True)
CHECKS = {
    "status": "status IN ('closed', 'asked', 'allowed', 'refused')",
    "cause": "cause IN ('evidence', 'checking', 'handover', 'system', 'other')",
    "month": "extract(day from month) = 1",
    "asked": "status <> 'asked' OR (cause IS NOT NULL AND words <> '')",
    "allowed": "(status = 'allowed') = (allowed_until IS NOT NULL)",
    "refused": "status <> 'refused' OR answer <> ''",
}
# What was set before begins to close with the first month after this release.
FROM_NOW = """
UPDATE settlement_rule SET closes_from =
    (date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + interval '1 month')::date
WHERE cutoff_day > 0
"""


def upgrade() -> None:
    """Add them; the firm and its office write, the bureau reads."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("settlement_rule", sa.Column("closes_from", sa.Date(), nullable=True))
    op.execute(FROM_NOW)
    op.create_check_constraint(
        op.f("ck_settlement_rule_closes_from"),
        "settlement_rule",
        "(cutoff_day > 0) = (closes_from IS NOT NULL)",
    )
    _months()
    for statement in row_security("overdue_month", DataClass.FIRM_SHARED, office_acts=("UPDATE",)):
        op.execute(statement)


def _months() -> None:
    key = ("firm_id", "street_code", "month")
    op.create_table(
        "overdue_month",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("closed_at", AT, nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", AT, nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=True),
        sa.Column("allowed_until", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_overdue_month_{name}"))
            for name, rule in CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_overdue_month_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_overdue_month_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_overdue_month")),
        sa.UniqueConstraint(*key, name=op.f(f"uq_overdue_month_{'_'.join(key)}")),
    )
    op.create_index(
        "ix_overdue_month_street_code", "overdue_month", ["street_code", "status", "month"]
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("overdue_month")
    op.drop_column("settlement_rule", "closes_from")
