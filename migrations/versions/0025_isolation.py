"""Close what the isolation tests found, and keep the register of honey rows."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, callable_by_app, row_security

revision = "0025_isolation"
down_revision = "0024_clients"

FUNCTIONS = (
    "scope_kind()",
    "scope_firm()",
    "scope_street()",
    "scope_district()",
    "next_service_number(date)",
)
SEEN_STATEMENT = (
    "{} AND EXISTS (SELECT FROM statement s"
    " WHERE s.firm_id = statement_line.firm_id AND s.id = statement_line.statement_id)"
)
OFFICE = SEEN_STATEMENT.format("(select scope_kind()) = 'office'")
BUREAU = SEEN_STATEMENT.format("(select scope_kind()) = 'bureau'")
GOVERNMENT = SEEN_STATEMENT.format("(select scope_kind()) IN ('office', 'bureau')")
IN_A_FIRM = " AND scope_firm() IS NOT NULL"


def upgrade() -> None:
    """Only the application calls our functions; a bureau reads lines and changes none."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for function in FUNCTIONS:
        for statement in callable_by_app(function):
            op.execute(statement)
    _who_has_lines(OFFICE, BUREAU)
    _cases_taken_elsewhere(IN_A_FIRM)
    op.create_foreign_key(
        op.f("fk_closed_month_firm_id"), "closed_month", "firm", ["firm_id"], ["id"]
    )
    op.create_table(
        "honey_row",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False),
        sa.Column("planted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_honey_row_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "table_name", name=op.f("pk_honey_row")),
        sa.UniqueConstraint("marker", name=op.f("uq_honey_row_marker")),
    )
    for statement in row_security("honey_row", DataClass.PLATFORM):
        op.execute(statement)


def _who_has_lines(office: str, bureau: str) -> None:
    for policy, condition in (("office_reads", office), ("bureau_reads", bureau)):
        op.execute(f"ALTER POLICY {policy} ON statement_line USING ({condition})")
    op.execute(
        f"ALTER POLICY office_update ON statement_line USING ({office}) WITH CHECK ({office})"
    )


def _cases_taken_elsewhere(more: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION cases_taken_elsewhere(numbers text[]) RETURNS SETOF text
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
            SELECT case_number FROM case_payment
            WHERE case_number = ANY (numbers) AND firm_id IS DISTINCT FROM scope_firm(){more}
        $$
        """
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("honey_row")
    op.drop_constraint(op.f("fk_closed_month_firm_id"), "closed_month")
    _cases_taken_elsewhere("")
    _who_has_lines(GOVERNMENT, GOVERNMENT)
    for function in FUNCTIONS:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM counselhub_app")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO PUBLIC")
