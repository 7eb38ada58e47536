"""Firms that sign up: their numbers and trial, what they accept, links that wait."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0213_sign_up"
down_revision = "0211_job_faults"

AT = sa.DateTime(timezone=True)
TABLES = {"sign_up": False, "acceptance": True, "waiting_link": False}
"""Each table, and whether it is only added to."""


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("firm", sa.Column("credit_code", sa.Text(), nullable=True))
    op.add_column("firm", sa.Column("licence_number", sa.Text(), nullable=True))
    op.add_column("firm", sa.Column("trial_ends_on", sa.Date(), nullable=True))
    op.create_unique_constraint(op.f("uq_firm_credit_code"), "firm", ["credit_code"])
    _sign_ups()
    _acceptances()
    _links()
    for table, append_only in TABLES.items():
        for statement in row_security(table, DataClass.PLATFORM, append_only=append_only):
            op.execute(statement)


def _sign_ups() -> None:
    op.create_table(
        "sign_up",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("firm_name", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("licence_number", sa.Text(), nullable=False),
        sa.Column("sealed_contact", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('made', 'known_firm', 'known_person')", name=op.f("ck_sign_up_outcome")
        ),
        sa.CheckConstraint(
            "(outcome = 'made') = (firm_id IS NOT NULL)", name=op.f("ck_sign_up_firm")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_sign_up_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
    )
    op.create_index("ix_sign_up_at", "sign_up", ["at", "id"])


def _acceptances() -> None:
    op.create_table(
        "acceptance",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('terms', 'data')", name=op.f("ck_acceptance_kind")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_acceptance_firm_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acceptance_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
    )
    op.create_index("ix_acceptance_firm_id", "acceptance", ["firm_id", "at"])


def _links() -> None:
    op.create_table(
        "waiting_link",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("shown_at", AT, nullable=True),
        sa.Column("shown_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('sign_up', 'invitation')", name=op.f("ck_waiting_link_purpose")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_link")),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_constraint(op.f("uq_firm_credit_code"), "firm")
    for column in ("trial_ends_on", "licence_number", "credit_code"):
        op.drop_column("firm", column)
