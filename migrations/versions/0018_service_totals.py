"""Sum a month of service records from the index of the list alone."""

from alembic import op

revision = "0018_service_totals"
down_revision = "0017_service_numbers"


def upgrade() -> None:
    """Carry the counts in the index of the list, and the street that row security reads."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_service_record_list", table_name="service_record")
    op.create_index(
        "ix_service_record_list",
        "service_record",
        ["firm_id", "day", "id"],
        postgresql_include=["street_code", "count", "persons"],
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_service_record_list", table_name="service_record")
    op.create_index("ix_service_record_list", "service_record", ["firm_id", "day", "id"])
