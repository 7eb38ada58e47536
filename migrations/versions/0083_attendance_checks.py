"""Visits by other systems, held against the phone's sessions."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0083_attendance_checks"
down_revision = "0082_attendance_records"


def upgrade() -> None:
    """Keep one check for adviser, day and community."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "attendance_check",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("punches", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=True),
        sa.Column("session_revision", sa.BigInteger(), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'settled') = (verdict IS NOT NULL)",
            name=op.f("ck_attendance_check_verdict_given"),
        ),
        sa.CheckConstraint(
            "finding IN ('agrees', 'times', 'no_sign_out', 'other_place', 'no_session', 'one_punch', 'review')",
            name=op.f("ck_attendance_check_finding"),
        ),
        sa.CheckConstraint(
            "mark IN ('plain', 'outside', 'invalid', 'by_hand')",
            name=op.f("ck_attendance_check_mark"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'settled')", name=op.f("ck_attendance_check_status")
        ),
        sa.CheckConstraint(
            "verdict IN ('phone', 'record', 'neither')", name=op.f("ck_attendance_check_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_attendance_check_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_attendance_check_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "session_id"],
            ["duty_session.firm_id", "duty_session.id"],
            name=op.f("fk_attendance_check_firm_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_attendance_check")),
        sa.UniqueConstraint(
            "firm_id",
            "adviser_id",
            "day",
            "community_code",
            name=op.f("uq_attendance_check_firm_id_adviser_id_day_community_code"),
        ),
    )
    op.create_index("ix_attendance_check_day", "attendance_check", ["firm_id", "day"], unique=False)
    op.create_index(
        "ix_attendance_check_session", "attendance_check", ["firm_id", "session_id"], unique=False
    )
    for statement in row_security("attendance_check", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("attendance_check")
