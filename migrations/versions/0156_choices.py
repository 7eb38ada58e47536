"""Two-way choice: rounds, wishes, proposals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0156_choices"
down_revision = "0155_liaisons"

TABLES = {
    "choice_round": DataClass.FIRM_PRIVATE,
    "choice_wish": DataClass.FIRM_PRIVATE,
    "choice_proposal": DataClass.FIRM_PRIVATE,
}


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _choice_round()
    _choice_wish()
    _choice_proposal()
    for table, data_class in TABLES.items():
        for statement in row_security(table, data_class):
            op.execute(statement)


def _choice_round() -> None:
    op.create_table(
        "choice_round",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'matched', 'settled', 'dropped')",
            name=op.f("ck_choice_round_status"),
        ),
        sa.CheckConstraint("closes_on < starts_on", name=op.f("ck_choice_round_days")),
        sa.CheckConstraint("most BETWEEN 1 AND 20", name=op.f("ck_choice_round_most")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_choice_round_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_choice_round_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_choice_round")),
    )
    op.create_index(
        "ix_choice_round_list", "choice_round", ["firm_id", "starts_on", "id"], unique=False
    )


def _choice_wish() -> None:
    op.create_table(
        "choice_wish",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("round_id", sa.UUID(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("side IN ('lawyer', 'community')", name=op.f("ck_choice_wish_side")),
        sa.CheckConstraint("rank BETWEEN 1 AND 5", name=op.f("ck_choice_wish_rank")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_choice_wish_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_choice_wish_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "round_id"],
            ["choice_round.firm_id", "choice_round.id"],
            name=op.f("fk_choice_wish_firm_id_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_choice_wish")),
        sa.UniqueConstraint(
            "firm_id",
            "round_id",
            "side",
            "adviser_id",
            "community_code",
            name=op.f("uq_choice_wish_firm_id_round_id_side_adviser_id_community_code"),
        ),
    )
    op.create_index(
        "uq_choice_wish_community",
        "choice_wish",
        ["firm_id", "round_id", "community_code", "rank"],
        unique=True,
        postgresql_where=sa.text("side = 'community'"),
    )
    op.create_index(
        "uq_choice_wish_lawyer",
        "choice_wish",
        ["firm_id", "round_id", "adviser_id", "rank"],
        unique=True,
        postgresql_where=sa.text("side = 'lawyer'"),
    )


def _choice_proposal() -> None:
    op.create_table(
        "choice_proposal",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("round_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=True),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_choice_proposal_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_choice_proposal_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "round_id"],
            ["choice_round.firm_id", "choice_round.id"],
            name=op.f("fk_choice_proposal_firm_id_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_choice_proposal")),
        sa.UniqueConstraint(
            "firm_id",
            "round_id",
            "community_code",
            name=op.f("uq_choice_proposal_firm_id_round_id_community_code"),
        ),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
