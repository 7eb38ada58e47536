"""A claim may be refused with the line of a statement that counted it."""

from alembic import op

revision = "0196_refused_with_line"
down_revision = "0195_contract_end_cause"

READERS = "'documents', 'content', 'disorder', 'inflated', 'state_paid', 'unfulfilled', 'double'"
CHECKS = (("claim_dossier", "refusal"), ("claim_reading", "reason"))


def upgrade() -> None:
    """Let the code stand."""
    _check(f"{READERS}, 'line'")


def downgrade() -> None:
    """Undo it; what was refused with a line keeps its words under another reason."""
    op.execute("ALTER TABLE claim_dossier NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE claim_dossier SET refusal = 'documents' WHERE refusal = 'line'")
    op.execute("ALTER TABLE claim_dossier FORCE ROW LEVEL SECURITY")
    _check(READERS)


def _check(codes: str) -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column in CHECKS:
        name = op.f(f"ck_{table}_{column}")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"{column} IN ({codes})")
