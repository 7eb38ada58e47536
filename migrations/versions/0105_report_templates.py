"""A firm's own templates of the programme's report."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0105_report_templates"
down_revision = "0104_two_letter_words"


def upgrade() -> None:
    """Keep templates with their columns as data."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "report_template",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("has_total", sa.Boolean(), nullable=False),
        sa.Column("copied_from", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_name", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(columns) = 'array'", name=op.f("ck_report_template_columns")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_report_template_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_report_template")),
        sa.UniqueConstraint("firm_id", "name", name=op.f("uq_report_template_firm_id_name")),
    )
    for statement in row_security("report_template", DataClass.FIRM_PRIVATE):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("report_template")
