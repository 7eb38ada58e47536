"""Robots by which firms and offices tell their own groups."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0235_robots"
down_revision = "0230_notices"


def upgrade() -> None:
    """Make the table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "robot",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("style", sa.Text(), nullable=False),
        sa.Column("topics", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_daily", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.BigInteger(), nullable=False),
        sa.Column("quiet_from", sa.BigInteger(), nullable=False),
        sa.Column("quiet_until", sa.BigInteger(), nullable=False),
        sa.Column("rests", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("is_signed", sa.Boolean(), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_by_name", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("fault_words", sa.Text(), nullable=False),
        sa.Column("fault_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('firm', 'office')", name=op.f("ck_robot_kind")),
        sa.CheckConstraint("vendor IN ('dingtalk', 'wecom')", name=op.f("ck_robot_vendor")),
        sa.CheckConstraint("style IN ('markdown', 'text')", name=op.f("ck_robot_style")),
        sa.CheckConstraint(
            "fault IN ('unreachable', 'busy', 'too_fast', 'unverified', 'gone', 'refused', 'unsealed')",
            name=op.f("ck_robot_fault"),
        ),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23 AND digest_at BETWEEN 0 AND 23",
            name=op.f("ck_robot_hours"),
        ),
        sa.CheckConstraint("(off_at IS NULL) = (off_by_name IS NULL)", name=op.f("ck_robot_off")),
        sa.CheckConstraint("(fault IS NULL) = (fault_at IS NULL)", name=op.f("ck_robot_faulted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot")),
    )
    op.create_index("ix_robot_place", "robot", ["kind", "key", "created_at"])
    for statement in row_security("robot", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("robot")
