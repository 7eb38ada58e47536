"""When and where a service was, and how long it took."""

import sqlalchemy as sa
from alembic import op

revision = "0100_service_times"
down_revision = "0095_punch_matches"

TABLE = "service_record"
CHECKS = {"minutes": "minutes BETWEEN 1 AND 1440", "order": "ends > starts"}


def upgrade() -> None:
    """Add 起止时间, minutes and 服务地点; blank on every record there is."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(TABLE, sa.Column("starts", sa.Time(), nullable=True))
    op.add_column(TABLE, sa.Column("ends", sa.Time(), nullable=True))
    op.add_column(TABLE, sa.Column("minutes", sa.BigInteger(), nullable=True))
    op.add_column(TABLE, sa.Column("place", sa.Text(), nullable=True))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
    for column in ("place", "minutes", "ends", "starts"):
        op.drop_column(TABLE, column)
