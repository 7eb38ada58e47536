"""Check-ups of companies, their findings and checklists: private to the firm, behind its walls."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import APP_ROLE, DataClass, callable_by_app, row_security

revision = "0141_checkups"
down_revision = "0140_text_reviews"

TABLES = ("company", "checklist", "checkup", "checkup_item")
WALLS = {
    "checkup": "coalesce(service_id <> ALL ((SELECT walled_services())::uuid[]), true)",
    "checkup_item": "EXISTS (SELECT FROM checkup c"
    " WHERE c.firm_id = checkup_item.firm_id AND c.id = checkup_item.checkup_id)",
}
"""What whoever is walled off from a matter is shown no row of."""
FUNCTION = "companies_matching(text)"


def upgrade() -> None:
    """Add the tables, their walls, and the search of companies."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "checklist",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_checklist_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("firm_id", "name", name=op.f("uq_checklist_firm_id_name")),
    )
    op.create_table(
        "company",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credit_code", sa.Text(), nullable=True),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_company_community_code")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_company_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_company")),
        sa.UniqueConstraint(
            "firm_id", "community_code", "name", name=op.f("uq_company_firm_id_community_code_name")
        ),
        sa.UniqueConstraint("firm_id", "credit_code", name=op.f("uq_company_firm_id_credit_code")),
    )
    op.create_index(
        "ix_company_name",
        "company",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "checkup",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("company_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'done')", name=op.f("ck_checkup_status")),
        sa.CheckConstraint("next_on > day", name=op.f("ck_checkup_next_on")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_checkup_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "company_id"],
            ["company.firm_id", "company.id"],
            name=op.f("fk_checkup_firm_id_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_checkup_firm_id_service_id"),
            ondelete="SET NULL (service_id)",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_checkup")),
    )
    op.create_index("ix_checkup_adviser_id", "checkup", ["firm_id", "adviser_id"], unique=False)
    op.create_index(
        "ix_checkup_company_id", "checkup", ["firm_id", "company_id", "day"], unique=False
    )
    op.create_index("ix_checkup_list", "checkup", ["firm_id", "day", "id"], unique=False)
    op.create_index("ix_checkup_service_id", "checkup", ["firm_id", "service_id"], unique=False)
    op.create_table(
        "checkup_item",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("checkup_id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("mended_on", sa.Date(), nullable=True),
        sa.Column("mending", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "verdict = 'bad' OR (due_on IS NULL AND mended_on IS NULL)",
            name=op.f("ck_checkup_item_bad"),
        ),
        sa.CheckConstraint(
            "verdict IN ('ok', 'bad', 'none')", name=op.f("ck_checkup_item_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "checkup_id"],
            ["checkup.firm_id", "checkup.id"],
            name=op.f("fk_checkup_item_firm_id_checkup_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_checkup_item")),
        sa.UniqueConstraint(
            "firm_id", "checkup_id", "code", name=op.f("uq_checkup_item_firm_id_checkup_id_code")
        ),
    )
    op.create_index(
        "ix_checkup_item_open",
        "checkup_item",
        ["firm_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("verdict = 'bad' AND mended_on IS NULL"),
    )
    for table in TABLES:
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)
    for table, rule in WALLS.items():
        op.execute(
            f"CREATE POLICY wall ON {table} AS RESTRICTIVE FOR SELECT TO {APP_ROLE} USING ({rule})"
        )
    _search()


def _search() -> None:
    """Ask the index of names as the owner: row security keeps ILIKE, which may leak, off it.

    Words under three letters have no trigram: they are looked for among the newest 20,000.
    """
    op.execute("CREATE POLICY search ON company FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION companies_matching(pattern text) RETURNS SETOF uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            firm uuid := scope_firm();
        BEGIN
            IF length(pattern) >= 5 THEN
                RETURN QUERY SELECT c.id FROM company c
                WHERE c.firm_id = firm AND c.name ILIKE pattern LIMIT 1000;
                RETURN;
            END IF;
            RETURN QUERY SELECT newest.id FROM (
                SELECT c.id, c.name FROM company c WHERE c.firm_id = firm
                ORDER BY c.id DESC LIMIT 20000
            ) newest WHERE newest.name ILIKE pattern;
        END $$
        """
    )
    for statement in callable_by_app(FUNCTION):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {FUNCTION}")
    for table in ("checkup_item", "checkup", "checklist", "company"):
        op.drop_table(table)
