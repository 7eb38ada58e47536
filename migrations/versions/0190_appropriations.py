"""What a street's office may spend in a year, by source."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0190_appropriations"
down_revision = "0189_year_files"


def upgrade() -> None:
    """Make the table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "appropriation",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("city_fen", sa.BigInteger(), nullable=True),
        sa.Column("district_fen", sa.BigInteger(), nullable=True),
        sa.Column("street_fen", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_appropriation_year")),
        sa.CheckConstraint(
            "city_fen >= 0 AND district_fen >= 0 AND street_fen >= 0",
            name=op.f("ck_appropriation_amounts"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_appropriation_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appropriation")),
        sa.UniqueConstraint("street_code", "year", name=op.f("uq_appropriation_street_code_year")),
    )
    for statement in row_security("appropriation", DataClass.OFFICE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("appropriation")
