"""Liaisons, and advisers on mediation committees."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0155_liaisons"
down_revision = "0154_handovers"

TABLES = {
    "liaison": DataClass.FIRM_SHARED,
    "committee_post": DataClass.FIRM_SHARED,
}


def upgrade() -> None:
    """Add them."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _liaison()
    _committee_post()
    for table, data_class in TABLES.items():
        for statement in row_security(table, data_class):
            op.execute(statement)


def _liaison() -> None:
    op.create_table(
        "liaison",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("checked_on >= starts_on", name=op.f("ck_liaison_checked_on")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_liaison_term")),
        sa.CheckConstraint(
            "left(community_code, 9) = street_code", name=op.f("ck_liaison_street_code")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_liaison_community_code")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_liaison_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_liaison_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_liaison")),
    )
    op.create_index("ix_liaison_checked_on", "liaison", ["firm_id", "checked_on"])
    op.create_index(
        "ix_liaison_community_code", "liaison", ["firm_id", "community_code"], unique=False
    )
    op.create_index(
        "ix_liaison_street_code", "liaison", ["street_code", "community_code"], unique=False
    )


def _committee_post() -> None:
    op.create_table(
        "committee_post",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("firm_id"), "="),
            (sa.column("community_code"), "="),
            (sa.column("adviser_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            using="gist",
            name="ex_committee_post_twice",
        ),
        sa.CheckConstraint(
            "role IN ('deputy_head', 'member')", name=op.f("ck_committee_post_role")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_committee_post_term")),
        sa.CheckConstraint(
            "left(community_code, 9) = street_code", name=op.f("ck_committee_post_street_code")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_committee_post_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_committee_post_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_committee_post_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_committee_post")),
    )
    op.create_index(
        "ix_committee_post_adviser_id", "committee_post", ["firm_id", "adviser_id"], unique=False
    )
    op.create_index(
        "ix_committee_post_street_code",
        "committee_post",
        ["street_code", "community_code"],
        unique=False,
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
