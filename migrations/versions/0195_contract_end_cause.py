"""Why a contract ended early, as a code beside the words."""

import sqlalchemy as sa
from alembic import op

revision = "0195_contract_end_cause"
down_revision = "0194_contract_papers"

CAUSES = "end_cause IN ('agreed', 'other_side', 'firm', 'reorganised', 'policy', 'other')"


def upgrade() -> None:
    """Add it; contracts that ended before have none."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("contract", sa.Column("end_cause", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_contract_end_cause"), "contract", CAUSES)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("contract", "end_cause")
