"""Persons, memberships, first sign-in."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0005_people"
down_revision = "0004_advisers"


def upgrade() -> None:
    """Persons, memberships, first sign-in."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "person",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_link_person_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_person_id"), "sign_in_link", ["person_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("firm_id", sa.UUID(), nullable=True),
        sa.Column("street_code", sa.Text(), nullable=True),
        sa.Column("district_code", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'firm') = (firm_id IS NOT NULL) AND (kind = 'office') = (street_code IS NOT NULL) AND (kind = 'bureau') = (district_code IS NOT NULL) AND kind IN ('firm', 'office', 'bureau', 'platform')",
            name=op.f("ck_membership_place"),
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'office' THEN role IN ('checker', 'approver') WHEN 'bureau' THEN role IN ('reader', 'assessor') WHEN 'platform' THEN role = 'operator' ELSE role IN ('manager', 'clerk', 'finance', 'party_secretary', 'adviser', 'team_leader') END",
            name=op.f("ck_membership_role"),
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["district.code"], name=op.f("fk_membership_district_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_membership_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_membership_firm_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_membership_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_firm_id", "membership", ["firm_id"], unique=False)
    op.create_index(
        "ix_membership_one_firm_at_once",
        "membership",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'firm' AND ended_at IS NULL"),
    )
    op.create_index("ix_membership_person_id", "membership", ["person_id"], unique=False)
    op.create_index("ix_membership_street_code", "membership", ["street_code"], unique=False)
    for statement in row_security("person", DataClass.PLATFORM):
        op.execute(statement)
    for statement in row_security("membership", DataClass.PLATFORM):
        op.execute(statement)
    for statement in row_security("sign_in_link", DataClass.PLATFORM):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("sign_in_link")
    op.drop_table("membership")
    op.drop_table("person")
