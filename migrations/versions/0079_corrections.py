"""Requests to correct a session, and whether one was changed by hand."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DISTRICT, STREET, DataClass, row_security

revision = "0079_corrections"
down_revision = "0078_leave"

AT = sa.DateTime(timezone=True)
REASONS = "'no_sign_in', 'no_sign_out', 'phone', 'wrong_place', 'system', 'other'"
STATES = "'asked', 'applied', 'to_adjust', 'refused', 'withdrawn'"
AGREED = "{} AND status IN ('applied', 'to_adjust')"
ASKED = sa.text("status = 'asked'")
CHECKS = {
    "reason": f"reason IN ({REASONS})",
    "status": f"status IN ({STATES})",
    "order": "signed_in_at < signed_out_at",
    "was": "session_id IS NOT NULL OR was_signed_in_at IS NULL",
    "decided": "status IN ('asked', 'withdrawn') OR decided_at IS NOT NULL",
    "four_eyes": "decided_by_id IS DISTINCT FROM asked_by_id OR decided_by_id IS NULL OR is_alone",
}
TO_FIRM = (
    ("duty_session", "session_id"),
    ("adviser", "adviser_id"),
    ("adviser", "substitute_for_id"),
    ("adviser", "was_substitute_for_id"),
)
PLACES = (
    ("community", "community_code"),
    ("community", "was_community_code"),
    ("street", "street_code"),
)


def upgrade() -> None:
    """Keep both versions of what a lawyer wants corrected; mark sessions that were."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    corrected = sa.Column("is_corrected", sa.Boolean(), nullable=False, server_default="false")
    op.add_column("duty_session", corrected)
    op.alter_column("duty_session", "is_corrected", server_default=None)
    _create()
    for name, column in (("session", "session_id"), ("begin", "adviser_id, signed_in_at")):
        op.create_index(
            f"uq_session_correction_{name}",
            "session_correction",
            ["firm_id", *column.split(", ")],
            unique=True,
            postgresql_where=ASKED,
        )
    op.create_index(
        "ix_session_correction_session", "session_correction", ["firm_id", "session_id"]
    )
    op.create_index("ix_session_correction_day", "session_correction", ["firm_id", "status", "day"])
    op.create_index("ix_session_correction_street", "session_correction", ["street_code", "day"])
    for statement in row_security(
        "session_correction",
        DataClass.FIRM_SHARED,
        office=AGREED.format(STREET),
        bureau=AGREED.format(DISTRICT),
    ):
        op.execute(statement)


def _create() -> None:
    op.create_table(
        "session_correction",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=True),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signed_in_at", AT, nullable=False),
        sa.Column("signed_out_at", AT, nullable=False),
        sa.Column("substitute_for_id", sa.UUID(), nullable=True),
        sa.Column("was_community_code", sa.Text(), nullable=True),
        sa.Column("was_signed_in_at", AT, nullable=True),
        sa.Column("was_signed_out_at", AT, nullable=True),
        sa.Column("was_substitute_for_id", sa.UUID(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("asked_by_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decided_by_id", sa.UUID(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_session_correction")),
        *(
            sa.ForeignKeyConstraint(
                ["firm_id", column],
                [f"{table}.firm_id", f"{table}.id"],
                name=op.f(f"fk_session_correction_firm_id_{column}"),
            )
            for table, column in TO_FIRM
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.code"], name=op.f(f"fk_session_correction_{column}")
            )
            for table, column in PLACES
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_session_correction_{name}"))
            for name, rule in CHECKS.items()
        ),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("session_correction")
    op.drop_column("duty_session", "is_corrected")
