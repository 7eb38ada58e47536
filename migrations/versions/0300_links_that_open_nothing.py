"""A waiting link knows what it opens, so that it goes when that is over."""

import sqlalchemy as sa
from alembic import op

revision = "0300_links_that_open_nothing"
down_revision = "0290_year_files_as_work"


def upgrade() -> None:
    """Leave links that wait already without it: they go with their time, as before."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("waiting_link", sa.Column("opens_id", sa.UUID()))
    op.create_index(op.f("ix_waiting_link_opens_id"), "waiting_link", ["opens_id"])


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("waiting_link", "opens_id")
