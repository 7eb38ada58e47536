"""What DingTalk and WeCom recorded: files, people, places, punches, days."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0082_attendance_records"
down_revision = "0080_extra_slots"


def upgrade() -> None:
    """Keep each punch of an account once a minute."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "attendance_file",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fault_count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "layout IN ('month', 'daily', 'times', 'records', 'wecom_daily', 'wecom_times')",
            name=op.f("ck_attendance_file_layout"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_attendance_file_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_attendance_file")),
        sa.UniqueConstraint("firm_id", "digest", name=op.f("uq_attendance_file_firm_id_digest")),
    )
    op.create_index(
        "ix_attendance_file_at", "attendance_file", ["firm_id", "imported_at"], unique=False
    )
    op.create_table(
        "attendance_account",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("vendor", sa.Text(), nullable=False),
        sa.Column("known_as", sa.Text(), nullable=False),
        sa.Column("userid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=True),
        sa.Column("is_stranger", sa.Boolean(), nullable=False),
        sa.Column("fetched_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "vendor IN ('dingtalk', 'wecom')", name=op.f("ck_attendance_account_vendor")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_attendance_account_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firm.id"], name=op.f("fk_attendance_account_firm_id")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_attendance_account")),
        sa.UniqueConstraint(
            "firm_id",
            "vendor",
            "known_as",
            name=op.f("uq_attendance_account_firm_id_vendor_known_as"),
        ),
    )
    op.create_index(
        "ix_attendance_account_adviser",
        "attendance_account",
        ["firm_id", "adviser_id"],
        unique=False,
    )
    op.create_table(
        "attendance_place",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=True),
        sa.Column("is_ignored", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "community_code IS NULL OR NOT is_ignored", name=op.f("ck_attendance_place_ignored")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_attendance_place_community_code")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_attendance_place_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_attendance_place")),
        sa.UniqueConstraint("firm_id", "words", name=op.f("uq_attendance_place_firm_id_words")),
    )
    op.create_table(
        "attendance_punch",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("place_id", sa.UUID(), nullable=True),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("file_id", sa.UUID(), nullable=True),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "mark IN ('plain', 'outside', 'invalid', 'by_hand')",
            name=op.f("ck_attendance_punch_mark"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "account_id"],
            ["attendance_account.firm_id", "attendance_account.id"],
            name=op.f("fk_attendance_punch_firm_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "file_id"],
            ["attendance_file.firm_id", "attendance_file.id"],
            name=op.f("fk_attendance_punch_firm_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "place_id"],
            ["attendance_place.firm_id", "attendance_place.id"],
            name=op.f("fk_attendance_punch_firm_id_place_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_attendance_punch")),
        sa.UniqueConstraint(
            "firm_id",
            "account_id",
            "minute",
            name=op.f("uq_attendance_punch_firm_id_account_id_minute"),
        ),
    )
    op.create_index("ix_attendance_punch_day", "attendance_punch", ["firm_id", "day"], unique=False)
    op.create_index(
        "ix_attendance_punch_file", "attendance_punch", ["firm_id", "file_id"], unique=False
    )
    op.create_index(
        "ix_attendance_punch_place", "attendance_punch", ["firm_id", "place_id"], unique=False
    )
    op.create_table(
        "attendance_day",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "account_id"],
            ["attendance_account.firm_id", "attendance_account.id"],
            name=op.f("fk_attendance_day_firm_id_account_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_attendance_day")),
        sa.UniqueConstraint(
            "firm_id", "account_id", "day", name=op.f("uq_attendance_day_firm_id_account_id_day")
        ),
    )
    for table in (
        "attendance_file",
        "attendance_account",
        "attendance_place",
        "attendance_punch",
        "attendance_day",
    ):
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("attendance_day")
    op.drop_table("attendance_punch")
    op.drop_table("attendance_place")
    op.drop_table("attendance_account")
    op.drop_table("attendance_file")
