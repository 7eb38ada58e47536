"""Studios, public cards of communities, and who agrees to be called a party member there."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0132_studios_and_cards"
down_revision = "0131_pairing_work"


def upgrade() -> None:
    """Make the tables."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "party_studio",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_party_studio_community_code")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_party_studio_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_party_studio_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_party_studio")),
    )
    op.create_index(
        "ix_party_studio_community_code",
        "party_studio",
        ["firm_id", "community_code"],
        unique=False,
    )
    op.create_index("ix_party_studio_street_code", "party_studio", ["street_code"], unique=False)
    op.create_table(
        "party_consent",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_party_consent_firm_id_adviser_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "adviser_id", name=op.f("pk_party_consent")),
    )
    op.create_table(
        "public_card",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("community_code ~ '^[0-9]{12}$'", name=op.f("ck_public_card_community")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_public_card_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "community_code", name=op.f("pk_public_card")),
        sa.UniqueConstraint("digest", name=op.f("uq_public_card_digest")),
    )
    for table, data_class in (
        ("party_studio", DataClass.FIRM_SHARED),
        ("party_consent", DataClass.FIRM_PRIVATE),
        ("public_card", DataClass.PLATFORM),
    ):
        for statement in row_security(table, data_class):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("public_card")
    op.drop_table("party_consent")
    op.drop_table("party_studio")
