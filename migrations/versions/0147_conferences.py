"""Conferences with seats, tasks and minutes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0147_conferences"
down_revision = "0143_document_templates"

TABLES = ("conference", "conference_seat", "conference_task", "conference_minutes")


def upgrade() -> None:
    """Make the tables, each the firm's alone."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "conference",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=True),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("chair_id", sa.UUID(), nullable=False),
        sa.Column("guests", sa.Text(), nullable=False),
        sa.Column("agenda", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("disputes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feedback_on", sa.Date(), nullable=True),
        sa.Column("feedback_words", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'concluded') = (concluded_at IS NOT NULL)",
            name=op.f("ck_conference_concluded"),
        ),
        sa.CheckConstraint(
            "feedback_on IS NULL OR status = 'concluded'", name=op.f("ck_conference_feedback")
        ),
        sa.CheckConstraint("mode IN ('on_site', 'online')", name=op.f("ck_conference_mode")),
        sa.CheckConstraint(
            "status IN ('planned', 'held', 'concluded', 'cancelled')",
            name=op.f("ck_conference_status"),
        ),
        sa.CheckConstraint("starts < ends", name=op.f("ck_conference_times")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_conference_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "chair_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_conference_firm_id_chair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "referral_id"],
            ["referral.firm_id", "referral.id"],
            name=op.f("fk_conference_firm_id_referral_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_conference_firm_id_service_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_conference")),
    )
    op.create_index(
        "ix_conference_status",
        "conference",
        ["firm_id", "status", "day", "starts", "id"],
        unique=False,
    )
    op.create_index(
        "ix_conference_chair", "conference", ["firm_id", "chair_id", "day"], unique=False
    )
    op.create_index(
        "ix_conference_list", "conference", ["firm_id", "day", "starts", "id"], unique=False
    )
    op.create_index(
        "ix_conference_referral", "conference", ["firm_id", "referral_id"], unique=False
    )
    op.create_index("ix_conference_service", "conference", ["firm_id", "service_id"], unique=False)
    op.create_index(
        "ix_conference_title",
        "conference",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_table(
        "conference_minutes",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("conference_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "version = 1 OR reason <> ''", name=op.f("ck_conference_minutes_reason")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_conference_minutes_version")),
        sa.ForeignKeyConstraint(
            ["firm_id", "conference_id"],
            ["conference.firm_id", "conference.id"],
            name=op.f("fk_conference_minutes_firm_id_conference_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_conference_minutes")),
        sa.UniqueConstraint(
            "firm_id",
            "conference_id",
            "version",
            name=op.f("uq_conference_minutes_firm_id_conference_id_version"),
        ),
    )
    op.create_table(
        "conference_seat",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("conference_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("opined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "presence <> 'excused' OR reason <> ''", name=op.f("ck_conference_seat_excused")
        ),
        sa.CheckConstraint(
            "presence IN ('invited', 'came', 'excused')", name=op.f("ck_conference_seat_presence")
        ),
        sa.CheckConstraint(
            "(opinion IS NOT NULL) <= (opined_at IS NOT NULL)",
            name=op.f("ck_conference_seat_opined"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_conference_seat_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "conference_id"],
            ["conference.firm_id", "conference.id"],
            name=op.f("fk_conference_seat_firm_id_conference_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_conference_seat")),
        sa.UniqueConstraint(
            "firm_id",
            "conference_id",
            "adviser_id",
            name=op.f("uq_conference_seat_firm_id_conference_id_adviser_id"),
        ),
    )
    op.create_index(
        "ix_conference_seat_adviser",
        "conference_seat",
        ["firm_id", "adviser_id", "conference_id"],
        unique=False,
    )
    op.create_table(
        "conference_task",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("conference_id", sa.UUID(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_words", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(done_on IS NULL) = (done_words IS NULL)", name=op.f("ck_conference_task_done")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "conference_id"],
            ["conference.firm_id", "conference.id"],
            name=op.f("fk_conference_task_firm_id_conference_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "owner_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_conference_task_firm_id_owner_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_conference_task")),
    )
    op.create_index(
        "ix_conference_task_conference",
        "conference_task",
        ["firm_id", "conference_id", "due_on"],
        unique=False,
    )
    op.create_index(
        "ix_conference_task_open",
        "conference_task",
        ["firm_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("done_on IS NULL"),
    )
    op.create_index(
        "ix_conference_task_owner",
        "conference_task",
        ["firm_id", "owner_id", "due_on"],
        unique=False,
    )
    for table in TABLES:
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
