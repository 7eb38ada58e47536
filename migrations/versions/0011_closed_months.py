"""Closed months."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0011_closed_months"
down_revision = "0010_pairings"


def upgrade() -> None:
    """Closed months."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "closed_month",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("place_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("statement_number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_closed_month_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "place_code", "month", name=op.f("pk_closed_month")),
    )
    op.create_index(
        op.f("ix_closed_month_street_code"), "closed_month", ["street_code"], unique=False
    )
    for statement in row_security(
        "closed_month", DataClass.FIRM_SHARED, office_acts=("INSERT", "DELETE")
    ):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("closed_month")
