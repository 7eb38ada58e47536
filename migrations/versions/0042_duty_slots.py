"""The slots of a month, kept like all evidence once its statement is submitted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0042_duty_slots"
down_revision = "0041_duty_terms"


def upgrade() -> None:
    """The slots of a month, kept like all evidence once its statement is submitted."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "roster_month",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_roster_month_month")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_roster_month_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_roster_month")),
        sa.UniqueConstraint("firm_id", "month", name=op.f("uq_roster_month_firm_id_month")),
    )
    op.create_table(
        "duty_slot",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("term_id", sa.UUID(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_moved", sa.Boolean(), nullable=False),
        sa.Column("stands_off", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("firm_id"), "="),
            (sa.column("adviser_id"), "="),
            (sa.text("tsrange(day + starts, day + ends)"), "&&"),
            where=sa.text("status IN ('planned', 'done', 'short')"),
            deferrable=True,
            initially="IMMEDIATE",
            using="gist",
            name="ex_duty_slot_two_places",
        ),
        sa.CheckConstraint(
            "month = date_trunc('month', day::timestamp)::date", name=op.f("ck_duty_slot_month")
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'done', 'short', 'missed', 'excused', 'substituted')",
            name=op.f("ck_duty_slot_status"),
        ),
        sa.CheckConstraint("starts < ends", name=op.f("ck_duty_slot_times")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_duty_slot_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_duty_slot_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "term_id"],
            ["duty_term.firm_id", "duty_term.id"],
            name=op.f("fk_duty_slot_firm_id_term_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_duty_slot_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_slot")),
        sa.UniqueConstraint(
            "firm_id",
            "term_id",
            "community_code",
            "month",
            "turn",
            name=op.f("uq_duty_slot_firm_id_term_id_community_code_month_turn"),
        ),
    )
    op.create_index(
        "ix_duty_slot_adviser", "duty_slot", ["firm_id", "adviser_id", "day"], unique=False
    )
    op.create_index(
        "ix_duty_slot_month", "duty_slot", ["firm_id", "month", "community_code"], unique=False
    )
    op.create_index("ix_duty_slot_street", "duty_slot", ["street_code", "month"], unique=False)
    for statement in row_security("roster_month", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("duty_slot", DataClass.FIRM_SHARED):
        op.execute(statement)
    op.execute(
        """
        CREATE FUNCTION keep_closed_duty_slot() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE closed text;
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                SELECT statement_number INTO closed FROM closed_month
                WHERE firm_id = OLD.firm_id AND place_code = OLD.community_code
                AND month = OLD.month LIMIT 1;
            END IF;
            IF closed IS NULL AND TG_OP <> 'DELETE' THEN
                SELECT statement_number INTO closed FROM closed_month
                WHERE firm_id = NEW.firm_id AND place_code = NEW.community_code
                AND month = NEW.month LIMIT 1;
            END IF;
            IF closed IS NOT NULL THEN
                RAISE EXCEPTION 'closed month' USING ERRCODE = 'CH001', DETAIL = closed;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_closed BEFORE INSERT OR UPDATE OR DELETE ON duty_slot"
        " FOR EACH ROW EXECUTE FUNCTION keep_closed_duty_slot()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("duty_slot")
    op.drop_table("roster_month")
    op.execute("DROP FUNCTION keep_closed_duty_slot()")
