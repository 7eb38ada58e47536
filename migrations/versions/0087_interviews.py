"""Interviews: the firm sees what was delivered to it."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import FIRM, DataClass, row_security

revision = "0087_interviews"
down_revision = "0086_spot_checks"

PUBLISHED = f"{FIRM} AND published_at IS NOT NULL"
ANSWER = "'{firm_id,status,answer,acknowledged_at,acknowledged_by_name,revision}'::text[]"


def upgrade() -> None:
    """Add interviews."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "interview",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=True),
        sa.Column("adviser_id", sa.UUID(), nullable=True),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_name", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=True),
        sa.Column("closing_words", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "CASE status WHEN 'draft' THEN published_at IS NULL WHEN 'withdrawn' THEN true ELSE published_at IS NOT NULL END",
            name=op.f("ck_interview_published"),
        ),
        sa.CheckConstraint(
            "reason IN ('hours', 'absence', 'records', 'complaint', 'other')",
            name=op.f("ck_interview_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'acknowledged', 'closed', 'withdrawn')",
            name=op.f("ck_interview_status"),
        ),
        sa.CheckConstraint("due_on >= held_on", name=op.f("ck_interview_due_on")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_interview_month")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_interview_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_interview_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_interview_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_interview_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_interview")),
    )
    op.create_index(
        "ix_interview_street_code", "interview", ["street_code", "held_on"], unique=False
    )
    for statement in row_security("interview", DataClass.OFFICE, readers={"firm_reads": PUBLISHED}):
        op.execute(statement)
    op.execute(
        "CREATE POLICY firm_acknowledges ON interview FOR UPDATE"
        f" USING ({FIRM} AND status = 'published') WITH CHECK ({FIRM} AND status = 'acknowledged')"
    )
    op.execute(
        f"""
        CREATE FUNCTION keep_interview() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF to_jsonb(NEW) - {ANSWER} <> to_jsonb(OLD) - {ANSWER} THEN
                RAISE EXCEPTION 'an interview is the office''s';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_interview BEFORE UPDATE ON interview FOR EACH ROW"
        " WHEN (scope_kind() = 'firm') EXECUTE FUNCTION keep_interview()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("interview")
    op.execute("DROP FUNCTION keep_interview()")
