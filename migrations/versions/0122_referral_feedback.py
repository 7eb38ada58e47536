"""What follows a referral: feedback, satisfaction, visits at home."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0122_referral_feedback"
down_revision = "0121_referrals"

TABLES = ("referral_feedback", "home_visit")


def upgrade() -> None:
    """Make the tables, each the firm's alone."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "referral_feedback",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("whom", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("satisfaction", sa.BigInteger(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated_by", sa.Text(), nullable=True),
        sa.Column("rating_words", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "rated_by IN ('link', 'noted')", name=op.f("ck_referral_feedback_rated_by")
        ),
        sa.CheckConstraint(
            "whom IN ('community', 'client', 'both')", name=op.f("ck_referral_feedback_whom")
        ),
        sa.CheckConstraint(
            "(satisfaction IS NULL) = (rated_at IS NULL) AND (satisfaction IS NULL) = (rated_by IS NULL)",
            name=op.f("ck_referral_feedback_rated"),
        ),
        sa.CheckConstraint(
            "satisfaction BETWEEN 1 AND 5", name=op.f("ck_referral_feedback_satisfaction")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "referral_id"],
            ["referral.firm_id", "referral.id"],
            name=op.f("fk_referral_feedback_firm_id_referral_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_referral_feedback")),
    )
    op.create_index(
        "ix_referral_feedback_referral",
        "referral_feedback",
        ["firm_id", "referral_id", "told_on"],
        unique=False,
    )
    op.create_table(
        "home_visit",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("address_sealed", sa.Text(), nullable=True),
        sa.Column("first_id", sa.UUID(), nullable=False),
        sa.Column("second_person", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.CheckConstraint("length(second_person) > 0", name=op.f("ck_home_visit_second")),
        sa.ForeignKeyConstraint(
            ["firm_id", "first_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_home_visit_firm_id_first_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "referral_id"],
            ["referral.firm_id", "referral.id"],
            name=op.f("fk_home_visit_firm_id_referral_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_home_visit")),
    )
    op.create_index(
        "ix_home_visit_referral",
        "home_visit",
        ["firm_id", "referral_id", "visited_on"],
        unique=False,
    )
    op.create_table(
        "feedback_link",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("feedback_id", sa.UUID(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "feedback_id"],
            ["referral_feedback.firm_id", "referral_feedback.id"],
            name=op.f("fk_feedback_link_firm_id_feedback_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_feedback_link")),
    )
    for table in TABLES:
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)
    for statement in row_security("feedback_link", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("feedback_link")
    for table in reversed(TABLES):
        op.drop_table(table)
