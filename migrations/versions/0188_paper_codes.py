"""Codes of papers: what a seal's paper is looked up by, and the total that it bears."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0188_paper_codes"
down_revision = "0187_frozen_statements"

RANDOM = "sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))"
"""Two random numbers of 122 bits each, as 256 bits."""


def upgrade() -> None:
    """Make the table of digests, and give the seals that there are their codes."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("statement_seal", sa.Column("total_fen", sa.BigInteger(), nullable=True))
    op.add_column("statement_seal", sa.Column("code", sa.Text(), nullable=True))
    op.create_table(
        "paper_code",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("seal_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "seal_id"],
            ["statement_seal.firm_id", "statement_seal.id"],
            name=op.f("fk_paper_code_firm_id_seal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_paper_code")),
        sa.UniqueConstraint("firm_id", "seal_id", name=op.f("uq_paper_code_firm_id_seal_id")),
    )
    for table in ("statement", "statement_seal"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    # The total only where it cannot differ.
    op.execute(
        f"UPDATE statement_seal seal SET code = left(encode({RANDOM}, 'hex'), 32), total_fen = (SELECT s.total_fen FROM statement s WHERE s.firm_id = seal.firm_id"
        " AND s.id = seal.statement_id AND s.version = seal.version AND s.status <> 'queried')"
    )
    op.execute(
        "INSERT INTO paper_code (digest, firm_id, seal_id, key)"
        " SELECT encode(sha256(convert_to(code, 'UTF8')), 'hex'), firm_id, id,"
        f" {RANDOM} FROM statement_seal"
    )
    for table in ("statement", "statement_seal"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for statement in row_security("paper_code", DataClass.PLATFORM, append_only=True):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("paper_code")
    for name in ("code", "total_fen"):
        op.drop_column("statement_seal", name)
