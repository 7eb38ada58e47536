"""Submissions frozen whole: lines, facts and terms, with the digest in their seal."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0187_frozen_statements"
down_revision = "0184_balances"


def upgrade() -> None:
    """Make the table, and a place for its digest in the seal."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "statement_freeze",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("statement_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "statement_id"],
            ["statement.firm_id", "statement.id"],
            name=op.f("fk_statement_freeze_firm_id_statement_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_statement_freeze")),
        sa.UniqueConstraint(
            "firm_id",
            "statement_id",
            "version",
            name=op.f("uq_statement_freeze_firm_id_statement_id_version"),
        ),
    )
    # It comes compressed: to try once more costs time and gains nothing.
    op.execute("ALTER TABLE statement_freeze ALTER COLUMN content SET STORAGE EXTERNAL")
    for statement in row_security("statement_freeze", DataClass.FIRM_SHARED, append_only=True):
        op.execute(statement)
    op.add_column("statement_seal", sa.Column("frozen", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("statement_seal", "frozen")
    op.drop_table("statement_freeze")
