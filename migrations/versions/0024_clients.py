"""Clients, sealed, and the keys that seal them."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0024_clients"
down_revision = "0023_factors"


def upgrade() -> None:
    """Keep clients on tables of their own, which only their firm reads."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "data_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.create_table(
        "client",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=True),
        sa.Column("phone_sealed", sa.Text(), nullable=True),
        sa.Column("phone_digest", sa.Text(), nullable=True),
        sa.Column("informed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(phone_sealed IS NULL) = (phone_digest IS NULL)", name=op.f("ck_client_digest")
        ),
        sa.CheckConstraint(
            "CASE WHEN erased_at IS NULL THEN name_sealed IS NOT NULL OR phone_sealed IS NOT NULL ELSE name_sealed IS NULL AND phone_sealed IS NULL END",
            name=op.f("ck_client_erased"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_client_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_client")),
    )
    op.create_index("ix_client_phone", "client", ["firm_id", "phone_digest"], unique=False)
    op.create_table(
        "service_client",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_service_client_firm_id_service_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "client_id"],
            ["client.firm_id", "client.id"],
            name=op.f("fk_service_client_firm_id_client_id"),
        ),
        sa.PrimaryKeyConstraint(
            "firm_id", "service_id", "client_id", name=op.f("pk_service_client")
        ),
    )
    op.create_index(
        "ix_service_client_client", "service_client", ["firm_id", "client_id"], unique=False
    )
    for table, data_class in (
        ("data_key", DataClass.REFERENCE),
        ("client", DataClass.FIRM_PRIVATE),
        ("service_client", DataClass.FIRM_PRIVATE),
    ):
        for statement in row_security(table, data_class):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("service_client")
    op.drop_table("client")
    op.drop_table("data_key")
