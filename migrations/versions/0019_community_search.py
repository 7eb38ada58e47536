"""Find communities by index: by name, pinyin, initials or code."""

from alembic import op

revision = "0019_community_search"
down_revision = "0018_service_totals"

FUNCTION = "communities_matching(text[])"


def upgrade() -> None:
    """Ask the trigram index past row security, which keeps it from an operator that may leak.

    Communities are everybody's reference, so nothing is shown that the caller may not read; without
    a scope there are none here either. The first pattern is the one that the index answers.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE POLICY search ON community FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION communities_matching(patterns text[]) RETURNS SETOF text
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
            SELECT code FROM community
            WHERE scope_kind() IS NOT NULL AND search LIKE patterns[1]
                AND search LIKE ALL (patterns)
        $$
        """
    )
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO counselhub_app")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {FUNCTION}")
    op.execute("DROP POLICY search ON community")
