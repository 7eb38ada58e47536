"""What the application may not delete of a firm that leaves: its acts, and drafts under a seal."""

from alembic import op

from counselhub.core.row_security import callable_by_app

revision = "0242_forget_firm"
down_revision = "0241_kept_without_private"

KEPT_ACTS = "('prune_audit', 'ask_departure', 'withdraw_departure', 'begin_deletion')"
"""Acts on accounts that stay: who asked for the deletion, and what was taken off the record."""
UNSUBMITTED = """t.firm_id = leaving AND EXISTS (
    SELECT FROM statement s WHERE s.firm_id = t.firm_id AND s.id = t.statement_id
    AND s.submitted_at IS NULL)"""
PRUNED = """
    WITH gone AS (DELETE FROM {source} t WHERE {which} RETURNING t.id)
    UPDATE event_link l SET pruned_on = (now() AT TIME ZONE 'Asia/Shanghai')::date FROM gone
    WHERE l.chain = 'firm:' || leaving AND l.event_id = gone.id AND l.source = '{source}'
"""
FORGET = f"""
    CREATE FUNCTION forget_firm(leaving uuid) RETURNS TABLE (name text, gone bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        scope_before text := coalesce(current_setting('app.scope_kind', true), '');
        key_before text := coalesce(current_setting('app.scope_key', true), '');
        ids uuid[];
    BEGIN
        PERFORM set_config('app.scope_kind', 'platform', true),
            set_config('app.scope_key', '', true), set_config('app.scope_person', '', true);
        IF NOT EXISTS (
            SELECT FROM departure d WHERE d.firm_id = leaving AND d.status = 'deleting'
        ) THEN
            RAISE EXCEPTION 'this firm is not being deleted';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('chain firm:' || leaving, 0));
        {
    PRUNED.format(
        source="account_event",
        which=f"t.kind = 'firm' AND t.key = leaving::text AND t.act NOT IN {KEPT_ACTS}",
    )
};
        GET DIAGNOSTICS gone = ROW_COUNT;
        name := 'account_event';
        RETURN NEXT;

        PERFORM set_config('app.scope_kind', 'firm', true),
            set_config('app.scope_key', leaving::text, true);
        WITH deleted AS (
            DELETE FROM event t WHERE t.firm_id = leaving AND t.street_code IS NULL
            RETURNING t.id
        ) SELECT array_agg(id) INTO ids FROM deleted;
        gone := coalesce(cardinality(ids), 0);
        name := 'event';
        RETURN NEXT;
        PERFORM set_config('app.scope_kind', 'platform', true),
            set_config('app.scope_key', '', true);
        UPDATE event_link l SET pruned_on = (now() AT TIME ZONE 'Asia/Shanghai')::date
        WHERE l.chain = 'firm:' || leaving AND l.event_id = ANY (ids) AND l.source = 'event';

        PERFORM set_config('app.scope_kind', 'firm', true),
            set_config('app.scope_key', leaving::text, true),
            set_config('app.forgetting', leaving::text, true);
        DELETE FROM statement_freeze t WHERE {UNSUBMITTED};
        GET DIAGNOSTICS gone = ROW_COUNT;
        name := 'statement_freeze';
        RETURN NEXT;
        DELETE FROM statement_seal t WHERE {UNSUBMITTED};
        GET DIAGNOSTICS gone = ROW_COUNT;
        name := 'statement_seal';
        RETURN NEXT;
        DELETE FROM service_file t WHERE t.firm_id = leaving AND NOT t.is_shared;
        GET DIAGNOSTICS gone = ROW_COUNT;
        name := 'service_file';
        RETURN NEXT;
        UPDATE receipt_allocation SET receipt_id = NULL
        WHERE firm_id = leaving AND receipt_id IS NOT NULL;
        UPDATE packet SET referral_id = NULL
        WHERE firm_id = leaving AND referral_id IS NOT NULL;
        PERFORM set_config('app.forgetting', '', true),
            set_config('app.scope_kind', scope_before, true),
            set_config('app.scope_key', key_before, true);
    END $$
"""
KEEP = """
    CREATE OR REPLACE FUNCTION keep_closed_service() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        closed text;
        asked service_file := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    BEGIN
        {leaving}SELECT c.statement_number INTO closed FROM service_record r
        JOIN closed_month c ON c.firm_id = r.firm_id AND c.place_code = r.community_code
        AND c.month = date_trunc('month', r.day)::date
        WHERE r.firm_id = asked.firm_id AND r.id = asked.service_id LIMIT 1;
        IF closed IS NOT NULL THEN
            RAISE EXCEPTION 'closed month' USING ERRCODE = 'CH001', DETAIL = closed;
        END IF;
        RETURN asked;
    END $$
"""
# Inside `forget_firm` the owner of the tables acts: the application cannot do as if it were.
LEAVING = """IF TG_OP = 'DELETE' AND current_user <> 'counselhub_app'
            AND current_setting('app.forgetting', true) = OLD.firm_id::text THEN
            RETURN OLD;
        END IF;
        """


def upgrade() -> None:
    """Let the worker forget a firm whose departure has come to its day, and no other."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(KEEP.format(leaving=LEAVING))
    op.execute(FORGET)
    for statement in callable_by_app("forget_firm(uuid)"):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION forget_firm(uuid)")
    op.execute(KEEP.format(leaving=""))
