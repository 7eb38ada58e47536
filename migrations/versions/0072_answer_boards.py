"""The numbers that lawyers give for online duty, and the public pages that show them."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0072_answer_boards"
down_revision = "0071_online_turns"


def upgrade() -> None:
    """The numbers that lawyers give for online duty, and the public pages that show them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "duty_phone",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_duty_phone_firm_id_adviser_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "adviser_id", name=op.f("pk_duty_phone")),
    )
    op.create_table(
        "answer_board",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("place_code", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "place_code ~ '^[0-9]{9}([0-9]{3})?$'", name=op.f("ck_answer_board_place")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_answer_board_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "place_code", name=op.f("pk_answer_board")),
        sa.UniqueConstraint("digest", name=op.f("uq_answer_board_digest")),
    )
    for statement in row_security("duty_phone", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("answer_board", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("answer_board")
    op.drop_table("duty_phone")
