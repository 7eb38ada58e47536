"""Service records and case claims."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0009_services"
down_revision = "0008_duty"


def upgrade() -> None:
    """Service records and case claims."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "case_claim",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("dispute_kind", sa.Text(), nullable=True),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("fulfilled", sa.Boolean(), nullable=False),
        sa.Column("dossier_complete", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "difficulty IN ('simple', 'ordinary', 'major', 'extraordinary')",
            name=op.f("ck_case_claim_difficulty"),
        ),
        sa.CheckConstraint(
            "dispute_kind IN ('neighbour', 'family', 'labour', 'demolition', 'traffic', 'medical', 'environment', 'land', 'property_management', 'other')",
            name=op.f("ck_case_claim_dispute_kind"),
        ),
        sa.CheckConstraint("form IN ('written', 'oral')", name=op.f("ck_case_claim_form")),
        sa.CheckConstraint("closed_on >= accepted_on", name=op.f("ck_case_claim_order")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_case_claim_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_case_claim_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_case_claim_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_case_claim")),
        sa.UniqueConstraint("firm_id", "number", name=op.f("uq_case_claim_firm_id_number")),
    )
    op.create_index(
        "ix_case_claim_month",
        "case_claim",
        ["firm_id", "community_code", "closed_on"],
        unique=False,
    )
    op.create_index(
        "ix_case_claim_street", "case_claim", ["street_code", "closed_on"], unique=False
    )
    op.create_table(
        "service_record",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("dispute_kind", sa.Text(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("persons", sa.BigInteger(), nullable=True),
        sa.Column("copies", sa.BigInteger(), nullable=True),
        sa.Column("recovered_fen", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "dispute_kind IN ('neighbour', 'family', 'labour', 'demolition', 'traffic', 'medical', 'environment', 'land', 'property_management', 'other')",
            name=op.f("ck_service_record_dispute_kind"),
        ),
        sa.CheckConstraint(
            "kind IN ('consultation', 'legal_opinion', 'mediation', 'publicity', 'lecture', 'legal_aid', 'drafting', 'contract_review', 'bylaw_revision', 'legal_checkup', 'legal_affairs', 'training', 'other')",
            name=op.f("ck_service_record_kind"),
        ),
        sa.CheckConstraint(
            "mode IN ('on_site', 'phone', 'wechat', 'visit', 'other')",
            name=op.f("ck_service_record_mode"),
        ),
        sa.CheckConstraint(
            "count >= 0 AND persons >= 0 AND copies >= 0", name=op.f("ck_service_record_counts")
        ),
        sa.CheckConstraint("recovered_fen >= 0", name=op.f("ck_service_record_recovered")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_service_record_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_service_record_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_service_record_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_service_record")),
        sa.UniqueConstraint("firm_id", "number", name=op.f("uq_service_record_firm_id_number")),
    )
    op.create_index(
        "ix_service_record_adviser",
        "service_record",
        ["firm_id", "adviser_id", "day"],
        unique=False,
    )
    op.create_index(
        "ix_service_record_list", "service_record", ["firm_id", "day", "id"], unique=False
    )
    op.create_index(
        "ix_service_record_month",
        "service_record",
        ["firm_id", "community_code", "day"],
        unique=False,
    )
    op.create_index(
        "ix_service_record_street", "service_record", ["street_code", "day"], unique=False
    )
    op.create_table(
        "service_note",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_service_note_firm_id_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "service_id", name=op.f("pk_service_note")),
    )
    for statement in row_security("service_record", DataClass.FIRM_SHARED):
        op.execute(statement)
    for statement in row_security("service_note", DataClass.FIRM_PRIVATE):
        op.execute(statement)
    for statement in row_security("case_claim", DataClass.FIRM_SHARED):
        op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("case_claim")
    op.drop_table("service_note")
    op.drop_table("service_record")
