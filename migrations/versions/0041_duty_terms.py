"""What contracts ask for, and how long the way is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0041_duty_terms"
down_revision = "0040_holiday_notices"

READER = (
    "(select scope_kind()) IN ('office', 'bureau') AND (EXISTS (SELECT FROM contract_community c"
    " WHERE c.firm_id = duty_term.firm_id AND c.contract_id = duty_term.contract_id))"
)


def upgrade() -> None:
    """What contracts ask for, and how long the way is."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "duty_term",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("weekday", sa.BigInteger(), nullable=True),
        sa.Column("weeks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("required_hours", sa.BigInteger(), nullable=True),
        sa.Column("required_days", sa.BigInteger(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("on_holiday", sa.Text(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=True),
        sa.Column("communities", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'days') = (required_days IS NOT NULL)", name=op.f("ck_duty_term_days")
        ),
        sa.CheckConstraint(
            "(kind = 'hours') = (required_hours IS NOT NULL)", name=op.f("ck_duty_term_hours")
        ),
        sa.CheckConstraint(
            "kind IN ('weekly', 'nth', 'hours', 'days')", name=op.f("ck_duty_term_kind")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('weekly', 'nth') OR weekday IS NOT NULL", name=op.f("ck_duty_term_fixed")
        ),
        sa.CheckConstraint("on_holiday IN ('skip', 'next')", name=op.f("ck_duty_term_on_holiday")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_duty_term_times")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_duty_term_weekday")),
        sa.ForeignKeyConstraint(
            ["firm_id", "contract_id"],
            ["contract.firm_id", "contract.id"],
            name=op.f("fk_duty_term_firm_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_term")),
    )
    op.create_index(
        "ix_duty_term_contract_id", "duty_term", ["firm_id", "contract_id"], unique=False
    )
    op.create_table(
        "roster_rule",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("same_street_minutes", sa.BigInteger(), nullable=False),
        sa.Column("other_street_minutes", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "other_street_minutes BETWEEN 0 AND 240", name=op.f("ck_roster_rule_other_street")
        ),
        sa.CheckConstraint(
            "same_street_minutes BETWEEN 0 AND 240", name=op.f("ck_roster_rule_same_street")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_roster_rule_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_roster_rule")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_roster_rule_firm_id")),
    )
    for statement in row_security(
        "duty_term",
        DataClass.FIRM_SHARED,
        office=None,
        bureau=None,
        readers={"government_reads": READER},
    ):
        op.execute(statement)
    for statement in row_security("roster_rule", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("roster_rule")
    op.drop_table("duty_term")
