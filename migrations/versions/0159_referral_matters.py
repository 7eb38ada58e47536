"""A referral belongs to a matter, says what a check of conflicts found, and keeps its walls."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import APP_ROLE, callable_by_app

revision = "0159_referral_matters"
down_revision = "0156_choices"

REFERRALS = "(SELECT walled_referrals())::uuid[]"
PARTS = (
    "referral_offer",
    "referral_member",
    "referral_pause",
    "referral_handover",
    "referral_feedback",
    "home_visit",
)
WALLS = {
    "referral": f"id <> ALL ({REFERRALS})",
    **dict.fromkeys(PARTS, f"referral_id <> ALL ({REFERRALS})"),
}
"""What whoever is walled off from a matter is shown no row of: its referrals, all of them."""
KEYS = {
    "fk_referral_firm_id_matter_id": "matter_id",
    "fk_referral_firm_id_conflict_matter_id": "conflict_matter_id",
}
FUNCTIONS = ("walled_referrals()", "last_referral_number(text)")
THINGS = """
CREATE OR REPLACE FUNCTION walled_things() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
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
    ){more};
END $$
"""
HANDED = """ || walled_referrals() || ARRAY(
        SELECT h.id FROM referral_handover h
        WHERE h.firm_id = firm AND h.referral_id = ANY (walled_referrals())
    )"""


def upgrade() -> None:
    """Tie them; hide from whom a matter is walled off what was referred of it.

    A referral is of a matter by itself or by its service. Numbers are counted past every wall,
    as the owner of the table: the next one must be new to everybody.
    """
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "referral",
        sa.Column(
            "conflict_codes", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{}"
        ),
    )
    op.alter_column("referral", "conflict_codes", server_default=None)
    op.add_column("referral", sa.Column("conflict_matter_id", sa.UUID(), nullable=True))
    for name, column in KEYS.items():
        op.create_foreign_key(name, "referral", "matter", ["firm_id", column], ["firm_id", "id"])
    op.create_index("ix_referral_matter", "referral", ["firm_id", "matter_id"])
    _functions()
    for table, rule in WALLS.items():
        op.execute(
            f"CREATE POLICY wall ON {table} AS RESTRICTIVE FOR SELECT TO {APP_ROLE} USING ({rule})"
        )


def _functions() -> None:
    op.execute(
        """
        CREATE FUNCTION walled_referrals() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public AS $$
        DECLARE
            firm uuid := scope_firm();
            walled uuid[] := walled_matters();
        BEGIN
            IF cardinality(walled) = 0 THEN
                RETURN walled;
            END IF;
            RETURN ARRAY(
                SELECT r.id FROM referral r
                WHERE r.firm_id = firm AND r.matter_id = ANY (walled)
                UNION
                SELECT r.id FROM referral r
                WHERE r.firm_id = firm AND r.service_id = ANY (walled_services())
            );
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION last_referral_number(head text) RETURNS text LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path = pg_catalog, public AS $$
            SELECT r.number FROM referral r
            WHERE r.firm_id = scope_firm() AND r.number LIKE head || '%'
            ORDER BY length(r.number) DESC, r.number DESC LIMIT 1
        $$
        """
    )
    for function in FUNCTIONS:
        for statement in callable_by_app(function):
            op.execute(statement)
    op.execute(THINGS.format(more=HANDED))


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(THINGS.format(more=""))
    for table in WALLS:
        op.execute(f"DROP POLICY wall ON {table}")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_index("ix_referral_matter", table_name="referral")
    for name in KEYS:
        op.drop_constraint(name, "referral", type_="foreignkey")
    op.drop_column("referral", "conflict_matter_id")
    op.drop_column("referral", "conflict_codes")
