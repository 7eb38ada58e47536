"""Tell a clash of disputes and nothing more; give claims that were settled before their state."""

from alembic import op

from counselhub.core.row_security import callable_by_app

revision = "0128_dispute_clashes"
down_revision = "0127_claim_dossiers"

BOUND = ("case_claim", "case_payment", "statement", "claim_dossier")
STATES = (
    "CASE WHEN s.status IN ('paid', 'reconciled') THEN 'paid'"
    " WHEN s.status IN ('signed', 'payable') THEN 'accepted' ELSE 'claimed' END"
)


def upgrade() -> None:
    """Read every firm's digests inside one function; settled claims begin where they stand."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index("ix_case_claim_number", "case_claim", ["number"], unique=False)
    for table in ("case_claim", "dispute_key"):
        op.execute(f"CREATE POLICY disputes ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION dispute_clashes(claim_ids uuid[]) RETURNS TABLE
            (claim_id uuid, basis text, month date, street_code text, is_aid boolean, is_own boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
            WITH asked AS (
                SELECT c.firm_id, c.id, c.number FROM case_claim c
                WHERE c.id = ANY (claim_ids)
                    AND (c.firm_id = scope_firm() OR c.street_code = scope_street())
            )
            SELECT a.id, 'number', date_trunc('month', o.closed_on)::date, o.street_code, false, false
            FROM asked a JOIN case_claim o ON o.number = a.number AND o.firm_id <> a.firm_id
            UNION
            SELECT a.id, o.basis, o.month, o.street_code, o.service_id IS NOT NULL,
                o.firm_id = a.firm_id
            FROM asked a
            JOIN dispute_key k ON k.firm_id = a.firm_id AND k.claim_id = a.id
            JOIN dispute_key o ON o.digest = k.digest
                AND (o.firm_id, o.id) <> (k.firm_id, k.id)
            ORDER BY 1, 3, 2
        $$
        """
    )
    for statement in callable_by_app("dispute_clashes(uuid[])"):
        op.execute(statement)
    _settled()


def _settled() -> None:
    """Give a state to the claims that a submitted statement counts; the owner sees all meanwhile."""
    for table in BOUND:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        f"""
        INSERT INTO claim_dossier (firm_id, id, street_code, status, is_group, is_violent,
            checklist, declared_at, declared_by_name, decided_at, revision)
        SELECT c.firm_id, c.id, c.street_code, {STATES}, false, false, '{{}}',
            s.submitted_at, s.certified_by_name, s.signed_at, 1
        FROM case_payment p
        JOIN statement s ON s.firm_id = p.firm_id AND s.id = p.statement_id
        JOIN case_claim c ON c.firm_id = p.firm_id AND c.number = p.case_number
        WHERE s.submitted_at IS NOT NULL AND s.status <> 'void'
        """
    )
    for table in BOUND:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION dispute_clashes(uuid[])")
    for table in ("case_claim", "dispute_key"):
        op.execute(f"DROP POLICY disputes ON {table}")
    op.drop_index("ix_case_claim_number", table_name="case_claim")
