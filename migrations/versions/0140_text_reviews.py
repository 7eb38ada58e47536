"""Revised texts with their versions and opinions: private to the firm, kept behind its walls."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import APP_ROLE, DataClass, callable_by_app, row_security

revision = "0140_text_reviews"
down_revision = "0137_premises"

WALLS = {
    "text_review": "coalesce(service_id <> ALL ((SELECT walled_services())::uuid[]), true)",
    "text_version": "EXISTS (SELECT FROM text_review r"
    " WHERE r.firm_id = text_version.firm_id AND r.id = text_version.review_id)",
    "text_opinion": "EXISTS (SELECT FROM text_review r"
    " WHERE r.firm_id = text_opinion.firm_id AND r.id = text_opinion.review_id)",
}
"""What whoever is walled off from a matter is shown no row of."""
FUNCTION = "texts_matching(text)"


def upgrade() -> None:
    """Add the tables, their walls, and the search of titles."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "text_review",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("settled_number", sa.BigInteger(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'settled') = (settled_number IS NOT NULL) AND (status = 'settled') = (settled_on IS NOT NULL)",
            name=op.f("ck_text_review_settled"),
        ),
        sa.CheckConstraint(
            "kind IN ('contract_review', 'bylaw_revision')", name=op.f("ck_text_review_kind")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'settled', 'void')", name=op.f("ck_text_review_status")
        ),
        sa.CheckConstraint(
            "settled_number <= last_number", name=op.f("ck_text_review_settled_number")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_text_review_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_text_review_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_text_review_firm_id_service_id"),
            ondelete="SET NULL (service_id)",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_text_review_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_text_review")),
    )
    op.create_index(
        "ix_text_review_adviser_id", "text_review", ["firm_id", "adviser_id"], unique=False
    )
    op.create_index(
        "ix_text_review_list", "text_review", ["firm_id", "begun_on", "id"], unique=False
    )
    op.create_index(
        "ix_text_review_service_id", "text_review", ["firm_id", "service_id"], unique=False
    )
    op.create_index(
        "ix_text_review_title",
        "text_review",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_table(
        "text_opinion",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("review_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("paragraph", sa.BigInteger(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('open', 'taken', 'partly', 'refused')", name=op.f("ck_text_opinion_answer")
        ),
        sa.CheckConstraint("risk IN ('high', 'middle', 'low')", name=op.f("ck_text_opinion_risk")),
        sa.CheckConstraint("number >= 1 AND paragraph >= 1", name=op.f("ck_text_opinion_place")),
        sa.ForeignKeyConstraint(
            ["firm_id", "review_id"],
            ["text_review.firm_id", "text_review.id"],
            name=op.f("fk_text_opinion_firm_id_review_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_text_opinion")),
    )
    op.create_index(
        "ix_text_opinion_review_id",
        "text_opinion",
        ["firm_id", "review_id", "number", "paragraph"],
        unique=False,
    )
    op.create_table(
        "text_version",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("review_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("paragraphs", sa.BigInteger(), nullable=False),
        sa.Column("letters", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('pasted', 'docx', 'txt')", name=op.f("ck_text_version_source")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_text_version_number")),
        sa.ForeignKeyConstraint(
            ["firm_id", "review_id"],
            ["text_review.firm_id", "text_review.id"],
            name=op.f("fk_text_version_firm_id_review_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_text_version")),
        sa.UniqueConstraint(
            "firm_id", "review_id", "number", name=op.f("uq_text_version_firm_id_review_id_number")
        ),
    )
    for table, rule in WALLS.items():
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)
        op.execute(
            f"CREATE POLICY wall ON {table} AS RESTRICTIVE FOR SELECT TO {APP_ROLE} USING ({rule})"
        )
    _search()


def _search() -> None:
    """Ask the index of titles as the owner: row security keeps ILIKE, which may leak, off it.

    Words under three letters have no trigram: they are looked for among the newest 20,000.
    """
    op.execute("CREATE POLICY search ON text_review FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        """
        CREATE FUNCTION texts_matching(pattern text) RETURNS SETOF uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            firm uuid := scope_firm();
        BEGIN
            IF length(pattern) >= 5 THEN
                RETURN QUERY SELECT r.id FROM text_review r
                WHERE r.firm_id = firm AND r.title ILIKE pattern LIMIT 1000;
                RETURN;
            END IF;
            RETURN QUERY SELECT newest.id FROM (
                SELECT r.id, r.title FROM text_review r WHERE r.firm_id = firm
                ORDER BY r.begun_on DESC, r.id DESC LIMIT 20000
            ) newest WHERE newest.title ILIKE pattern;
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
