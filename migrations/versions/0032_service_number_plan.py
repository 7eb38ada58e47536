"""Plan the next number of a service record once a connection, not at each entry."""

from alembic import op

revision = "0032_service_number_plan"
down_revision = "0031_claim_clients"

FUNCTION = "FUNCTION next_service_number(date)"


def upgrade() -> None:
    """Keep one plan for every day: the numbers of a day are few whatever the day."""
    op.execute(f"ALTER {FUNCTION} SET plan_cache_mode = force_generic_plan")


def downgrade() -> None:
    """Let the server choose again."""
    op.execute(f"ALTER {FUNCTION} RESET plan_cache_mode")
