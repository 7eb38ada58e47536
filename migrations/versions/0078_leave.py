"""Leave of lawyers, which only the firm reads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0078_leave"
down_revision = "0072_answer_boards"

AT = sa.DateTime(timezone=True)
KINDS = "'personal', 'sick', 'annual', 'court', 'trip', 'training', 'other'"
STATES = "'asked', 'approved', 'refused', 'withdrawn'"
STRETCH = (
    "tsrange(first_on + coalesce(starts, '00:00'::time), last_on + coalesce(ends, '24:00'::time))"
)


def upgrade() -> None:
    """Keep who is away when; nobody twice at one time."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "leave_request",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_leave_request")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_leave_request_firm_id_adviser_id"),
        ),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_leave_request_kind")),
        sa.CheckConstraint(f"status IN ({STATES})", name=op.f("ck_leave_request_status")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_leave_request_order")),
        sa.CheckConstraint(
            "(starts IS NULL) = (ends IS NULL)", name=op.f("ck_leave_request_hours")
        ),
        sa.CheckConstraint(
            "starts IS NULL OR (first_on = last_on AND starts < ends)",
            name=op.f("ck_leave_request_one_day"),
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'refused')) <= (decided_at IS NOT NULL)",
            name=op.f("ck_leave_request_decided"),
        ),
        postgresql.ExcludeConstraint(
            (sa.column("firm_id"), "="),
            (sa.column("adviser_id"), "="),
            (sa.text(STRETCH), "&&"),
            where=sa.text("status IN ('asked', 'approved')"),
            using="gist",
            name="ex_leave_request_twice",
        ),
    )
    op.create_index("ix_leave_request_days", "leave_request", ["firm_id", "last_on", "first_on"])
    for statement in row_security("leave_request", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("leave_request")
