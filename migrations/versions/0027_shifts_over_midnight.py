"""An online shift may reach into a closed month: each month that it touches is asked."""

from alembic import op

revision = "0027_shifts_over_midnight"
down_revision = "0026_rate_counts"

FIRST = "date_trunc('month', {row}.starts_at AT TIME ZONE 'Asia/Shanghai')::date"
# A shift that ends with the day does not touch the next one.
LAST = (
    "date_trunc('month', ({row}.ends_at - interval '1 microsecond')"
    " AT TIME ZONE 'Asia/Shanghai')::date"
)


def upgrade() -> None:
    """Ask for every month from the first to the last one of the shift."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _function(f"BETWEEN {FIRST} AND {LAST}")


def downgrade() -> None:
    """Ask for the month that it begins in only."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _function(f"= {FIRST}")


def _function(months: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION keep_closed_online_shift() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE closed text;
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                SELECT statement_number INTO closed FROM closed_month
                WHERE firm_id = OLD.firm_id AND place_code = OLD.street_code
                AND month {months.format(row="OLD")} ORDER BY month LIMIT 1;
            END IF;
            IF closed IS NULL AND TG_OP <> 'DELETE' THEN
                SELECT statement_number INTO closed FROM closed_month
                WHERE firm_id = NEW.firm_id AND place_code = NEW.street_code
                AND month {months.format(row="NEW")} ORDER BY month LIMIT 1;
            END IF;
            IF closed IS NOT NULL THEN
                RAISE EXCEPTION 'closed month' USING ERRCODE = 'CH001', DETAIL = closed;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    )
