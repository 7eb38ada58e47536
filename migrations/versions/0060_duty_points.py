"""Where a community's duty is done, and what lawyers propose for it."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0060_duty_points"
down_revision = "0059_queue"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Where a community's duty is done, and what lawyers propose for it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "duty_point",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("radius_m", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("set_at", AT, nullable=False),
        sa.Column("set_by_name", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_point")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_duty_point_firm_id")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_duty_point_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_duty_point_street_code")
        ),
        sa.UniqueConstraint(
            "firm_id", "community_code", name=op.f("uq_duty_point_firm_id_community_code")
        ),
        sa.CheckConstraint(
            "source IN ('typed', 'phone', 'proposed')", name=op.f("ck_duty_point_source")
        ),
        sa.CheckConstraint(
            "latitude BETWEEN 3 AND 54 AND longitude BETWEEN 73 AND 136",
            name=op.f("ck_duty_point_place"),
        ),
        sa.CheckConstraint("radius_m BETWEEN 20 AND 2000", name=op.f("ck_duty_point_radius")),
    )
    op.create_index("ix_duty_point_street", "duty_point", ["street_code"])
    op.create_table(
        "point_proposal",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_point_proposal")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_point_proposal_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_point_proposal_firm_id_adviser_id"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'accepted', 'declined')", name=op.f("ck_point_proposal_status")
        ),
        sa.CheckConstraint(
            "(status = 'proposed') = (latitude IS NOT NULL)"
            " AND (latitude IS NULL) = (longitude IS NULL)",
            name=op.f("ck_point_proposal_decided"),
        ),
    )
    op.create_index(
        "uq_point_proposal_waiting",
        "point_proposal",
        ["firm_id", "community_code", "adviser_id"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
    )
    for statement in row_security("duty_point", DataClass.FIRM_SHARED):
        op.execute(statement)
    for statement in row_security("point_proposal", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("point_proposal")
    op.drop_table("duty_point")
