"""Law firms as tenants."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0003_firms"
down_revision = "0002_places"


def upgrade() -> None:
    """Law firms as tenants."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "firm",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$'", name=op.f("ck_firm_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm")),
        sa.UniqueConstraint("code", name=op.f("uq_firm_code")),
    )
    for statement in row_security("firm", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("firm")
