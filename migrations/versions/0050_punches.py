"""Taps on the phone: what they claim, when they arrived, what became of them."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0050_punches"
down_revision = "0043_calendar_feeds"

AT = sa.DateTime(timezone=True)
TIMINGS = "'at_once', 'offline', 'late', 'future'"
VERDICTS = (
    "'counted', 'joined', 'waiting', 'too_soon', 'other_day', 'too_long', 'two_places', 'voided',"
    " 'not_assigned', 'closed'"
)


def upgrade() -> None:
    """Keep each tap once, by the key that its phone gave it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "duty_punch",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("substitute_for_id", sa.UUID(), nullable=True),
        sa.Column("ends_key", sa.UUID(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("community_confirmed", sa.Boolean(), nullable=True),
        sa.Column("tapped_at", AT, nullable=False),
        sa.Column("offset_seconds", sa.BigInteger(), nullable=True),
        sa.Column("claimed_at", AT, nullable=False),
        sa.Column("arrived_at", AT, nullable=False),
        sa.Column("counts_at", AT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("timing", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=True),
        sa.Column("session_revision", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_punch")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_duty_punch_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_duty_punch_street_code")
        ),
        *(
            sa.ForeignKeyConstraint(
                ["firm_id", column],
                [f"{table}.firm_id", f"{table}.id"],
                name=op.f(f"fk_duty_punch_firm_id_{column}"),
            )
            for table, column in (
                ("adviser", "adviser_id"),
                ("adviser", "substitute_for_id"),
                ("duty_session", "session_id"),
            )
        ),
        sa.UniqueConstraint(
            "firm_id", "adviser_id", "key", name=op.f("uq_duty_punch_firm_id_adviser_id_key")
        ),
        sa.CheckConstraint("kind IN ('in', 'out')", name=op.f("ck_duty_punch_kind")),
        sa.CheckConstraint(f"timing IN ({TIMINGS})", name=op.f("ck_duty_punch_timing")),
        sa.CheckConstraint(f"verdict IN ({VERDICTS})", name=op.f("ck_duty_punch_verdict")),
        sa.CheckConstraint(
            "(kind = 'out') = (ends_key IS NOT NULL)", name=op.f("ck_duty_punch_ends")
        ),
    )
    op.create_index("ix_duty_punch_day", "duty_punch", ["firm_id", "adviser_id", "day"])
    op.create_index("ix_duty_punch_ends", "duty_punch", ["firm_id", "adviser_id", "ends_key"])
    op.create_index("ix_duty_punch_session", "duty_punch", ["firm_id", "session_id"])
    for statement in row_security("duty_punch", DataClass.FIRM_SHARED):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("duty_punch")
