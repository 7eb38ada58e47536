"""Search what referrals are about by their trigram index, past row security but within its rule."""

from alembic import op

from counselhub.core.row_security import callable_by_app

revision = "0123_referral_search"
down_revision = "0122_referral_feedback"

FUNCTION = "referrals_matching(text)"


def upgrade() -> None:
    """Ask the index as the owner of the table, for the scope's own firm only.

    Row security keeps ILIKE, which may leak, away from an index. Words under three letters have no
    trigram: they are looked for among the firm's newest 20,000 referrals.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE POLICY search ON referral FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION referrals_matching(pattern text) RETURNS SETOF uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            firm uuid := scope_firm();
        BEGIN
            IF length(pattern) >= 5 THEN
                RETURN QUERY SELECT r.id FROM referral r
                WHERE r.firm_id = firm AND r.words ILIKE pattern LIMIT 1000;
                RETURN;
            END IF;
            RETURN QUERY SELECT newest.id FROM (
                SELECT r.id, r.words FROM referral r WHERE r.firm_id = firm
                ORDER BY r.asked_at DESC, r.id DESC LIMIT 20000
            ) newest WHERE newest.words ILIKE pattern;
        END $$
        """
    )
    for statement in callable_by_app(FUNCTION):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {FUNCTION}")
    op.execute("DROP POLICY search ON referral")
