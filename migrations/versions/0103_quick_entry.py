"""What makes entering and finding quick: templates, saved filters; what a firm's checks ask for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0103_quick_entry"
down_revision = "0102_service_files"

KINDS = (
    "'consultation', 'legal_opinion', 'mediation', 'publicity', 'lecture', 'legal_aid',"
    " 'drafting', 'contract_review', 'bylaw_revision', 'legal_checkup', 'legal_affairs',"
    " 'training', 'other'"
)
MODES = "'on_site', 'phone', 'wechat', 'visit', 'other'"
DISPUTES = (
    "'neighbour', 'family', 'labour', 'demolition', 'traffic', 'medical', 'environment', 'land',"
    " 'property_management', 'other'"
)
TABLES = ("entry_template", "saved_filter", "inspection_rule")


def upgrade() -> None:
    """Add the three tables, all of them the firm's own."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "entry_template",
        *_own("entry_template"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("dispute_kind", sa.Text(), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=True),
        sa.Column("persons", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_entry_template_kind")),
        sa.CheckConstraint(f"mode IN ({MODES})", name=op.f("ck_entry_template_mode")),
        sa.CheckConstraint(
            f"dispute_kind IN ({DISPUTES})", name=op.f("ck_entry_template_dispute_kind")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_entry_template_minutes")),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_entry_template_persons")),
    )
    op.create_table(
        "saved_filter",
        *_own("saved_filter"),
        sa.Column("asked", postgresql.JSONB(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "inspection_rule",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("thin_letters", sa.BigInteger(), nullable=False),
        sa.Column("skipped", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "thin_letters BETWEEN 0 AND 200", name=op.f("ck_inspection_rule_thin_letters")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_inspection_rule_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", name=op.f("pk_inspection_rule")),
    )
    for table in TABLES:
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def _own(table: str) -> list[sa.schema.SchemaItem]:
    """Return the columns and keys of what one member keeps under a name."""
    return [
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("membership_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f(f"fk_{table}_firm_id")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f(f"fk_{table}_membership_id")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "firm_id", "membership_id", "name", name=op.f(f"uq_{table}_firm_id_membership_id_name")
        ),
    ]


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
