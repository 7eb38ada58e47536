"""Appeals to the bureau against a line that the office refused, with their files."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DISTRICT, DataClass, row_security

revision = "0176_line_appeals"
down_revision = "0175_certifying_rule"

AT = sa.DateTime(timezone=True)
CHECKS = {
    "status": "status IN ('open', 'upheld', 'partly', 'dismissed')",
    "refused_fen": "refused_fen > 0",
    "upheld_fen": (
        "CASE status WHEN 'open' THEN upheld_fen IS NULL WHEN 'dismissed' THEN upheld_fen = 0"
        " WHEN 'upheld' THEN upheld_fen = refused_fen"
        " ELSE upheld_fen BETWEEN 1 AND refused_fen - 1 END"
    ),
    "decided_at": "(status = 'open') = (decided_at IS NULL)",
}


def upgrade() -> None:
    """Add appeals; the bureau decides them, and its acts join the firm's record."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _appeals()
    op.alter_column("line_file", "query_id", nullable=True)
    op.add_column("line_file", sa.Column("appeal_id", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_line_file_firm_id_appeal_id"),
        "line_file",
        "line_appeal",
        ["firm_id", "appeal_id"],
        ["firm_id", "id"],
    )
    op.create_check_constraint(
        op.f("ck_line_file_whole"), "line_file", "num_nonnulls(query_id, appeal_id) = 1"
    )
    op.create_index("ix_line_file_appeal", "line_file", ["firm_id", "appeal_id"])
    for statement in row_security("line_appeal", DataClass.FIRM_SHARED, bureau_acts=("UPDATE",)):
        op.execute(statement)
    op.execute(f"CREATE POLICY bureau_insert ON event FOR INSERT WITH CHECK ({DISTRICT})")


def _appeals() -> None:
    key = ("firm_id", "line_id")
    op.create_table(
        "line_appeal",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("line_id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("refused_fen", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("appealed_at", AT, nullable=False),
        sa.Column("appealed_by_id", sa.UUID(), nullable=True),
        sa.Column("appealed_by_name", sa.Text(), nullable=False),
        sa.Column("upheld_fen", sa.BigInteger(), nullable=True),
        sa.Column("decision_words", sa.Text(), nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decided_by_id", sa.UUID(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_line_appeal_{name}"))
            for name, rule in CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                ["firm_id", column],
                [f"{whole}.firm_id", f"{whole}.id"],
                name=op.f(f"fk_line_appeal_firm_id_{column}"),
            )
            for whole, column in (("statement_line", "line_id"), ("statement", "statement_id"))
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_line_appeal_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_line_appeal")),
        sa.UniqueConstraint(*key, name=op.f(f"uq_line_appeal_{'_'.join(key)}")),
    )
    op.create_index(
        "ix_line_appeal_street_code", "line_appeal", ["street_code", "status", "appealed_at"]
    )


def downgrade() -> None:
    """Undo it: appeals and their files go."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP POLICY bureau_insert ON event")
    op.execute("ALTER TABLE line_file NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM line_file WHERE appeal_id IS NOT NULL")
    op.execute("ALTER TABLE line_file FORCE ROW LEVEL SECURITY")
    op.drop_index("ix_line_file_appeal", table_name="line_file")
    op.drop_constraint(op.f("ck_line_file_whole"), "line_file")
    op.drop_constraint(op.f("fk_line_file_firm_id_appeal_id"), "line_file")
    op.drop_column("line_file", "appeal_id")
    op.alter_column("line_file", "query_id", nullable=False)
    op.drop_table("line_appeal")
