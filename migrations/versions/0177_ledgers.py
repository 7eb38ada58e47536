"""The office's ledger: its columns, files, lines and the difference sheet of both sides."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import FIRM, DataClass, row_security

revision = "0177_ledgers"
down_revision = "0176_line_appeals"

PUBLISHED = f"{FIRM} AND published_at IS NOT NULL"
ANSWER = "'{firm_id,status,answer_words,answered_at,answered_by_name,revision}'::text[]"
CONFIRMATION = "'{firm_id,status,firm_confirmed_at,firm_confirmed_by_name,revision}'::text[]"
SEALED = "'{month,street_code,version,rows,totals,digest,frozen_at,frozen_by_name}'::text[]"


def upgrade() -> None:
    """Add the four tables."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "ledger_import",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("firm_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_name", sa.Text(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'applied') = (applied_at IS NOT NULL)", name=op.f("ck_ledger_import_applied")
        ),
        sa.CheckConstraint("status IN ('tried', 'applied')", name=op.f("ck_ledger_import_status")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_ledger_import_month")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_ledger_import_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_import")),
    )
    op.create_index(
        "ix_ledger_import_street_code",
        "ledger_import",
        ["street_code", "month", "made_at"],
        unique=False,
    )
    op.create_table(
        "ledger_setting",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tolerance_fen", sa.BigInteger(), nullable=False),
        sa.Column("tolerance_minutes", sa.BigInteger(), nullable=False),
        sa.Column("tolerance_visits", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "tolerance_fen >= 0 AND tolerance_minutes >= 0 AND tolerance_visits >= 0",
            name=op.f("ck_ledger_setting_tolerance"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_ledger_setting_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_setting")),
        sa.UniqueConstraint("street_code", name=op.f("uq_ledger_setting_street_code")),
    )
    op.create_table(
        "ledger_sheet",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("totals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_name", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_by_id", sa.UUID(), nullable=True),
        sa.Column("frozen_by_name", sa.Text(), nullable=True),
        sa.Column("firm_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_confirmed_by_name", sa.Text(), nullable=True),
        sa.Column("office_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("office_confirmed_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (digest IS NULL) OR status = 'replaced'",
            name=op.f("ck_ledger_sheet_frozen"),
        ),
        sa.CheckConstraint(
            "status <> 'signed' OR (firm_confirmed_at IS NOT NULL AND office_confirmed_at IS NOT NULL)",
            name=op.f("ck_ledger_sheet_both"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'frozen', 'signed', 'replaced')",
            name=op.f("ck_ledger_sheet_status"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_ledger_sheet_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_ledger_sheet_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_ledger_sheet")),
        sa.UniqueConstraint(
            "firm_id",
            "street_code",
            "month",
            "version",
            name=op.f("uq_ledger_sheet_firm_id_street_code_month_version"),
        ),
    )
    op.create_index(
        "ix_ledger_sheet_street_code", "ledger_sheet", ["street_code", "month"], unique=False
    )
    op.create_index(
        "uq_ledger_sheet_live",
        "ledger_sheet",
        ["firm_id", "street_code", "month"],
        unique=True,
        postgresql_where=sa.text("status <> 'replaced'"),
    )
    op.create_table(
        "ledger_line",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("contract_number", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("differs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ledger", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("claimed", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("ledger_fen", sa.BigInteger(), nullable=True),
        sa.Column("claimed_fen", sa.BigInteger(), nullable=True),
        sa.Column("gap_fen", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=True),
        sa.Column("row_number", sa.BigInteger(), nullable=True),
        sa.Column("suggestions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("earlier", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("routed", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_name", sa.Text(), nullable=True),
        sa.Column("answer_words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'matched') = (status = 'clear')", name=op.f("ck_ledger_line_clear")
        ),
        sa.CheckConstraint(
            "cause IN ('typing', 'unit', 'month', 'place', 'missing', 'twice', 'split', 'evidence', 'rounding', 'other')",
            name=op.f("ck_ledger_line_cause"),
        ),
        sa.CheckConstraint(
            "outcome IN ('matched', 'amount_differs', 'count_differs', 'only_statement', 'only_ledger')",
            name=op.f("ck_ledger_line_outcome"),
        ),
        sa.CheckConstraint(
            "party IN ('ledger', 'statement', 'both')", name=op.f("ck_ledger_line_party")
        ),
        sa.CheckConstraint(
            "status IN ('clear', 'open', 'settled', 'agreed', 'disputed')",
            name=op.f("ck_ledger_line_status"),
        ),
        sa.CheckConstraint(
            "ledger IS NOT NULL OR claimed IS NOT NULL", name=op.f("ck_ledger_line_sides")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_ledger_line_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_ledger_line_firm_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_ledger_line_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_ledger_line")),
        sa.UniqueConstraint(
            "firm_id",
            "street_code",
            "month",
            "community_code",
            "contract_number",
            name="uq_ledger_line_key",
        ),
    )
    op.create_index(
        "ix_ledger_line_month",
        "ledger_line",
        ["street_code", "month", "outcome", "status"],
        unique=False,
    )
    _security()
    _triggers()


def _security() -> None:
    for statement in (
        *row_security("ledger_setting", DataClass.OFFICE),
        *row_security("ledger_import", DataClass.OFFICE),
        *row_security("ledger_line", DataClass.OFFICE, readers={"firm_reads": PUBLISHED}),
        *row_security("ledger_sheet", DataClass.OFFICE, readers={"firm_reads": FIRM}),
        "CREATE POLICY firm_answers ON ledger_line FOR UPDATE"
        f" USING ({PUBLISHED} AND status <> 'clear')"
        f" WITH CHECK ({PUBLISHED} AND status IN ('agreed', 'disputed'))",
        "CREATE POLICY firm_confirms ON ledger_sheet FOR UPDATE"
        f" USING ({FIRM} AND status = 'frozen')"
        f" WITH CHECK ({FIRM} AND status IN ('frozen', 'signed'))",
    ):
        op.execute(statement)


def _triggers() -> None:
    """A firm only answers and confirms; what was frozen nobody changes."""
    op.execute(
        f"""
        CREATE FUNCTION keep_ledger_line() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF to_jsonb(NEW) - {ANSWER} <> to_jsonb(OLD) - {ANSWER} THEN
                RAISE EXCEPTION 'a firm only answers a line';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_ledger_line BEFORE UPDATE ON ledger_line FOR EACH ROW"
        " WHEN (scope_kind() = 'firm') EXECUTE FUNCTION keep_ledger_line()"
    )
    op.execute(
        f"""
        CREATE FUNCTION keep_ledger_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF scope_kind() = 'firm'
                AND to_jsonb(NEW) - {CONFIRMATION} <> to_jsonb(OLD) - {CONFIRMATION} THEN
                RAISE EXCEPTION 'a firm only confirms a sheet';
            END IF;
            IF OLD.digest IS NOT NULL AND EXISTS (
                SELECT FROM unnest({SEALED}) AS part
                WHERE to_jsonb(NEW) -> part IS DISTINCT FROM to_jsonb(OLD) -> part
            ) THEN
                RAISE EXCEPTION 'a frozen sheet never changes';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_ledger_sheet BEFORE UPDATE ON ledger_sheet FOR EACH ROW"
        " EXECUTE FUNCTION keep_ledger_sheet()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("ledger_line")
    op.drop_table("ledger_sheet")
    op.drop_table("ledger_setting")
    op.drop_table("ledger_import")
    op.execute("DROP FUNCTION keep_ledger_line()")
    op.execute("DROP FUNCTION keep_ledger_sheet()")
