"""Adjustments of earlier months, and the statement that takes each."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0166_adjustments"
down_revision = "0161_rule_packs"

CAUSES = "'late_entry', 'recomputed', 'deferred', 'appeal', 'clawback', 'other'"
CHECKS = {
    "cause": f"cause IN ({CAUSES})",
    "amount": "amount_fen <> 0",
    "month": "extract(day from month) = 1",
    "street": "left(community_code, 9) = street_code",
    "withdrawn": "statement_id IS NULL OR withdrawn_at IS NULL",
    "handed_in": "handed_in_at IS NULL OR statement_id IS NOT NULL",
}
TO_FIRM = {
    "contract_id": "contract",
    "line_id": "statement_line",
    "statement_id": "statement",
}
PLACES = {"community_code": "community", "street_code": "street"}
SAID = (
    "id, contract_id, community_code, month, amount_fen, cause, words,"
    " line_id, entered_at, entered_by_name"
)


def upgrade() -> None:
    """Add them; a trigger keeps what each says."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create()
    op.create_index(
        "ix_adjustment_open",
        "adjustment",
        ["firm_id", "street_code"],
        postgresql_where=sa.text("statement_id IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index("ix_adjustment_statement", "adjustment", ["firm_id", "statement_id"])
    op.create_index("ix_adjustment_line", "adjustment", ["firm_id", "line_id"])
    op.create_index("ix_adjustment_street_code", "adjustment", ["street_code", "entered_at"])
    for statement in row_security(
        "adjustment", DataClass.FIRM_SHARED, office_acts=("INSERT", "UPDATE")
    ):
        op.execute(statement)
    _keep()


def _create() -> None:
    at = sa.DateTime(timezone=True)
    op.create_table(
        "adjustment",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("line_id", sa.UUID(), nullable=True),
        sa.Column("entered_at", at, nullable=False),
        sa.Column("entered_by_name", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=True),
        sa.Column("handed_in_at", at, nullable=True),
        sa.Column("withdrawn_at", at, nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_adjustment")),
        *(
            sa.ForeignKeyConstraint(
                ["firm_id", column],
                [f"{table}.firm_id", f"{table}.id"],
                name=op.f(f"fk_adjustment_firm_id_{column}"),
            )
            for column, table in TO_FIRM.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.code"], name=op.f(f"fk_adjustment_{column}")
            )
            for column, table in PLACES.items()
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_adjustment_{name}"))
            for name, rule in CHECKS.items()
        ),
    )


def _keep() -> None:
    old, new = (
        ", ".join(f"{row}.{column.strip()}" for column in SAID.split(",")) for row in ("OLD", "NEW")
    )
    op.execute(
        f"""
        CREATE FUNCTION keep_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF ({new}) IS DISTINCT FROM ({old}) THEN
                RAISE EXCEPTION 'an adjustment keeps what it says' USING ERRCODE = 'CH002',
                    DETAIL = OLD.id::text;
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_adjustment BEFORE UPDATE ON adjustment"
        " FOR EACH ROW EXECUTE FUNCTION keep_adjustment()"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("adjustment")
    op.execute("DROP FUNCTION keep_adjustment()")
