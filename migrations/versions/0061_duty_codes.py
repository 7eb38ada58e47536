"""Codes that a community shows on a screen or on paper."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0061_duty_codes"
down_revision = "0060_duty_points"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Codes that a community shows on a screen or on paper."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "duty_code",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("screen_at", AT, nullable=True),
        sa.Column("sheet", sa.BigInteger(), nullable=False),
        sa.Column("sheets", sa.BigInteger(), nullable=False),
        sa.Column("sheet_at", AT, nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_code")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_duty_code_firm_id")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_duty_code_community_code")
        ),
        sa.UniqueConstraint(
            "firm_id", "community_code", name=op.f("uq_duty_code_firm_id_community_code")
        ),
        sa.CheckConstraint("sheet BETWEEN 0 AND sheets", name=op.f("ck_duty_code_sheet")),
        sa.CheckConstraint(
            "(sheet > 0) = (sheet_at IS NOT NULL)", name=op.f("ck_duty_code_sheet_at")
        ),
    )
    op.create_table(
        "screen_link",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "community_code", name=op.f("pk_screen_link")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_screen_link_firm_id")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_screen_link_community_code")
        ),
        sa.UniqueConstraint("digest", name=op.f("uq_screen_link_digest")),
    )
    for statement in row_security("duty_code", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("screen_link", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("screen_link")
    op.drop_table("duty_code")
