"""A month may be closed by several statements: it opens when the last one lets go."""

from alembic import op

revision = "0028_months_closed_twice"
down_revision = "0027_shifts_over_midnight"

TABLE, KEY = "closed_month", "firm_id, place_code, month"


def upgrade() -> None:
    """Let each statement that rests on a month hold it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _key(f"{KEY}, statement_id")


def downgrade() -> None:
    """Keep one of those that hold a month: the first that closed it, by its time-ordered id."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        f"DELETE FROM {TABLE} later USING {TABLE} kept WHERE later.firm_id = kept.firm_id"
        " AND later.place_code = kept.place_code AND later.month = kept.month"
        " AND later.statement_id > kept.statement_id"
    )
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    _key(KEY)


def _key(columns: str) -> None:
    op.execute(
        f"ALTER TABLE {TABLE} DROP CONSTRAINT pk_{TABLE},"
        f" ADD CONSTRAINT pk_{TABLE} PRIMARY KEY ({columns})"
    )
