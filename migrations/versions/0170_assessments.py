"""Assessments of a year, what each releases, and the kinds of lines that a statement knows."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import FIRM, DataClass, row_security

revision = "0170_assessments"
down_revision = "0169_clawbacks"

AT = sa.DateTime(timezone=True)
GRADES = "grade IN ('优秀', '称职', '基本称职', '不称职')"
KINDS = "'base', 'shortfall', 'lecture', 'online', 'case', 'withhold', 'release', 'adjustment'"
ALL_KINDS = f"{KINDS}, 'attendance', 'activity', 'performance', 'grade'"
KEYS = ("contract_id", "community_code", "year")


def upgrade() -> None:
    """Add them: an office proposes, another person confirms, a statement releases once ever."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(ALL_KINDS)
    _assessment()
    _release()
    for statement in row_security(
        "assessment",
        DataClass.OFFICE,
        readers={"firm_reads": f"{FIRM} AND published_at IS NOT NULL"},
    ):
        op.execute(statement)
    for statement in row_security(
        "assessment_release", DataClass.FIRM_SHARED, office_acts=("INSERT",)
    ):
        op.execute(statement)


def _kinds(kinds: str) -> None:
    name = op.f("ck_statement_line_kind")
    op.drop_constraint(name, "statement_line")
    op.create_check_constraint(name, "statement_line", f"kind IN ({kinds})")


def _shared(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "contract_id"],
            ["contract.firm_id", "contract.id"],
            name=op.f(f"fk_{table}_firm_id_contract_id"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{place}_code"], [f"{place}.code"], name=op.f(f"fk_{table}_{place}_code")
            )
            for place in ("community", "street")
        ),
        sa.UniqueConstraint(
            "firm_id", *KEYS, name=op.f(f"uq_{table}_firm_id_contract_id_community_code_year")
        ),
        sa.CheckConstraint(GRADES, name=op.f(f"ck_{table}_grade")),
    ]


def _assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.UUID(), nullable=False),
        *_shared("assessment"),
        sa.Column("score", sa.Numeric(5, 2), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("proposed_by_id", sa.UUID(), nullable=True),
        sa.Column("proposed_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", AT, nullable=True),
        sa.Column("confirmed_by_id", sa.UUID(), nullable=True),
        sa.Column("confirmed_by_name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_assessment")),
        sa.CheckConstraint(
            "status IN ('proposed', 'confirmed')", name=op.f("ck_assessment_status")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_assessment_score")),
        sa.CheckConstraint(
            "(status = 'confirmed') = (published_at IS NOT NULL)",
            name=op.f("ck_assessment_published"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id IS DISTINCT FROM proposed_by_id",
            name=op.f("ck_assessment_four_eyes"),
        ),
    )
    op.create_index("ix_assessment_street_code", "assessment", ["street_code", "year"])


def _release() -> None:
    op.create_table(
        "assessment_release",
        sa.Column("id", sa.UUID(), nullable=False),
        *_shared("assessment_release"),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("withheld_fen", sa.BigInteger(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=True),
        sa.Column("handed_in_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_assessment_release")),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_assessment_release_firm_id_statement_id"),
        ),
        sa.CheckConstraint(
            "withheld_fen >= 0 AND base_fen >= 0", name=op.f("ck_assessment_release_amounts")
        ),
    )
    op.create_index(
        "ix_assessment_release_statement", "assessment_release", ["firm_id", "statement_id"]
    )
    op.create_index("ix_assessment_release_street_code", "assessment_release", ["street_code"])


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("assessment_release")
    op.drop_table("assessment")
    op.execute("ALTER TABLE statement_line NO FORCE ROW LEVEL SECURITY")
    op.execute(f"DELETE FROM statement_line WHERE kind NOT IN ({KINDS})")
    op.execute("ALTER TABLE statement_line FORCE ROW LEVEL SECURITY")
    _kinds(KINDS)
