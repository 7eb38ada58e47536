"""Clauses and papers of contracts, the number and day of their filing."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0194_contract_papers"
down_revision = "0193_contract_notices"


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("contract", sa.Column("filing_number", sa.Text(), nullable=True))
    op.add_column("contract", sa.Column("filed_on", sa.Date(), nullable=True))
    op.create_table(
        "contract_clause",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("contract_kind", sa.Text(), nullable=True),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "contract_kind IN ('engagement', 'procurement')",
            name=op.f("ck_contract_clause_contract_kind"),
        ),
        sa.CheckConstraint("position BETWEEN 1 AND 999", name=op.f("ck_contract_clause_position")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_contract_clause_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_contract_clause")),
        sa.UniqueConstraint("firm_id", "title", name=op.f("uq_contract_clause_firm_id_title")),
    )
    _papers()
    for table in ("contract_clause", "contract_paper"):
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def _papers() -> None:
    op.create_table(
        "contract_paper",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("clauses", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('draft', 'scan', 'receipt')", name=op.f("ck_contract_paper_kind")
        ),
        sa.CheckConstraint(
            "ending IN ('docx', 'pdf', 'jpg', 'png')", name=op.f("ck_contract_paper_ending")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "contract_id"],
            ["contract.firm_id", "contract.id"],
            name=op.f("fk_contract_paper_firm_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_contract_paper")),
        sa.UniqueConstraint(
            "firm_id",
            "contract_id",
            "kind",
            "digest",
            name=op.f("uq_contract_paper_firm_id_contract_id_kind_digest"),
        ),
    )
    op.create_index(
        "ix_contract_paper_contract_id", "contract_paper", ["firm_id", "contract_id", "added_at"]
    )
    # What is scanned is packed already: to pack it again costs time and wins nothing.
    op.execute("ALTER TABLE contract_paper ALTER content SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("contract_paper")
    op.drop_table("contract_clause")
    op.drop_column("contract", "filed_on")
    op.drop_column("contract", "filing_number")
