"""Lectures as they are planned and held, with their drafts: private to the firm."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import APP_ROLE, DataClass, callable_by_app, row_security

revision = "0142_lectures"
down_revision = "0141_checkups"

WALLS = {
    "lecture": "coalesce(service_id <> ALL ((SELECT walled_services())::uuid[]), true)",
    "lecture_draft": "EXISTS (SELECT FROM lecture l"
    " WHERE l.firm_id = lecture_draft.firm_id AND l.id = lecture_draft.lecture_id)",
}
"""What whoever is walled off from a matter is shown no row of."""
FUNCTION = "lectures_matching(text)"


def upgrade() -> None:
    """Add the tables, their walls, and the search of themes."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "lecture",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("service_id", sa.UUID(), nullable=True),
        sa.Column("leaflets", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (reason IS NOT NULL)", name=op.f("ck_lecture_reason")
        ),
        sa.CheckConstraint("kind IN ('lecture', 'publicity')", name=op.f("ck_lecture_kind")),
        sa.CheckConstraint(
            "status IN ('planned', 'held', 'cancelled')", name=op.f("ck_lecture_status")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_lecture_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_lecture_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_lecture_firm_id_service_id"),
            ondelete="SET NULL (service_id)",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_lecture_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_lecture")),
        sa.UniqueConstraint("firm_id", "service_id", name=op.f("uq_lecture_firm_id_service_id")),
    )
    op.create_index("ix_lecture_adviser_id", "lecture", ["firm_id", "adviser_id"], unique=False)
    op.create_index("ix_lecture_list", "lecture", ["firm_id", "day", "id"], unique=False)
    op.create_index(
        "ix_lecture_theme",
        "lecture",
        ["theme"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"theme": "gin_trgm_ops"},
    )
    op.create_table(
        "lecture_draft",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("lecture_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "lecture_id"],
            ["lecture.firm_id", "lecture.id"],
            name=op.f("fk_lecture_draft_firm_id_lecture_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "lecture_id", name=op.f("pk_lecture_draft")),
    )
    # PDF, docx and JPEG are packed already: to pack them again costs time and wins nothing.
    op.execute("ALTER TABLE lecture_draft ALTER content SET STORAGE EXTERNAL")
    for table, rule in WALLS.items():
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)
        op.execute(
            f"CREATE POLICY wall ON {table} AS RESTRICTIVE FOR SELECT TO {APP_ROLE} USING ({rule})"
        )
    _search()


def _search() -> None:
    """Ask the index of themes as the owner: row security keeps ILIKE, which may leak, off it.

    Words under three letters have no trigram: they are looked for among the newest 20,000.
    """
    op.execute("CREATE POLICY search ON lecture FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION lectures_matching(pattern text) RETURNS SETOF uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            firm uuid := scope_firm();
        BEGIN
            IF length(pattern) >= 5 THEN
                RETURN QUERY SELECT l.id FROM lecture l
                WHERE l.firm_id = firm AND l.theme ILIKE pattern LIMIT 1000;
                RETURN;
            END IF;
            RETURN QUERY SELECT newest.id FROM (
                SELECT l.id, l.theme FROM lecture l WHERE l.firm_id = firm
                ORDER BY l.day DESC, l.id DESC LIMIT 20000
            ) newest WHERE newest.theme ILIKE pattern;
        END $$
        """
    )
    for statement in callable_by_app(FUNCTION):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {FUNCTION}")
    for table in reversed(WALLS):
        op.drop_table(table)
