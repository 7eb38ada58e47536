"""Late entries of settled months, what proves them, and which adjustments they made."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DISTRICT, STREET, DataClass, row_security

revision = "0168_late_entries"
down_revision = "0167_settlement_rules"

AT = sa.DateTime(timezone=True)
AGREED = "{} AND status = 'approved'"
SEEN = (
    "(select scope_kind()) IN ('office', 'bureau') AND (EXISTS (SELECT FROM late_entry e"
    " WHERE e.firm_id = late_file.firm_id AND e.id = late_file.entry_id))"
)
CHECKS = {
    "kind": "kind IN ('visit', 'lecture', 'case')",
    "reason": "reason IN ('forgotten', 'evidence_late', 'system', 'handover', 'other')",
    "status": "status IN ('asked', 'approved', 'refused', 'withdrawn')",
    "difficulty": "difficulty IN ('simple', 'ordinary', 'major', 'extraordinary')",
    "form": "form IN ('written', 'oral')",
    "visit": "(kind = 'visit') = (signed_in_at IS NOT NULL AND signed_out_at IS NOT NULL)",
    "lecture": "(kind = 'lecture') = (times IS NOT NULL)",
    "case": "(kind = 'case') = (case_number IS NOT NULL AND difficulty IS NOT NULL AND form IS NOT NULL)",
    "order": "signed_in_at < signed_out_at",
    "times": "times BETWEEN 1 AND 99",
    "four_eyes": "decided_by_id IS DISTINCT FROM asked_by_id OR decided_by_id IS NULL OR is_alone",
}
SAID = (
    "id, contract_id, community_code, month, amount_fen, cause, words,"
    " line_id, entered_at, entered_by_name"
)


def upgrade() -> None:
    """Add them; what an adjustment says now names its late entry too."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _entries()
    _files()
    for statement in row_security(
        "late_entry",
        DataClass.FIRM_SHARED,
        office=AGREED.format(STREET),
        bureau=AGREED.format(DISTRICT),
    ):
        op.execute(statement)
    for statement in row_security(
        "late_file",
        DataClass.FIRM_SHARED,
        office=None,
        bureau=None,
        readers={"government_reads": SEEN},
    ):
        op.execute(statement)
    op.add_column("adjustment", sa.Column("late_entry_id", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_adjustment_firm_id_late_entry_id"),
        "adjustment",
        "late_entry",
        ["firm_id", "late_entry_id"],
        ["firm_id", "id"],
    )
    op.create_index("ix_adjustment_late_entry", "adjustment", ["firm_id", "late_entry_id"])
    _keep(f"{SAID}, late_entry_id")


def _entries() -> None:
    op.create_table(
        "late_entry",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("kind", "community_code", "street_code", "reason", "words", "status")
        ),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("case_number", "difficulty", "form", "decided_by_name", "answer")
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("signed_in_at", AT, nullable=True),
        sa.Column("signed_out_at", AT, nullable=True),
        sa.Column("times", sa.BigInteger(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("asked_by_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decided_by_id", sa.UUID(), nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_late_entry")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_late_entry_firm_id_adviser_id"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_code"], [f"{table}.code"], name=op.f(f"fk_late_entry_{table}_code")
            )
            for table in ("community", "street")
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_late_entry_{name}"))
            for name, rule in CHECKS.items()
        ),
    )
    op.create_index(
        "uq_late_entry_case",
        "late_entry",
        ["firm_id", "case_number"],
        unique=True,
        postgresql_where=sa.text("status IN ('asked', 'approved')"),
    )
    op.create_index("ix_late_entry_list", "late_entry", ["firm_id", "status", "asked_at"])
    op.create_index("ix_late_entry_day", "late_entry", ["firm_id", "community_code", "day"])
    op.create_index("ix_late_entry_street_code", "late_entry", ["street_code", "day"])


def _files() -> None:
    op.create_table(
        "late_file",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("entry_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", AT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("thumb", sa.LargeBinary(), nullable=True),
        sa.Column("blanked_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_late_file")),
        *(
            sa.ForeignKeyConstraint(
                ["firm_id", column],
                [f"{table}.firm_id", f"{table}.id"],
                name=op.f(f"fk_late_file_firm_id_{column}"),
                ondelete=ondelete,
            )
            for table, column, ondelete in (
                ("late_entry", "entry_id", "CASCADE"),
                ("adviser", "adviser_id", None),
            )
        ),
        *(
            sa.UniqueConstraint(
                "firm_id", "entry_id", name_, name=op.f(f"uq_late_file_firm_id_entry_id_{name_}")
            )
            for name_ in ("place", "digest")
        ),
        sa.CheckConstraint("kind IN ('photo', 'scan')", name=op.f("ck_late_file_kind")),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_late_file_place")),
    )
    # JPEG and PDF are packed already: to pack them again costs time and wins nothing.
    op.execute("ALTER TABLE late_file ALTER content SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE late_file ALTER thumb SET STORAGE EXTERNAL")


def _keep(columns: str) -> None:
    old, new = (
        ", ".join(f"{row}.{column.strip()}" for column in columns.split(","))
        for row in ("OLD", "NEW")
    )
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION keep_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF ({new}) IS DISTINCT FROM ({old}) THEN
                RAISE EXCEPTION 'an adjustment keeps what it says' USING ERRCODE = 'CH002',
                    DETAIL = OLD.id::text;
            END IF;
            RETURN NEW;
        END $$
        """
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _keep(SAID)
    op.drop_index("ix_adjustment_late_entry", "adjustment")
    op.drop_constraint(op.f("fk_adjustment_firm_id_late_entry_id"), "adjustment")
    op.drop_column("adjustment", "late_entry_id")
    op.drop_table("late_file")
    op.drop_table("late_entry")
