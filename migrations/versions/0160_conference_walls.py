"""Walls around conferences and packets, and the search of what conferences are about."""

from alembic import op

from counselhub.core.row_security import APP_ROLE, callable_by_app

revision = "0160_conference_walls"
down_revision = "0159_referral_matters"

SERVICES = "(SELECT walled_services())::uuid[]"
REFERRALS = "(SELECT walled_referrals())::uuid[]"
OF_ONE = "EXISTS (SELECT FROM {0} o WHERE o.firm_id = {1}.firm_id AND o.id = {1}.{0}_id)"
PARTS = {
    "conference_seat": "conference",
    "conference_task": "conference",
    "conference_minutes": "conference",
    "packet_file": "packet",
}
WALLS = {
    "conference": f"service_id <> ALL ({SERVICES})"
    f" AND coalesce(referral_id <> ALL ({REFERRALS}), true)",
    "packet": f"referral_id <> ALL ({REFERRALS})",
} | {part: OF_ONE.format(whole, part) for part, whole in PARTS.items()}
"""What whoever is walled off is shown no row of: what was conferred or sent of the matter."""
FUNCTION = "conferences_matching(text)"
OF_CONFERENCES = """ || ARRAY(
        SELECT f.id FROM conference f
        WHERE f.firm_id = firm AND f.service_id = ANY (walled_services())
        UNION ALL
        SELECT f.id FROM conference f
        WHERE f.firm_id = firm AND f.referral_id = ANY (walled_referrals())
        UNION ALL
        SELECT p.id FROM packet p
        WHERE p.firm_id = firm AND p.referral_id = ANY (walled_referrals())
    )"""
OF_PRODUCTS = "".join(
    f""" || ARRAY(
        SELECT o.id FROM {table} o
        WHERE o.firm_id = firm AND o.service_id = ANY (walled_services())
    )"""
    for table in ("text_review", "checkup", "lecture", "drafted_document")
)


def upgrade() -> None:
    """Hide conferences from whom their matter is walled off, their acts too; ask the index.

    Row security keeps ILIKE, which may leak, away from an index: the owner's function asks it, for
    the scope's own firm. Words under three letters have no trigram: they are looked for among the
    firm's newest 20,000 conferences.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, rule in WALLS.items():
        op.execute(
            f"CREATE POLICY wall ON {table} AS RESTRICTIVE FOR SELECT TO {APP_ROLE} USING ({rule})"
        )
    op.execute("CREATE POLICY search ON conference FOR SELECT TO CURRENT_USER USING (true)")
    _walled_things(OF_CONFERENCES + OF_PRODUCTS)
    op.execute(
        """
        CREATE FUNCTION conferences_matching(pattern text) RETURNS SETOF uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            firm uuid := scope_firm();
        BEGIN
            IF length(pattern) >= 5 THEN
                RETURN QUERY SELECT c.id FROM conference c
                WHERE c.firm_id = firm AND c.title ILIKE pattern LIMIT 1000;
                RETURN;
            END IF;
            RETURN QUERY SELECT newest.id FROM (
                SELECT c.id, c.title FROM conference c WHERE c.firm_id = firm
                ORDER BY c.day DESC, c.starts DESC, c.id DESC LIMIT 20000
            ) newest WHERE newest.title ILIKE pattern;
        END $$
        """
    )
    for statement in callable_by_app(FUNCTION):
        op.execute(statement)


def _walled_things(more: str) -> None:
    """Write anew the function that names whose acts are hidden behind a wall."""
    op.execute(
        f"""
CREATE OR REPLACE FUNCTION walled_things() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    firm uuid := scope_firm();
    walled uuid[] := walled_matters();
BEGIN
    IF cardinality(walled) = 0 THEN
        RETURN walled;
    END IF;
    RETURN walled || ARRAY(
        SELECT c.id FROM matter_conflict c
        WHERE c.firm_id = firm AND (c.matter_id = ANY (walled) OR c.other_id = ANY (walled))
        UNION ALL
        SELECT k.id FROM conflict_check k
        WHERE k.firm_id = firm AND k.matter_id = ANY (walled)
    ) || walled_referrals() || ARRAY(
        SELECT h.id FROM referral_handover h
        WHERE h.firm_id = firm AND h.referral_id = ANY (walled_referrals())
    ){more};
END $$
"""
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {FUNCTION}")
    _walled_things("")
    op.execute("DROP POLICY search ON conference")
    for table in WALLS:
        op.execute(f"DROP POLICY wall ON {table}")
