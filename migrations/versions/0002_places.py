"""Districts, streets and communities."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0002_places"
down_revision = "0001_scope"


def upgrade() -> None:
    """Districts, streets and communities."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "district",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city_name", sa.Text(), nullable=False),
        sa.Column("province_name", sa.Text(), nullable=False),
        sa.CheckConstraint("code ~ '^[0-9]{6}$'", name=op.f("ck_district_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_district")),
    )
    op.create_table(
        "street",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[0-9]{9}$' AND left(code, 6) = district_code", name=op.f("ck_street_code")
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"], name=op.f("fk_street_district_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_street")),
    )
    op.create_index(op.f("ix_street_district_code"), "street", ["district_code"], unique=False)
    op.create_table(
        "community",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "code ~ '^[0-9]{12}$' AND left(code, 9) = street_code", name=op.f("ck_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_community_street_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_community")),
    )
    op.create_index(
        "ix_community_search",
        "community",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_community_street_code"), "community", ["street_code"], unique=False)
    for statement in row_security("district", DataClass.REFERENCE):
        op.execute(statement)
    for statement in row_security("street", DataClass.REFERENCE):
        op.execute(statement)
    for statement in row_security("community", DataClass.REFERENCE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("community")
    op.drop_table("street")
    op.drop_table("district")
