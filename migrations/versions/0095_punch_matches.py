"""What a firm's attendance record says of its sessions, for the office too."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0095_punch_matches"
down_revision = "0094_placed_checks"


def upgrade() -> None:
    """Keep one word for each session that was compared."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "punch_match",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("session_revision", sa.BigInteger(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("is_proof", sa.Boolean(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('agrees', 'open', 'phone', 'record', 'neither', 'none', 'changed')",
            name=op.f("ck_punch_match_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "session_id"],
            ["duty_session.firm_id", "duty_session.id"],
            name=op.f("fk_punch_match_firm_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_punch_match_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_punch_match")),
        sa.UniqueConstraint(
            "firm_id", "session_id", name=op.f("uq_punch_match_firm_id_session_id")
        ),
    )
    op.create_index("ix_punch_match_street", "punch_match", ["street_code"], unique=False)
    for statement in row_security("punch_match", DataClass.FIRM_SHARED):
        op.execute(statement)
    _keep_proofs()


def _keep_proofs() -> None:
    """Let no comparison give or take a proof where a statement has closed the session's month."""
    op.execute(
        """
        CREATE FUNCTION keep_closed_proof() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM duty_session d
                JOIN closed_month c ON c.firm_id = d.firm_id AND c.place_code = d.community_code
                AND c.month = date_trunc('month', d.day)::date
                WHERE d.firm_id = NEW.firm_id AND d.id = NEW.session_id
            ) THEN
                NEW.is_proof := TG_OP = 'UPDATE' AND OLD.is_proof;
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_closed BEFORE INSERT OR UPDATE ON punch_match"
        " FOR EACH ROW EXECUTE FUNCTION keep_closed_proof()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("punch_match")
    op.execute("DROP FUNCTION keep_closed_proof()")
