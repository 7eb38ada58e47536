"""Who answers the calls of which streets, in which order."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0070_rotas"
down_revision = "0066_confirmations"


def upgrade() -> None:
    """Who answers the calls of which streets, in which order."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "rota",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("length", sa.Text(), nullable=False),
        sa.Column("changes_at", sa.Time(), nullable=False),
        sa.Column("again_at", sa.Time(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("desk_phone", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(length = 'half_day') = (again_at IS NOT NULL)", name=op.f("ck_rota_again")
        ),
        sa.CheckConstraint("length IN ('half_day', 'day', 'week')", name=op.f("ck_rota_length")),
        sa.CheckConstraint("again_at <> changes_at", name=op.f("ck_rota_changes")),
        sa.CheckConstraint("last_on >= starts_on", name=op.f("ck_rota_term")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_rota_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_rota")),
        sa.UniqueConstraint("firm_id", "name", name=op.f("uq_rota_firm_id_name")),
    )
    op.create_table(
        "rota_street",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("rota_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "rota_id"],
            ["rota.firm_id", "rota.id"],
            name=op.f("fk_rota_street_firm_id_rota_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_rota_street_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_rota_street")),
        sa.UniqueConstraint(
            "firm_id", "street_code", name=op.f("uq_rota_street_firm_id_street_code")
        ),
    )
    op.create_index("ix_rota_street_rota_id", "rota_street", ["firm_id", "rota_id"], unique=False)
    op.create_table(
        "rota_person",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("rota_id", sa.UUID(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_rota_person_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "rota_id"],
            ["rota.firm_id", "rota.id"],
            name=op.f("fk_rota_person_firm_id_rota_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_rota_person")),
        sa.UniqueConstraint(
            "firm_id",
            "rota_id",
            "adviser_id",
            name=op.f("uq_rota_person_firm_id_rota_id_adviser_id"),
        ),
    )
    for statement in row_security("rota", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("rota_street", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("rota_person", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("rota_person")
    op.drop_table("rota_street")
    op.drop_table("rota")
