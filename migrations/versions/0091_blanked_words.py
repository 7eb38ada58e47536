"""Words of absences and corrections go when their time is over; when they went stays."""

import sqlalchemy as sa
from alembic import op

revision = "0091_blanked_words"
down_revision = "0090_correction_files"

TABLES = ("absence_reason", "session_correction")
RULE = "code <> 'other' OR words IS NOT NULL"
NAME = "ck_absence_reason_other"


def upgrade() -> None:
    """Note when words were emptied; a reason without a code keeps them until then."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.add_column(table, sa.Column("blanked_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f(NAME), "absence_reason")
    op.create_check_constraint(op.f(NAME), "absence_reason", f"{RULE} OR blanked_at IS NOT NULL")


def downgrade() -> None:
    """Undo it; what was emptied stays empty."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE absence_reason NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE absence_reason SET words = '' WHERE words IS NULL AND code = 'other'")
    op.execute("ALTER TABLE absence_reason FORCE ROW LEVEL SECURITY")
    op.drop_constraint(op.f(NAME), "absence_reason")
    op.create_check_constraint(op.f(NAME), "absence_reason", RULE)
    for table in TABLES:
        op.drop_column(table, "blanked_at")
