"""Walls kept by the database itself, and the two questions that must look past them."""

from alembic import op

from counselhub.core.row_security import APP_ROLE, callable_by_app

revision = "0116_matter_walls"
down_revision = "0115_matters"

MATTERS = "(SELECT walled_matters())::uuid[]"
SERVICES = "(SELECT walled_services())::uuid[]"
PARTS = ("matter_member", "matter_party", "matter_paper", "matter_service")
WALLS = {
    "matter": f"id <> ALL ({MATTERS})",
    **dict.fromkeys(PARTS, f"matter_id <> ALL ({MATTERS})"),
    "party_key": "EXISTS (SELECT FROM matter_party p"
    " WHERE p.firm_id = party_key.firm_id AND p.id = party_key.party_id)",
    "conflict_check": f"coalesce(matter_id <> ALL ({MATTERS}), true)",
    "matter_conflict": f"matter_id <> ALL ({MATTERS})"
    f" AND coalesce(other_id <> ALL ({MATTERS}), true)",
    **dict.fromkeys(("service_note", "service_file"), f"service_id <> ALL ({SERVICES})"),
    "service_file_content": "EXISTS (SELECT FROM service_file f"
    " WHERE f.firm_id = service_file_content.firm_id AND f.id = service_file_content.file_id)",
    "follow_up_note": "EXISTS (SELECT FROM service_follow_up u"
    " WHERE u.firm_id = follow_up_note.firm_id AND u.id = follow_up_note.follow_up_id"
    f" AND u.service_id <> ALL ({SERVICES}))",
    "event": "subject_id <> ALL ((SELECT walled_things())::uuid[])",
}
"""What whoever is walled off is shown no row of: the matter, all of it, and its record of acts."""
SEARCHED = ("matter", "matter_party")
FUNCTIONS = (
    "matter_candidates(text[], text[], uuid)",
    "matters_matching(text, text)",
    "last_matter_number(text)",
    "walled_things()",
    "walled_services()",
    "walled_matters()",
    "scope_person()",
)


def upgrade() -> None:
    """Hide matters from whom they are walled off; ask as the owner for conflicts and words.

    A check looks across every wall, for a conflict does not end at one: what it finds is told to
    nobody but as a verdict. Row security keeps LIKE and likeness, which may leak, away from an
    index; the owner's functions ask it, for the scope's own firm only.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "CREATE FUNCTION scope_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS"
        " $$ SELECT nullif(current_setting('app.scope_person', true), '')::uuid $$"
    )
    _walled()
    for table in SEARCHED:
        op.execute(f"CREATE POLICY search ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    _candidates()
    _matching()
    for function in FUNCTIONS:
        for statement in callable_by_app(function):
            op.execute(statement)
    for table, rule in WALLS.items():
        op.execute(
            f"CREATE POLICY wall ON {table} AS RESTRICTIVE FOR SELECT TO {APP_ROLE} USING ({rule})"
        )


def _walled() -> None:
    op.execute(
        """
        CREATE FUNCTION walled_matters() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
            SELECT coalesce(array_agg(w.matter_id), '{}') FROM matter_wall w
            WHERE w.firm_id = scope_firm() AND w.lifted_at IS NULL AND (
                w.person_id = scope_person()
                OR w.adviser_id IN (
                    SELECT m.adviser_id FROM membership m
                    WHERE m.firm_id = scope_firm() AND m.person_id = scope_person()
                )
            )
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION walled_services() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
        DECLARE
            firm uuid := scope_firm();
            walled uuid[] := walled_matters();
        BEGIN
            RETURN ARRAY(
                SELECT s.service_id FROM matter_service s
                WHERE s.firm_id = firm AND s.matter_id = ANY (walled)
            );
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION walled_things() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
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
            );
        END $$
        """
    )


def _candidates() -> None:
    op.execute(
        """
        CREATE FUNCTION matter_candidates(digests text[], nears text[], besides uuid)
        RETURNS TABLE (
            hit text, how text, party_id uuid, matter_id uuid, role text, status text,
            ids text[], team uuid[]
        ) LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public
        SET plan_cache_mode = force_custom_plan
        SET pg_trgm.similarity_threshold = 0.6 AS $$
        DECLARE
            firm uuid := scope_firm();
        BEGIN
            RETURN QUERY
            WITH hits AS (
                SELECT k.digest AS mark, k.kind AS by_what, k.party_id AS party FROM party_key k
                WHERE k.firm_id = firm AND k.digest = ANY (digests)
                UNION ALL
                SELECT asked.near, 'similar', p.id FROM unnest(nears) AS asked (near)
                JOIN matter_party p ON p.near % asked.near
                WHERE p.firm_id = firm
                LIMIT 1000
            )
            SELECT h.mark, h.by_what, p.id, p.matter_id, p.role, m.status,
                ARRAY(
                    SELECT k.digest FROM party_key k
                    WHERE k.firm_id = firm AND k.party_id = p.id AND k.kind = 'id'
                ),
                ARRAY(
                    SELECT m.adviser_id UNION SELECT t.adviser_id FROM matter_member t
                    WHERE t.firm_id = firm AND t.matter_id = m.id
                )
            FROM hits h
            JOIN matter_party p ON p.firm_id = firm AND p.id = h.party
            JOIN matter m ON m.firm_id = firm AND m.id = p.matter_id
            WHERE m.status <> 'declined' AND m.id IS DISTINCT FROM besides;
        END $$
        """
    )


def _matching() -> None:
    op.execute(
        """
        CREATE FUNCTION matters_matching(pattern text, whole text) RETURNS SETOF uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            firm uuid := scope_firm();
        BEGIN
            RETURN QUERY SELECT m.id FROM matter m
            WHERE m.firm_id = firm AND m.title ILIKE pattern
            UNION SELECT m.id FROM matter m
            WHERE m.firm_id = firm AND m.number = whole;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION last_matter_number(head text) RETURNS text LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path = pg_catalog, public AS $$
            SELECT m.number FROM matter m
            WHERE m.firm_id = scope_firm() AND m.number LIKE head || '%'
            ORDER BY length(m.number) DESC, m.number DESC LIMIT 1
        $$
        """
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in WALLS:
        op.execute(f"DROP POLICY wall ON {table}")
    for table in SEARCHED:
        op.execute(f"DROP POLICY search ON {table}")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
