"""Whether a lawyer's taps take the phone's position along."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0062_position_choices"
down_revision = "0061_duty_codes"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Whether a lawyer's taps take the phone's position along."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "position_choice",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("agreed_at", AT, nullable=True),
        sa.Column("wording", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_position_choice")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_position_choice_firm_id_adviser_id"),
        ),
        sa.UniqueConstraint(
            "firm_id", "adviser_id", name=op.f("uq_position_choice_firm_id_adviser_id")
        ),
    )
    for statement in row_security("position_choice", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("position_choice")
