"""Duty on site and online."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0008_duty"
down_revision = "0007_assignments"


def upgrade() -> None:
    """Duty on site and online."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "online_shift",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_online_shift_order")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_online_shift_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_online_shift_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_online_shift")),
        sa.UniqueConstraint(
            "firm_id",
            "adviser_id",
            "street_code",
            "starts_at",
            name=op.f("uq_online_shift_firm_id_adviser_id_street_code_starts_at"),
        ),
    )
    op.create_index(
        "ix_online_shift_street", "online_shift", ["street_code", "starts_at"], unique=False
    )
    op.create_table(
        "duty_session",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("substitute_for_id", sa.UUID(), nullable=True),
        sa.Column("community_confirmed", sa.Boolean(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("firm_id"), "="),
            (sa.column("adviser_id"), "="),
            (sa.column("community_code"), "<>"),
            (sa.text("tstzrange(signed_in_at, signed_out_at)"), "&&"),
            where=sa.text("signed_out_at IS NOT NULL AND status <> 'voided'"),
            using="gist",
            name="ex_duty_session_two_places",
        ),
        sa.CheckConstraint(
            "(status = 'open') <= (signed_out_at IS NULL)", name=op.f("ck_duty_session_open")
        ),
        sa.CheckConstraint(
            "day = (signed_in_at AT TIME ZONE 'Asia/Shanghai')::date",
            name=op.f("ck_duty_session_day"),
        ),
        sa.CheckConstraint(
            "source IN ('phone', 'qr', 'dingtalk', 'manual')", name=op.f("ck_duty_session_source")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'closed', 'voided')", name=op.f("ck_duty_session_status")
        ),
        sa.CheckConstraint("signed_out_at > signed_in_at", name=op.f("ck_duty_session_order")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_duty_session_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_duty_session_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "substitute_for_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_duty_session_firm_id_substitute_for_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_duty_session_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_session")),
        sa.UniqueConstraint(
            "firm_id",
            "adviser_id",
            "community_code",
            "signed_in_at",
            name=op.f("uq_duty_session_firm_id_adviser_id_community_code_signed_in_at"),
        ),
    )
    op.create_index(
        "ix_duty_session_adviser", "duty_session", ["firm_id", "adviser_id", "day"], unique=False
    )
    op.create_index(
        "ix_duty_session_month", "duty_session", ["firm_id", "community_code", "day"], unique=False
    )
    op.create_index("ix_duty_session_street", "duty_session", ["street_code", "day"], unique=False)
    for statement in row_security("duty_session", DataClass.FIRM_SHARED):
        op.execute(statement)
    for statement in row_security("online_shift", DataClass.FIRM_SHARED):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("online_shift")
    op.drop_table("duty_session")
