"""Pairings: their machine, the scan of what was signed, when renewal is asked for."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DISTRICT, STREET, DataClass, row_security

revision = "0130_pairing_machine"
down_revision = "0128_dispute_clashes"

STATES = "status IN ('draft', 'signed', 'active', 'ended')"
CHECKS = {
    "status": STATES,
    "signed": "(status = 'draft') = (signed_on IS NULL)",
    "ended": "(status = 'ended') = (ended_on IS NOT NULL)",
    "renews": "renews_id <> id",
}
COLUMNS = ("status", "topics", "principles", "renews_id", "ended_on", "end_reason")
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"


def upgrade() -> None:
    """Give pairings states; those that are there are in force, or ended, by their dates."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _columns()
    op.execute("ALTER TABLE pairing NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE pairing SET status = 'ended', ended_on = valid_until, end_reason = '协议期满'"
        f" WHERE valid_until < {TODAY}"
    )
    op.execute("ALTER TABLE pairing FORCE ROW LEVEL SECURITY")
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_pairing_{name}"), "pairing", rule)
    for side, mine in (("office", STREET), ("bureau", DISTRICT)):
        op.execute(f"ALTER POLICY {side}_reads ON pairing USING ({mine} AND status <> 'draft')")
    op.create_table(
        "pairing_scan",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pairing_id", sa.UUID(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("ending IN ('pdf', 'jpg', 'png')", name=op.f("ck_pairing_scan_ending")),
        sa.CheckConstraint("size > 0", name=op.f("ck_pairing_scan_size")),
        sa.ForeignKeyConstraint(
            ["firm_id", "pairing_id"],
            ["pairing.firm_id", "pairing.id"],
            name=op.f("fk_pairing_scan_firm_id_pairing_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_pairing_scan")),
        sa.UniqueConstraint(
            "firm_id",
            "pairing_id",
            "digest",
            name=op.f("uq_pairing_scan_firm_id_pairing_id_digest"),
        ),
    )
    op.create_table(
        "pairing_rule",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("notice_days", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("notice_days BETWEEN 1 AND 365", name=op.f("ck_pairing_rule_notice")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_pairing_rule_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_pairing_rule")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_pairing_rule_firm_id")),
    )
    # What is scanned is packed already: to pack it again costs time and wins nothing.
    op.execute("ALTER TABLE pairing_scan ALTER content SET STORAGE EXTERNAL")
    for table in ("pairing_scan", "pairing_rule"):
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def _columns() -> None:
    op.add_column(
        "pairing", sa.Column("status", sa.Text(), nullable=False, server_default="active")
    )
    op.add_column(
        "pairing", sa.Column("topics", sa.ARRAY(sa.Text()), nullable=False, server_default="{}")
    )
    for name in ("status", "topics"):
        op.alter_column("pairing", name, server_default=None)
    for name in ("principles", "end_reason"):
        op.add_column("pairing", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("pairing", sa.Column("renews_id", sa.UUID(), nullable=True))
    op.add_column("pairing", sa.Column("ended_on", sa.Date(), nullable=True))
    op.alter_column("pairing", "signed_on", nullable=True)
    op.create_unique_constraint(
        op.f("uq_pairing_firm_id_renews_id"), "pairing", ["firm_id", "renews_id"]
    )
    op.create_foreign_key(
        op.f("fk_pairing_firm_id_renews_id"),
        "pairing",
        "pairing",
        ["firm_id", "renews_id"],
        ["firm_id", "id"],
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("pairing_rule")
    op.drop_table("pairing_scan")
    op.execute("ALTER TABLE pairing NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM pairing WHERE signed_on IS NULL")
    op.execute("ALTER TABLE pairing FORCE ROW LEVEL SECURITY")
    for side, mine in (("office", STREET), ("bureau", DISTRICT)):
        op.execute(f"ALTER POLICY {side}_reads ON pairing USING ({mine})")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_pairing_{name}"), "pairing", type_="check")
    op.alter_column("pairing", "signed_on", nullable=False)
    for name in COLUMNS:
        op.drop_column("pairing", name)
