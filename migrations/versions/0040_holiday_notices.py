"""Notices of holidays, for years that the library does not know yet."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0040_holiday_notices"
down_revision = "0032_service_number_plan"


def upgrade() -> None:
    """Keep the days of each year's notice."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "holiday_notice",
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_holiday_notice_year")),
        sa.CheckConstraint(
            "extract(year from day) BETWEEN year - 1 AND year", name=op.f("ck_holiday_notice_day")
        ),
        sa.PrimaryKeyConstraint("year", "day", name=op.f("pk_holiday_notice")),
    )
    for statement in row_security("holiday_notice", DataClass.REFERENCE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("holiday_notice")
