"""Number service records by firm and day."""

from alembic import op

revision = "0017_service_numbers"
down_revision = "0016_service_search"


def upgrade() -> None:
    """Give out FW20261121-0001, -0002, …: the next after the highest of the day.

    Two who ask at once wait for each other until the first one's commit; past 9999 the number
    grows a digit. Numbers of other shapes, from a workbook, are left alone.
    """
    op.execute(
        r"""
        CREATE FUNCTION next_service_number(on_day date) RETURNS text LANGUAGE plpgsql AS $$
        DECLARE
            stem text := 'FW' || to_char(on_day, 'YYYYMMDD') || '-';
            last text;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended(scope_firm()::text || stem, 0));
            SELECT number INTO last FROM service_record
            WHERE firm_id = scope_firm() AND number >= stem AND number < stem || ':'
                AND number ~ '^FW[0-9]{8}-[0-9]{4}$'
            ORDER BY number DESC LIMIT 1;
            IF last = stem || '9999' THEN
                SELECT number INTO last FROM service_record
                WHERE firm_id = scope_firm() AND number >= stem AND number < stem || ':'
                    AND number ~ '^FW[0-9]{8}-[0-9]{4,9}$'
                ORDER BY length(number) DESC, number DESC LIMIT 1;
            END IF;
            last := (coalesce(substr(last, length(stem) + 1), '0')::bigint + 1)::text;
            RETURN stem || lpad(last, greatest(4, length(last)), '0');
        END $$
        """
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("DROP FUNCTION next_service_number(date)")
