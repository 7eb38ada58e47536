"""Handing over: packs with their lines, promises, groups."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0154_handovers"
down_revision = "0153_end_causes"

TABLES = {
    "handover_pack": DataClass.FIRM_PRIVATE,
    "handover_line": DataClass.FIRM_PRIVATE,
    "promise": DataClass.FIRM_PRIVATE,
    "chat_group": DataClass.FIRM_PRIVATE,
}


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _handover_pack()
    _handover_line()
    _promise()
    _chat_group()
    for table, data_class in TABLES.items():
        for statement in row_security(table, data_class):
            op.execute(statement)


def _handover_pack() -> None:
    op.create_table(
        "handover_pack",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("ended_id", sa.UUID(), nullable=False),
        sa.Column("begun_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("from_adviser_id", sa.UUID(), nullable=False),
        sa.Column("to_adviser_id", sa.UUID(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'signed') = (signed_at IS NOT NULL)", name=op.f("ck_handover_pack_signed_at")
        ),
        sa.CheckConstraint(
            "cause IN ('left', 'leave', 'community', 'assessment', 'conflict', 'rotation', 'other')",
            name=op.f("ck_handover_pack_cause"),
        ),
        sa.CheckConstraint("role IN ('lead', 'backup')", name=op.f("ck_handover_pack_role")),
        sa.CheckConstraint("status IN ('open', 'signed')", name=op.f("ck_handover_pack_status")),
        sa.CheckConstraint(
            "from_adviser_id <> to_adviser_id", name=op.f("ck_handover_pack_another")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_handover_pack_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "begun_id"],
            ["assignment.firm_id", "assignment.id"],
            name=op.f("fk_handover_pack_firm_id_begun_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "ended_id"],
            ["assignment.firm_id", "assignment.id"],
            name=op.f("fk_handover_pack_firm_id_ended_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "from_adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_handover_pack_firm_id_from_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "to_adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_handover_pack_firm_id_to_adviser_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_handover_pack")),
        sa.UniqueConstraint("firm_id", "begun_id", name=op.f("uq_handover_pack_firm_id_begun_id")),
    )
    op.create_index(
        "ix_handover_pack_community_code",
        "handover_pack",
        ["firm_id", "community_code"],
        unique=False,
    )
    op.create_index(
        "ix_handover_pack_ended_id", "handover_pack", ["firm_id", "ended_id"], unique=False
    )
    op.create_index(
        "ix_handover_pack_list", "handover_pack", ["firm_id", "starts_on", "id"], unique=False
    )
    op.create_index(
        "ix_handover_pack_open",
        "handover_pack",
        ["firm_id", "starts_on"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )


def _handover_line() -> None:
    op.create_table(
        "handover_line",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pack_id", sa.UUID(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_name", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('duty', 'service', 'matter', 'referral', 'promise', 'group', 'paper')",
            name=op.f("ck_handover_line_kind"),
        ),
        sa.CheckConstraint(
            "(taken_at IS NULL) = (taken_by_name IS NULL)", name=op.f("ck_handover_line_taken")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "pack_id"],
            ["handover_pack.firm_id", "handover_pack.id"],
            name=op.f("fk_handover_line_firm_id_pack_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_handover_line")),
        sa.UniqueConstraint(
            "firm_id", "pack_id", "place", name=op.f("uq_handover_line_firm_id_pack_id_place")
        ),
    )


def _promise() -> None:
    op.create_table(
        "promise",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("to_whom", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("done_on >= made_on", name=op.f("ck_promise_days")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_promise_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_promise_firm_id_adviser_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_promise")),
    )
    op.create_index(
        "ix_promise_community_code",
        "promise",
        ["firm_id", "community_code", "due_on"],
        unique=False,
    )


def _chat_group() -> None:
    op.create_table(
        "chat_group",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=True),
        sa.Column("member_count", sa.BigInteger(), nullable=True),
        sa.Column("is_real_name", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "level IN ('district', 'street', 'community', 'other')",
            name=op.f("ck_chat_group_level"),
        ),
        sa.CheckConstraint(
            "member_count BETWEEN 1 AND 5000", name=op.f("ck_chat_group_member_count")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_chat_group_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "owner_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_chat_group_firm_id_owner_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_chat_group")),
    )
    op.create_index(
        "uq_chat_group_name",
        "chat_group",
        ["firm_id", "community_code", "name"],
        unique=True,
        postgresql_where=sa.text("closed_on IS NULL"),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
