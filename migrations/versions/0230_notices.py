"""What people are told, how they want it, and what waits to go out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0230_notices"
down_revision = "0222_api_tokens"

TABLES = ("notice", "notice_choice", "notice_setting", "delivery")


def upgrade() -> None:
    """Make the tables."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _notice()
    _notice_choice()
    _notice_setting()
    _delivery()
    for table in TABLES:
        for statement in row_security(table, DataClass.PLATFORM):
            op.execute(statement)


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("place_kind", sa.Text(), nullable=False),
        sa.Column("place_key", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("path ~ '^/([^/]|$)'", name=op.f("ck_notice_path")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_notice_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "membership_id", "kind", "key", name=op.f("uq_notice_membership_id_kind_key")
        ),
    )
    op.create_index("ix_notice_list", "notice", ["membership_id", "made_at", "id"], unique=False)
    op.create_index("ix_notice_made_at", "notice", ["made_at"], unique=False)
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["membership_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )


def _notice_choice() -> None:
    op.create_table(
        "notice_choice",
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "mode IN ('off', 'inbox', 'digest', 'mail')", name=op.f("ck_notice_choice_mode")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_choice_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_notice_choice")),
    )


def _notice_setting() -> None:
    op.create_table(
        "notice_setting",
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("quiet_from", sa.BigInteger(), nullable=False),
        sa.Column("quiet_until", sa.BigInteger(), nullable=False),
        sa.Column("rests", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("bounced_email", sa.Text(), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_why", sa.Text(), nullable=False),
        sa.CheckConstraint("language IN ('zh_CN', 'en')", name=op.f("ck_notice_setting_language")),
        sa.CheckConstraint(
            "(bounced_email IS NULL) = (bounced_at IS NULL)", name=op.f("ck_notice_setting_bounced")
        ),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23 AND digest_at BETWEEN 0 AND 23",
            name=op.f("ck_notice_setting_hours"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_setting_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_setting")),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("target_id", sa.UUID(), nullable=False),
        sa.Column("place_kind", sa.Text(), nullable=False),
        sa.Column("place_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.UUID(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'sending') = (claimed_at IS NOT NULL)", name=op.f("ck_delivery_claimed")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'needless', 'lapsed')",
            name=op.f("ck_delivery_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "channel",
            "target_id",
            "kind",
            "key",
            name=op.f("uq_delivery_channel_target_id_kind_key"),
        ),
    )
    op.create_index("ix_delivery_batch_id", "delivery", ["batch_id"], unique=False)
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["channel", "due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.create_index("ix_delivery_made_at", "delivery", ["made_at"], unique=False)
    op.create_index("ix_delivery_state", "delivery", ["channel", "state"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
