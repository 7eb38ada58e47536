"""Corrections of approved months, and the adjustments that settle them."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DISTRICT, STREET

revision = "0200_adjusted_corrections"
down_revision = "0199_overdue_months"

STATES = "'asked', 'applied', 'to_adjust', 'refused', 'withdrawn'"
AGREED = "'applied', 'to_adjust'"
SAID = (
    "id, contract_id, community_code, month, amount_fen, cause, words,"
    " line_id, entered_at, entered_by_name, late_entry_id"
)


def upgrade() -> None:
    """Add the state, show it to government, and let an adjustment name its correction."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _states(f"{STATES}, 'adjusted'", f"{AGREED}, 'adjusted'")
    op.add_column("adjustment", sa.Column("correction_id", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_adjustment_firm_id_correction_id"),
        "adjustment",
        "session_correction",
        ["firm_id", "correction_id"],
        ["firm_id", "id"],
    )
    op.create_index("ix_adjustment_correction", "adjustment", ["firm_id", "correction_id"])
    _keep(f"{SAID}, correction_id")


def _states(known: str, shown: str) -> None:
    op.drop_constraint(op.f("ck_session_correction_status"), "session_correction")
    op.create_check_constraint(
        op.f("ck_session_correction_status"), "session_correction", f"status IN ({known})"
    )
    for side, place in (("office", STREET), ("bureau", DISTRICT)):
        op.execute(
            f"ALTER POLICY {side}_reads ON session_correction"
            f" USING ({place} AND status IN ({shown}))"
        )


def _keep(columns: str) -> None:
    old, new = (
        ", ".join(f"{row}.{column.strip()}" for column in columns.split(","))
        for row in ("OLD", "NEW")
    )
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION keep_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF ({new}) IS DISTINCT FROM ({old}) THEN
                RAISE EXCEPTION 'an adjustment keeps what it says' USING ERRCODE = 'CH002',
                    DETAIL = OLD.id::text;
            END IF;
            RETURN NEW;
        END $$
        """
    )


def downgrade() -> None:
    """Undo it; what was entered waits again, its adjustments stay."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _keep(SAID)
    op.drop_column("adjustment", "correction_id")
    op.execute("UPDATE session_correction SET status = 'to_adjust' WHERE status = 'adjusted'")
    _states(STATES, AGREED)
