"""Long works: what members asked to be done in the background, how far it is, how it ended."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

from counselhub.core.row_security import DataClass, row_security

revision = "0210_long_work"
down_revision = "0202_office_archives"

KEY = "nullif(current_setting('app.scope_key', true), '')"
OWN = f"kind = (select scope_kind()) AND key = (select {KEY})"
TIME = sa.DateTime(timezone=True)
CHECKS = {
    "done": "done BETWEEN 0 AND parts",
    "ended": "(outcome IS NULL) = (ended_at IS NULL)",
    "fails": "(fault IS NOT NULL) = (outcome IS NOT DISTINCT FROM 'failed')",
    "outcome": "outcome IN ('waiting', 'working', 'done', 'failed', 'cancelled')",
    "fault": "fault IN ('refused', 'error', 'broken', 'left')",
}


def upgrade() -> None:
    """Make the table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "long_work",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", pg.JSONB(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("membership_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("beat_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("faults", pg.JSONB(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_long_work_{name}"))
            for name, rule in CHECKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_long_work")),
    )
    op.create_index(
        "uq_long_work_open",
        "long_work",
        ["kind", "key", "task", "subject"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_long_work_tenant", "long_work", ["kind", "key", "asked_at"])
    for statement in row_security("long_work", DataClass.PLATFORM, readers={"tenant_reads": OWN}):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("long_work")
