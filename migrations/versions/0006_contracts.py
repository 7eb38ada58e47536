"""Schemes and contracts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0006_contracts"
down_revision = "0005_people"


def upgrade() -> None:
    """Schemes and contracts."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "scheme",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_scheme_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_scheme")),
        sa.UniqueConstraint("firm_id", "code", name=op.f("uq_scheme_firm_id_code")),
    )
    op.create_table(
        "contract",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("termination_reason", sa.Text(), nullable=True),
        sa.Column("scheme_id", sa.UUID(), nullable=False),
        sa.Column("annual_fen", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('engagement', 'procurement')", name=op.f("ck_contract_kind")),
        sa.CheckConstraint(
            "status IN ('draft', 'sent', 'signed', 'filed', 'active', 'expired', 'terminated')",
            name=op.f("ck_contract_status"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_contract_term")),
        sa.CheckConstraint(
            "terminated_on BETWEEN starts_on AND ends_on", name=op.f("ck_contract_termination")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "scheme_id"],
            ["scheme.firm_id", "scheme.id"],
            name=op.f("fk_contract_firm_id_scheme_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_contract")),
        sa.UniqueConstraint("firm_id", "number", name=op.f("uq_contract_firm_id_number")),
    )
    op.create_index("ix_contract_scheme_id", "contract", ["firm_id", "scheme_id"], unique=False)
    op.create_table(
        "scheme_version",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("scheme_id", sa.UUID(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("annual_fen", sa.BigInteger(), nullable=False),
        sa.Column("cycle", sa.Text(), nullable=False),
        sa.Column("required_hours", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("required_visits", sa.BigInteger(), nullable=True),
        sa.Column("shortest_visit_minutes", sa.BigInteger(), nullable=True),
        sa.Column("deduction_mode", sa.Text(), nullable=False),
        sa.Column("deduction_fen", sa.BigInteger(), nullable=True),
        sa.Column("lecture_fen", sa.BigInteger(), nullable=True),
        sa.Column("lecture_quarter_cap", sa.BigInteger(), nullable=True),
        sa.Column("online_day_fen", sa.BigInteger(), nullable=True),
        sa.Column("case_simple_fen", sa.BigInteger(), nullable=True),
        sa.Column("case_ordinary_fen", sa.BigInteger(), nullable=True),
        sa.Column("case_major_fen", sa.BigInteger(), nullable=True),
        sa.Column("case_extraordinary_fen", sa.BigInteger(), nullable=True),
        sa.Column("oral_percent", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("case_year_cap_fen", sa.BigInteger(), nullable=True),
        sa.Column("withhold_percent", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("city_percent", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("district_percent", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("street_percent", sa.Numeric(precision=9, scale=4), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "cycle IN ('month', 'quarter', 'half_year', 'year')",
            name=op.f("ck_scheme_version_cycle"),
        ),
        sa.CheckConstraint(
            "deduction_mode IN ('none', 'per_visit', 'per_hour', 'proportional')",
            name=op.f("ck_scheme_version_deduction_mode"),
        ),
        sa.CheckConstraint(
            "coalesce(city_percent, 0) + coalesce(district_percent, 0) + coalesce(street_percent, 0) = CASE WHEN city_percent IS NULL AND district_percent IS NULL AND street_percent IS NULL THEN 0 ELSE 100 END",
            name=op.f("ck_scheme_version_shares"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "scheme_id"],
            ["scheme.firm_id", "scheme.id"],
            name=op.f("fk_scheme_version_firm_id_scheme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_scheme_version")),
        sa.UniqueConstraint(
            "firm_id",
            "scheme_id",
            "effective_from",
            name=op.f("uq_scheme_version_firm_id_scheme_id_effective_from"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "contract_community",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("contract_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("firm_id"), "="),
            (sa.column("community_code"), "="),
            (sa.column("kind"), "="),
            (sa.text("daterange(starts_on, last_on, '[]')"), "&&"),
            using="gist",
            name="ex_contract_community_overlap",
        ),
        sa.ForeignKeyConstraint(
            ["community_code"],
            ["community.code"],
            name=op.f("fk_contract_community_community_code"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "contract_id"],
            ["contract.firm_id", "contract.id"],
            name=op.f("fk_contract_community_firm_id_contract_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_contract_community_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_contract_community")),
        sa.UniqueConstraint(
            "firm_id",
            "contract_id",
            "community_code",
            name=op.f("uq_contract_community_firm_id_contract_id_community_code"),
        ),
    )
    op.create_index(
        "ix_contract_community_street_code",
        "contract_community",
        ["street_code", "firm_id"],
        unique=False,
    )
    for statement in row_security("scheme", DataClass.FIRM_SHARED, office=None, bureau=None):
        op.execute(statement)
    for statement in row_security(
        "scheme_version", DataClass.FIRM_SHARED, office=None, bureau=None
    ):
        op.execute(statement)
    for statement in row_security("contract", DataClass.FIRM_SHARED, office=None, bureau=None):
        op.execute(statement)
    for statement in row_security("contract_community", DataClass.FIRM_SHARED):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("contract_community")
    op.drop_table("contract")
    op.drop_table("scheme_version")
    op.drop_table("scheme")
