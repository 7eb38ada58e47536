"""Firms that leave: asked for, waited for, withdrawn or deleted, with the certificate."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import FIRM, DataClass, row_security

revision = "0240_departures"
down_revision = "0235_robots"

SERVED = (
    "(select scope_kind()) IN ('office', 'bureau') AND EXISTS ("
    "SELECT FROM contract_community c WHERE c.firm_id = departure.firm_id)"
)
"""Government reads of the firms that serve its place, as it reads their names."""


def upgrade() -> None:
    """Make the table; what makes a deletion lawful never changes, and waits for its day."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "departure",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("deletes_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_name", sa.Text(), nullable=True),
        sa.Column("code_digest", sa.Text(), nullable=False),
        sa.Column("code_sealed", sa.Text(), nullable=True),
        sa.Column("check_at", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'withdrawn', 'deleting', 'deleted')",
            name=op.f("ck_departure_status"),
        ),
        sa.CheckConstraint(
            "deletes_on >= (asked_at AT TIME ZONE 'Asia/Shanghai')::date + 30",
            name=op.f("ck_departure_waits"),
        ),
        sa.CheckConstraint(
            "(status IN ('withdrawn', 'deleted')) = (ended_at IS NOT NULL)",
            name=op.f("ck_departure_ended"),
        ),
        sa.CheckConstraint(
            "(status = 'deleted') = (certificate IS NOT NULL)"
            " AND (certificate IS NULL) = (digest IS NULL)",
            name=op.f("ck_departure_certified"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_departure_firm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_departure_code_digest")),
    )
    op.create_index(
        "uq_departure_live",
        "departure",
        ["firm_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_index("ix_departure_status", "departure", ["status", "deletes_on"])
    readers = {"firm_reads": FIRM, "government_reads": SERVED}
    for statement in row_security("departure", DataClass.PLATFORM, readers=readers):
        op.execute(statement)
    _keep()


def _keep() -> None:
    """Only the owner of the tables may bring a deletion forward."""
    op.execute(
        """
        CREATE FUNCTION keep_departure() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.status <> 'asked' OR NEW.deletes_on < current_date + 29 THEN
                    RAISE EXCEPTION 'a departure waits for thirty days';
                END IF;
                RETURN NEW;
            END IF;
            IF (NEW.id, NEW.firm_id, NEW.asked_at, NEW.asked_by_name, NEW.deletes_on)
                IS DISTINCT FROM
                (OLD.id, OLD.firm_id, OLD.asked_at, OLD.asked_by_name, OLD.deletes_on)
            THEN
                RAISE EXCEPTION 'a departure keeps what was asked';
            END IF;
            IF NEW.status <> OLD.status AND (
                OLD.status IN ('withdrawn', 'deleted')
                OR OLD.status = 'deleting' AND NEW.status <> 'deleted'
                OR NEW.status = 'deleting'
                AND OLD.deletes_on > (now() AT TIME ZONE 'Asia/Shanghai')::date
            ) THEN
                RAISE EXCEPTION 'a departure goes its way, and not before its day';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_departure BEFORE INSERT OR UPDATE ON departure"
        " FOR EACH ROW EXECUTE FUNCTION keep_departure()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("departure")
    op.execute("DROP FUNCTION keep_departure()")
