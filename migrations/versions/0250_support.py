"""Consents by which a place lets the operator look in, and the visits that came of them."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0250_support"
down_revision = "0245_hooks"


def upgrade() -> None:
    """Make the tables."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _consents()
    _visits()
    for table in ("support_consent", "support_visit"):
        for statement in row_security(table, DataClass.PLATFORM):
            op.execute(statement)


def _consents() -> None:
    op.create_table(
        "support_consent",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("place_name", sa.Text(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_name", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('firm', 'office')", name=op.f("ck_support_consent_kind")),
        sa.CheckConstraint(
            "expires_at > granted_at AND expires_at <= granted_at + interval '24 hours'",
            name=op.f("ck_support_consent_span"),
        ),
        sa.CheckConstraint("why <> ''", name=op.f("ck_support_consent_why")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_name IS NULL)",
            name=op.f("ck_support_consent_revoked"),
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_support_consent_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_consent")),
    )
    op.create_index("ix_support_consent_place", "support_consent", ["kind", "key", "granted_at"])
    op.create_index("ix_support_consent_membership_id", "support_consent", ["membership_id"])
    op.create_index("ix_support_consent_expires_at", "support_consent", ["expires_at"])


def _visits() -> None:
    op.create_table(
        "support_visit",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("consent_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("operator_id", sa.UUID(), nullable=False),
        sa.Column("operator_name", sa.Text(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_why IS NULL)", name=op.f("ck_support_visit_ended")
        ),
        sa.CheckConstraint(
            "ended_why IN ('left', 'expired', 'revoked', 'account')",
            name=op.f("ck_support_visit_ended_why"),
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["support_consent.id"], name=op.f("fk_support_visit_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["person.id"], name=op.f("fk_support_visit_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_support_visit_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_visit")),
    )
    op.create_index(
        "ix_support_visit_one_at_once",
        "support_visit",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_support_visit_consent_id", "support_visit", ["consent_id", "began_at"])
    op.create_index("ix_support_visit_membership_id", "support_visit", ["membership_id"])
    op.create_index("ix_support_visit_operator_id", "support_visit", ["operator_id"])


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("support_visit")
    op.drop_table("support_consent")
