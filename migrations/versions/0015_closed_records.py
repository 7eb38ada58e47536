"""Records of a closed month, sealed lines and taken cases: kept by the database itself."""

from alembic import op

revision = "0015_closed_records"
down_revision = "0014_shared_reading"

EVIDENCE = {
    "duty_session": ("community_code", "day"),
    "service_record": ("community_code", "day"),
    "case_claim": ("community_code", "closed_on"),
    "online_shift": ("street_code", "(starts_at AT TIME ZONE 'Asia/Shanghai')::date"),
}


def upgrade() -> None:
    """Refuse what would change a submitted month; pay a case number once."""
    for table, (place, day) in EVIDENCE.items():
        _keep_closed(table, place, day)
    op.execute(
        """
        CREATE FUNCTION keep_sealed_line() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.review = 'accepted' AND (TG_OP = 'DELETE' OR
                (NEW.amount_fen, NEW.quantity, NEW.trace, NEW.kind, NEW.month, NEW.contract_number,
                 NEW.community_code, NEW.statement_id)
                IS DISTINCT FROM
                (OLD.amount_fen, OLD.quantity, OLD.trace, OLD.kind, OLD.month, OLD.contract_number,
                 OLD.community_code, OLD.statement_id))
            THEN
                RAISE EXCEPTION 'sealed line' USING ERRCODE = 'CH002', DETAIL = OLD.id::text;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_sealed_line BEFORE UPDATE OR DELETE ON statement_line"
        " FOR EACH ROW EXECUTE FUNCTION keep_sealed_line()"
    )
    op.execute("CREATE POLICY registry ON case_payment TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION cases_taken_elsewhere(numbers text[]) RETURNS SETOF text
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
            SELECT case_number FROM case_payment
            WHERE case_number = ANY (numbers) AND firm_id IS DISTINCT FROM scope_firm()
        $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION cases_taken_elsewhere(text[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION cases_taken_elsewhere(text[]) TO counselhub_app")


def _keep_closed(table: str, place: str, day: str) -> None:
    old_day, new_day = (
        day.replace("starts_at", f"{row}.starts_at") if "(" in day else f"{row}.{day}"
        for row in ("OLD", "NEW")
    )
    op.execute(
        f"""
        CREATE FUNCTION keep_closed_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE closed text;
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                SELECT statement_number INTO closed FROM closed_month
                WHERE firm_id = OLD.firm_id AND place_code = OLD.{place}
                AND month = date_trunc('month', {old_day})::date;
            END IF;
            IF closed IS NULL AND TG_OP <> 'DELETE' THEN
                SELECT statement_number INTO closed FROM closed_month
                WHERE firm_id = NEW.firm_id AND place_code = NEW.{place}
                AND month = date_trunc('month', {new_day})::date;
            END IF;
            IF closed IS NOT NULL THEN
                RAISE EXCEPTION 'closed month' USING ERRCODE = 'CH001', DETAIL = closed;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER keep_closed BEFORE INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION keep_closed_{table}()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("DROP FUNCTION cases_taken_elsewhere(text[])")
    op.execute("DROP POLICY registry ON case_payment")
    op.execute("DROP TRIGGER keep_sealed_line ON statement_line")
    op.execute("DROP FUNCTION keep_sealed_line()")
    for table in EVIDENCE:
        op.execute(f"DROP TRIGGER keep_closed ON {table}")
        op.execute(f"DROP FUNCTION keep_closed_{table}()")
