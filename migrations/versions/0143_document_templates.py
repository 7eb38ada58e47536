"""Templates of documents and what was drafted from them: private to the firm."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import APP_ROLE, DataClass, row_security

revision = "0143_document_templates"
down_revision = "0142_lectures"

TABLES = ("document_template", "drafted_document")
WALL = "coalesce(service_id <> ALL ((SELECT walled_services())::uuid[]), true)"
"""What whoever is walled off from a matter is shown no row of."""


def upgrade() -> None:
    """Add the tables, and the wall of documents."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "document_template",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firm.id"], name=op.f("fk_document_template_firm_id")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_document_template")),
        sa.UniqueConstraint("firm_id", "name", name=op.f("uq_document_template_firm_id_name")),
    )
    op.create_table(
        "drafted_document",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("template_name", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_drafted_document_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_drafted_document_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_drafted_document_firm_id_service_id"),
            ondelete="SET NULL (service_id)",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_drafted_document")),
    )
    op.create_index(
        "ix_drafted_document_adviser_id",
        "drafted_document",
        ["firm_id", "adviser_id"],
        unique=False,
    )
    op.create_index(
        "ix_drafted_document_list", "drafted_document", ["firm_id", "made_at", "id"], unique=False
    )
    op.create_index(
        "ix_drafted_document_service_id",
        "drafted_document",
        ["firm_id", "service_id"],
        unique=False,
    )
    for table in TABLES:
        # A docx is packed already: to pack it again costs time and wins nothing.
        op.execute(f"ALTER TABLE {table} ALTER content SET STORAGE EXTERNAL")
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)
    op.execute(
        "CREATE POLICY wall ON drafted_document"
        f" AS RESTRICTIVE FOR SELECT TO {APP_ROLE} USING ({WALL})"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
