"""When the operator has closed a firm that was made by mistake."""

import sqlalchemy as sa
from alembic import op

revision = "0265_closed_firms"
down_revision = "0251_support_scope"


def upgrade() -> None:
    """Add the moment; a closed firm keeps no credit code from the one that signs up rightly."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("firm", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_firm_closed"), "firm", "closed_at IS NULL OR credit_code IS NULL"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_firm_closed"), "firm")
    op.drop_column("firm", "closed_at")
