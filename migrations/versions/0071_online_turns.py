"""The turns of a rota, and what one leaves to the next."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0071_online_turns"
down_revision = "0070_rotas"


def upgrade() -> None:
    """The turns of a rota, and what one leaves to the next."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "online_turn",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("rota_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_moved", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("firm_id"), "="),
            (sa.column("rota_id"), "="),
            (sa.text("tstzrange(starts_at, ends_at)"), "&&"),
            where=sa.text("status <> 'withdrawn'"),
            using="gist",
            name="ex_online_turn_one_at_a_time",
        ),
        sa.CheckConstraint(
            "(status IN ('standing', 'done')) = (taken_at IS NOT NULL)",
            name=op.f("ck_online_turn_taken"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'standing', 'done', 'withdrawn')",
            name=op.f("ck_online_turn_status"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_online_turn_order")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_online_turn_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "rota_id"],
            ["rota.firm_id", "rota.id"],
            name=op.f("fk_online_turn_firm_id_rota_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_online_turn")),
    )
    op.create_index(
        "ix_online_turn_adviser",
        "online_turn",
        ["firm_id", "adviser_id", "starts_at"],
        unique=False,
    )
    op.create_index("ix_online_turn_ends", "online_turn", ["firm_id", "ends_at"], unique=False)
    op.create_table(
        "handover_note",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("turn_id", sa.UUID(), nullable=False),
        sa.Column("matters", sa.Text(), nullable=False),
        sa.Column("whom_to_call", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "turn_id"],
            ["online_turn.firm_id", "online_turn.id"],
            name=op.f("fk_handover_note_firm_id_turn_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "turn_id", name=op.f("pk_handover_note")),
    )
    for statement in row_security("online_turn", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("handover_note", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("handover_note")
    op.drop_table("online_turn")
