"""What taps say of where they were made."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0063_proofs_of_place"
down_revision = "0062_position_choices"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What taps say of where they were made."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "duty_position",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("punch_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("distance_m", sa.BigInteger(), nullable=True),
        sa.Column("accuracy_m", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_position")),
        sa.ForeignKeyConstraint(
            ["firm_id", "punch_id"],
            ["duty_punch.firm_id", "duty_punch.id"],
            name=op.f("fk_duty_position_firm_id_punch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_duty_position_street_code")
        ),
        sa.UniqueConstraint("firm_id", "punch_id", name=op.f("uq_duty_position_firm_id_punch_id")),
        sa.CheckConstraint(
            "verdict IN ('near', 'within', 'far', 'vague', 'no_point', 'refused', 'timeout', 'unavailable', 'insecure', 'odd')",
            name=op.f("ck_duty_position_verdict"),
        ),
        sa.CheckConstraint(
            "distance_m >= 0 AND accuracy_m >= 0", name=op.f("ck_duty_position_metres")
        ),
    )
    op.create_index("ix_duty_position_street", "duty_position", ["street_code"])
    op.create_table(
        "duty_fix",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("punch_id", sa.UUID(), nullable=False),
        sa.Column("taken_at", AT, nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_fix")),
        sa.ForeignKeyConstraint(
            ["firm_id", "punch_id"],
            ["duty_punch.firm_id", "duty_punch.id"],
            name=op.f("fk_duty_fix_firm_id_punch_id"),
        ),
        sa.UniqueConstraint("firm_id", "punch_id", name=op.f("uq_duty_fix_firm_id_punch_id")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_duty_fix_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_duty_fix_longitude")),
    )
    op.create_index("ix_duty_fix_taken_at", "duty_fix", ["firm_id", "taken_at"])
    op.create_table(
        "duty_scan",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("punch_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_duty_scan")),
        sa.ForeignKeyConstraint(
            ["firm_id", "punch_id"],
            ["duty_punch.firm_id", "duty_punch.id"],
            name=op.f("fk_duty_scan_firm_id_punch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_duty_scan_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_duty_scan_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_duty_scan_street_code")
        ),
        sa.UniqueConstraint("firm_id", "punch_id", name=op.f("uq_duty_scan_firm_id_punch_id")),
        sa.CheckConstraint(
            "verdict IN ('current', 'sheet', 'old', 'used', 'elsewhere', 'ended', 'unknown')",
            name=op.f("ck_duty_scan_verdict"),
        ),
    )
    op.create_index(
        "ix_duty_scan_used", "duty_scan", ["firm_id", "adviser_id", "community_code", "step"]
    )
    op.create_index("ix_duty_scan_street", "duty_scan", ["street_code"])
    for statement in row_security("duty_position", DataClass.FIRM_SHARED):
        op.execute(statement)
    for statement in row_security("duty_fix", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("duty_scan", DataClass.FIRM_SHARED):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("duty_scan")
    op.drop_table("duty_fix")
    op.drop_table("duty_position")
