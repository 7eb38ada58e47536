"""Teams, what communities need, and the firm's rules of referrals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0120_teams"
down_revision = "0116_matter_walls"

TABLES = ("team", "team_member", "community_need", "referral_rule")


def upgrade() -> None:
    """Make the tables, each the firm's alone."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "team",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("specialities", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cluster", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_team_term")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_team_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_team")),
    )
    op.create_index(
        "uq_team_name",
        "team",
        ["firm_id", "name"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "team_member",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("team_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('leader', 'member', 'assistant')", name=op.f("ck_team_member_role")
        ),
        sa.CheckConstraint("left_on >= joined_on", name=op.f("ck_team_member_term")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_team_member_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "team_id"],
            ["team.firm_id", "team.id"],
            name=op.f("fk_team_member_firm_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_team_member")),
    )
    op.create_index(
        "ix_team_member_adviser", "team_member", ["firm_id", "adviser_id"], unique=False
    )
    op.create_index(
        "uq_team_member_leader",
        "team_member",
        ["firm_id", "team_id"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL AND role = 'leader'"),
    )
    op.create_index(
        "uq_team_member_once",
        "team_member",
        ["firm_id", "team_id", "adviser_id"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.create_table(
        "community_need",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("speciality", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "speciality IN ('neighbour', 'family', 'labour', 'demolition', 'traffic', 'medical', 'environment', 'land', 'property_management', 'contract_review', 'bylaw_revision', 'legal_checkup', 'legal_aid', 'other')",
            name=op.f("ck_community_need_speciality"),
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_community_need_community_code")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_community_need_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_community_need")),
        sa.UniqueConstraint(
            "firm_id",
            "community_code",
            "speciality",
            name=op.f("uq_community_need_firm_id_community_code_speciality"),
        ),
    )
    op.create_table(
        "referral_rule",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("answer_normal", sa.BigInteger(), nullable=False),
        sa.Column("answer_pressing", sa.BigInteger(), nullable=False),
        sa.Column("answer_urgent", sa.BigInteger(), nullable=False),
        sa.Column("handle_normal", sa.BigInteger(), nullable=False),
        sa.Column("handle_pressing", sa.BigInteger(), nullable=False),
        sa.Column("handle_urgent", sa.BigInteger(), nullable=False),
        sa.Column("liaison_id", sa.UUID(), nullable=True),
        sa.Column("places_itself", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "least(answer_normal, answer_pressing, answer_urgent, handle_normal, handle_pressing, handle_urgent) >= 1 AND greatest(answer_normal, answer_pressing, answer_urgent, handle_normal, handle_pressing, handle_urgent) <= 720",
            name=op.f("ck_referral_rule_hours"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "liaison_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_referral_rule_firm_id_liaison_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_referral_rule")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_referral_rule_firm_id")),
    )
    for table in TABLES:
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
