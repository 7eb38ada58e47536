"""A session may end because an administrator took its person's second factors."""

from alembic import op

revision = "0029_sessions_end"
down_revision = "0028_months_closed_twice"

TABLE, NAME = "sign_in_session", "ck_sign_in_session_ended_why"
BEFORE = ("sign_out", "idle", "age", "owner", "anew", "password", "membership")


def upgrade() -> None:
    """Let the reason stand in the table."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _keep((*BEFORE, "factors"))


def downgrade() -> None:
    """Call the sessions that ended so ended by the place that stopped the account."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        f"UPDATE {TABLE} SET ended_why = 'membership' WHERE ended_why = 'factors'"
    )  # names of ours
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    _keep(BEFORE)


def _keep(reasons: tuple[str, ...]) -> None:
    codes = ", ".join(f"'{reason}'" for reason in reasons)
    op.drop_constraint(NAME, TABLE)
    op.create_check_constraint(op.f(NAME), TABLE, f"ended_why IN ({codes})")
