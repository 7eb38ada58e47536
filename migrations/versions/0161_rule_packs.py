"""Rule packs of bureaus and offices, their examples and rehearsals, marks; copies in schemes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import (
    FIRM,
    OWNER,
    PLATFORM,
    DataClass,
    callable_by_app,
    row_security,
)

revision = "0161_rule_packs"
down_revision = "0160_conference_walls"

SEEN_BY_FIRMS = "(select scope_kind()) = 'firm' AND {} IS NOT NULL"
OLD_KINDS = (
    "base",
    "shortfall",
    "lecture",
    "online",
    "case",
    "withhold",
    "release",
    "adjustment",
)
NEW_KINDS = ("attendance", "activity", "performance", "grade")
ADOPTERS = "pack_adopters(uuid, date)"
FIXED = "'{status,revision}'::text[]"


def upgrade() -> None:
    """Add the tables; a scheme may follow a pack, a line may be of a kind that packs pay."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "scheme_pack",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "street_code IS NULL OR left(street_code, 6) = district_code",
            name=op.f("ck_scheme_pack_street_code"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"], name=op.f("fk_scheme_pack_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_scheme_pack_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_pack")),
        sa.UniqueConstraint(
            "district_code",
            "street_code",
            "code",
            name=op.f("uq_scheme_pack_district_code_street_code_code"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_scheme_pack_street_code", "scheme_pack", ["street_code"], unique=False)
    op.create_table(
        "performance_mark",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_performance_mark_month")),
        sa.CheckConstraint(
            "left(community_code, 9) = street_code", name=op.f("ck_performance_mark_street_code")
        ),
        sa.CheckConstraint(
            "points BETWEEN -1000 AND 1000 AND points <> 0", name=op.f("ck_performance_mark_points")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_performance_mark_community_code")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_performance_mark_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_performance_mark_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_performance_mark")),
    )
    op.create_index(
        "ix_performance_mark_month",
        "performance_mark",
        ["firm_id", "month", "community_code"],
        unique=False,
    )
    op.create_index(
        "ix_performance_mark_street_code",
        "performance_mark",
        ["street_code", "month"],
        unique=False,
    )
    op.create_table(
        "scheme_pack_version",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("pack_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pack_terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.UUID(), nullable=True),
        sa.Column("proposed_by_name", sa.Text(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_by_id", sa.UUID(), nullable=True),
        sa.Column("activated_by_name", sa.Text(), nullable=True),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status <> 'active' OR activated_at IS NOT NULL",
            name=op.f("ck_scheme_pack_version_activated"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'proposed', 'active', 'withdrawn')",
            name=op.f("ck_scheme_pack_version_status"),
        ),
        sa.CheckConstraint(
            "activated_by_id IS DISTINCT FROM proposed_by_id OR activated_by_id IS NULL",
            name=op.f("ck_scheme_pack_version_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"], name=op.f("fk_scheme_pack_version_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["scheme_pack.id"], name=op.f("fk_scheme_pack_version_pack_id")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_scheme_pack_version_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_pack_version")),
        sa.UniqueConstraint(
            "pack_id", "number", name=op.f("uq_scheme_pack_version_pack_id_number")
        ),
    )
    op.create_table(
        "pack_example",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expected", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"], name=op.f("fk_pack_example_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_pack_example_street_code")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["scheme_pack_version.id"], name=op.f("fk_pack_example_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_example")),
        sa.UniqueConstraint("version_id", "name", name=op.f("uq_pack_example_version_id_name")),
    )
    op.create_table(
        "pack_rehearsal",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version_id", sa.UUID(), nullable=False),
        sa.Column("terms_digest", sa.Text(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("firms", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed')",
            name=op.f("ck_pack_rehearsal_status"),
        ),
        sa.CheckConstraint("months BETWEEN 1 AND 24", name=op.f("ck_pack_rehearsal_months")),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"], name=op.f("fk_pack_rehearsal_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_pack_rehearsal_street_code")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["scheme_pack_version.id"], name=op.f("fk_pack_rehearsal_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_rehearsal")),
    )
    op.create_index(
        "ix_pack_rehearsal_version_id", "pack_rehearsal", ["version_id", "asked_at"], unique=False
    )
    op.create_table(
        "rehearsed_month",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("rehearsal_id", sa.UUID(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("law_firm_code", sa.Text(), nullable=False),
        sa.Column("law_firm_name", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("community_name", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("now_fen", sa.BigInteger(), nullable=False),
        sa.Column("then_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rehearsal_id"],
            ["pack_rehearsal.id"],
            name=op.f("fk_rehearsed_month_rehearsal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsed_month")),
        sa.UniqueConstraint(
            "rehearsal_id",
            "law_firm_code",
            "community_code",
            "month",
            name=op.f("uq_rehearsed_month_rehearsal_id_law_firm_code_community_code_month"),
        ),
    )
    op.create_index(
        "ix_rehearsed_month_street_code",
        "rehearsed_month",
        ["rehearsal_id", "street_code"],
        unique=False,
    )
    op.add_column("scheme", sa.Column("pack_id", sa.UUID(), nullable=True))
    op.create_index(op.f("ix_scheme_pack_id"), "scheme", ["pack_id"], unique=False)
    op.create_foreign_key("fk_scheme_pack_id", "scheme", "scheme_pack", ["pack_id"], ["id"])
    op.add_column(
        "scheme_version",
        sa.Column("pack_terms", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    op.add_column("scheme_version", sa.Column("pack_version_id", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_scheme_version_pack_version_id"),
        "scheme_version",
        "scheme_pack_version",
        ["pack_version_id"],
        ["id"],
    )
    _kinds(*OLD_KINDS, *NEW_KINDS)
    _security()
    _immutable()
    _adopters()


def _kinds(*kinds: str) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute("ALTER TABLE statement_line DROP CONSTRAINT ck_statement_line_kind")
    op.execute(
        "ALTER TABLE statement_line ADD CONSTRAINT ck_statement_line_kind"
        f" CHECK (kind IN ({listed}))"
    )


def _security() -> None:
    for statement in (
        *row_security(
            "scheme_pack",
            DataClass.BUREAU,
            readers={"firm_reads": SEEN_BY_FIRMS.format("published_at")},
        ),
        *row_security(
            "scheme_pack_version",
            DataClass.BUREAU,
            readers={"firm_reads": SEEN_BY_FIRMS.format("activated_at")},
        ),
        *row_security("pack_example", DataClass.BUREAU),
        *row_security("pack_rehearsal", DataClass.BUREAU, readers={"worker_reads": PLATFORM}),
        *row_security("rehearsed_month", DataClass.BUREAU, by_street=True),
        *row_security("performance_mark", DataClass.OFFICE, readers={"firm_reads": FIRM}),
    ):
        op.execute(statement)


def _immutable() -> None:
    """What was activated stays as it was, and so do the firms' copies and a closed month's marks.

    The owner of a version may only withdraw it.
    """
    for function, body in {
        "keep_pack_version": "OLD.activated_at IS NOT NULL AND (TG_OP = 'DELETE'"
        f" OR to_jsonb(NEW) - {FIXED} <> to_jsonb(OLD) - {FIXED})",
        "keep_pack_copy": "OLD.pack_version_id IS NOT NULL",
        "keep_pack_example": "EXISTS (SELECT FROM scheme_pack_version v WHERE v.id ="
        " CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END"
        " AND v.activated_at IS NOT NULL)",
    }.items():
        op.execute(
            f"""
            CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {body} THEN
                    RAISE EXCEPTION 'a rule pack in use' USING ERRCODE = 'CH003';
                END IF;
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            END $$
            """
        )
    for trigger, table, function, verbs in (
        ("keep_version", "scheme_pack_version", "keep_pack_version", "UPDATE OR DELETE"),
        ("keep_copy", "scheme_version", "keep_pack_copy", "UPDATE OR DELETE"),
        ("keep_example", "pack_example", "keep_pack_example", "INSERT OR UPDATE OR DELETE"),
    ):
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {verbs} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    _keep_closed_marks()


def _keep_closed_marks() -> None:
    op.execute(
        """
        CREATE FUNCTION keep_closed_mark() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            mark performance_mark := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
            closed text;
        BEGIN
            SELECT statement_number INTO closed FROM closed_month
            WHERE firm_id = mark.firm_id AND place_code = mark.community_code
            AND month = mark.month LIMIT 1;
            IF closed IS NOT NULL THEN
                RAISE EXCEPTION 'closed month' USING ERRCODE = 'CH001', DETAIL = closed;
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_closed BEFORE INSERT OR UPDATE OR DELETE ON performance_mark"
        " FOR EACH ROW EXECUTE FUNCTION keep_closed_mark()"
    )


def _adopters() -> None:
    """Tell a pack's owner which firms follow it, also those whose contracts it does not see."""
    for table in ("scheme", "scheme_pack", "contract"):
        op.execute(f"CREATE POLICY adopters ON {table} FOR SELECT TO CURRENT_USER USING (true)")
    op.execute(
        f"""
        CREATE FUNCTION pack_adopters(pack uuid, since date)
        RETURNS TABLE (firm_id uuid, scheme_id uuid, contracts bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
            SELECT s.firm_id, s.id, (
                SELECT count(*) FROM contract c
                WHERE c.firm_id = s.firm_id AND c.scheme_id = s.id
                    AND c.status NOT IN ('draft', 'sent')
                    AND coalesce(c.terminated_on, c.ends_on) >= since
            )
            FROM scheme s JOIN scheme_pack p ON p.id = s.pack_id
            WHERE p.id = pack AND ({OWNER})
            ORDER BY s.firm_id, s.id
        $$
        """
    )
    for statement in callable_by_app(ADOPTERS):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {ADOPTERS}")
    for table in ("scheme", "scheme_pack", "contract"):
        op.execute(f"DROP POLICY adopters ON {table}")
    op.execute("DROP TRIGGER keep_copy ON scheme_version")
    _kinds(*OLD_KINDS)
    op.drop_constraint(
        op.f("fk_scheme_version_pack_version_id"), "scheme_version", type_="foreignkey"
    )
    op.drop_column("scheme_version", "pack_version_id")
    op.drop_column("scheme_version", "pack_terms")
    op.drop_constraint("fk_scheme_pack_id", "scheme", type_="foreignkey")
    op.drop_index(op.f("ix_scheme_pack_id"), table_name="scheme")
    op.drop_column("scheme", "pack_id")
    op.drop_index("ix_rehearsed_month_street_code", table_name="rehearsed_month")
    op.drop_table("rehearsed_month")
    op.drop_index("ix_pack_rehearsal_version_id", table_name="pack_rehearsal")
    op.drop_table("pack_rehearsal")
    op.drop_table("pack_example")
    op.drop_table("scheme_pack_version")
    op.drop_index("ix_performance_mark_street_code", table_name="performance_mark")
    op.drop_index("ix_performance_mark_month", table_name="performance_mark")
    op.drop_table("performance_mark")
    op.drop_index("ix_scheme_pack_street_code", table_name="scheme_pack")
    op.drop_table("scheme_pack")
    for function in (
        "keep_pack_copy",
        "keep_pack_version",
        "keep_pack_example",
        "keep_closed_mark",
    ):
        op.execute(f"DROP FUNCTION {function}()")
