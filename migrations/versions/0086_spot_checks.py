"""Draws of duty to look at, what was found, photos: the firm sees what is published."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import FIRM, DataClass, row_security

revision = "0086_spot_checks"
down_revision = "0084_attendance_link"

PUBLISHED = f"{FIRM} AND published_at IS NOT NULL"
# The check's own policy says whether the firm sees it.
OF_SEEN_CHECK = (
    "EXISTS (SELECT FROM spot_check c WHERE c.firm_id = spot_photo.firm_id"
    " AND c.id = spot_photo.check_id{})"
)
ANSWER = "'{firm_id,status,answer,answer_words,answered_at,answered_by_name,revision}'::text[]"


def upgrade() -> None:
    """Add draws, checks and their photos."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "spot_draw",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("population", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_spot_draw_days")),
        sa.CheckConstraint("wanted > 0", name=op.f("ck_spot_draw_wanted")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_spot_draw_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_draw")),
    )
    op.create_index(
        "ix_spot_draw_street_code", "spot_draw", ["street_code", "made_at"], unique=False
    )
    op.create_table(
        "spot_check",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("draw_id", sa.UUID(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("slot_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("found_name", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_name", sa.Text(), nullable=True),
        sa.Column("form_key", sa.UUID(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answer_words", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=True),
        sa.Column("closing_words", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(finding = 'substitute') = (found_name IS NOT NULL)",
            name=op.f("ck_spot_check_found_name"),
        ),
        sa.CheckConstraint(
            "(status IN ('drawn', 'withdrawn')) OR finding IS NOT NULL",
            name=op.f("ck_spot_check_found"),
        ),
        sa.CheckConstraint(
            "CASE status WHEN 'drawn' THEN published_at IS NULL WHEN 'recorded' THEN published_at IS NULL WHEN 'withdrawn' THEN true ELSE published_at IS NOT NULL END",
            name=op.f("ck_spot_check_published"),
        ),
        sa.CheckConstraint("answer IN ('agree', 'disagree')", name=op.f("ck_spot_check_answer")),
        sa.CheckConstraint(
            "finding IN ('present', 'substitute', 'absent', 'closed')",
            name=op.f("ck_spot_check_finding"),
        ),
        sa.CheckConstraint(
            "status IN ('drawn', 'recorded', 'published', 'answered', 'settled', 'withdrawn')",
            name=op.f("ck_spot_check_status"),
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_spot_check_community_code")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["spot_draw.id"], name=op.f("fk_spot_check_draw_id")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_spot_check_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_spot_check_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_spot_check")),
    )
    op.create_index("ix_spot_check_draw_id", "spot_check", ["draw_id"], unique=False)
    op.create_index("ix_spot_check_street_code", "spot_check", ["street_code", "day"], unique=False)
    op.create_index(
        "uq_spot_check_live_slot",
        "spot_check",
        ["firm_id", "slot_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_table(
        "spot_photo",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("check_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("side IN ('office', 'firm')", name=op.f("ck_spot_photo_side")),
        sa.ForeignKeyConstraint(
            ["firm_id", "check_id"],
            ["spot_check.firm_id", "spot_check.id"],
            name=op.f("fk_spot_photo_firm_id_check_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_spot_photo_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_spot_photo")),
    )
    op.create_index("ix_spot_photo_check", "spot_photo", ["firm_id", "check_id"], unique=False)
    _security()


def _security() -> None:
    for statement in (
        *row_security("spot_draw", DataClass.OFFICE, append_only=True),
        *row_security("spot_check", DataClass.OFFICE, readers={"firm_reads": PUBLISHED}),
        *row_security(
            "spot_photo",
            DataClass.OFFICE,
            readers={"firm_reads": f"{FIRM} AND {OF_SEEN_CHECK.format('')}"},
        ),
    ):
        op.execute(statement)
    op.execute(
        "CREATE POLICY firm_answers ON spot_check FOR UPDATE"
        f" USING ({FIRM} AND status = 'published') WITH CHECK ({FIRM} AND status = 'answered')"
    )
    published = OF_SEEN_CHECK.format(" AND c.status = 'published'")
    op.execute(
        "CREATE POLICY firm_adds ON spot_photo FOR INSERT"
        f" WITH CHECK ({FIRM} AND side = 'firm' AND {published})"
    )
    op.execute(
        f"""
        CREATE FUNCTION keep_finding() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF to_jsonb(NEW) - {ANSWER} <> to_jsonb(OLD) - {ANSWER} THEN
                RAISE EXCEPTION 'a finding is the office''s';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_finding BEFORE UPDATE ON spot_check FOR EACH ROW"
        " WHEN (scope_kind() = 'firm') EXECUTE FUNCTION keep_finding()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("spot_photo")
    op.drop_table("spot_check")
    op.drop_table("spot_draw")
    op.execute("DROP FUNCTION keep_finding()")
