"""Packets to other firms: the sender's row, its file, and the receiver's row."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0149_packets"
down_revision = "0147_conferences"

TABLES = {
    "packet": DataClass.FIRM_SHARED,
    "packet_file": DataClass.FIRM_PRIVATE,
    "packet_received": DataClass.FIRM_PRIVATE,
}


def upgrade() -> None:
    """Make the tables; the street's office and its bureau read that a packet was sent."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "packet_received",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("from_firm_id", sa.UUID(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("speciality", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("checked", sa.Text(), nullable=True),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_past", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "checked IN ('none', 'possible')", name=op.f("ck_packet_received_checked")
        ),
        sa.CheckConstraint(
            "speciality IN ('neighbour', 'family', 'labour', 'demolition', 'traffic', 'medical', 'environment', 'land', 'property_management', 'contract_review', 'bylaw_revision', 'legal_checkup', 'legal_aid', 'other')",
            name=op.f("ck_packet_received_speciality"),
        ),
        sa.CheckConstraint(
            "status = 'sent' OR opened_at IS NOT NULL OR status NOT IN ('opened', 'accepted')",
            name=op.f("ck_packet_received_opened"),
        ),
        sa.CheckConstraint(
            "status IN ('sent', 'opened', 'accepted') OR sealed IS NULL",
            name=op.f("ck_packet_received_erased"),
        ),
        sa.CheckConstraint(
            "status IN ('sent', 'opened', 'accepted', 'declined', 'revoked', 'expired')",
            name=op.f("ck_packet_received_status"),
        ),
        sa.CheckConstraint(
            "urgency IN ('normal', 'pressing', 'urgent')", name=op.f("ck_packet_received_urgency")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_packet_received_community_code")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_packet_received_firm_id")),
        sa.ForeignKeyConstraint(
            ["from_firm_id"], ["firm.id"], name=op.f("fk_packet_received_from_firm_id")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_packet_received")),
    )
    op.create_index(
        "ix_packet_received_list", "packet_received", ["firm_id", "sent_at", "id"], unique=False
    )
    op.create_table(
        "packet",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("speciality", sa.Text(), nullable=False),
        sa.Column("from_name", sa.Text(), nullable=False),
        sa.Column("to_firm_id", sa.UUID(), nullable=False),
        sa.Column("to_name", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('sent', 'opened')) = (answered_at IS NULL)",
            name=op.f("ck_packet_answered"),
        ),
        sa.CheckConstraint(
            "speciality IN ('neighbour', 'family', 'labour', 'demolition', 'traffic', 'medical', 'environment', 'land', 'property_management', 'contract_review', 'bylaw_revision', 'legal_checkup', 'legal_aid', 'other')",
            name=op.f("ck_packet_speciality"),
        ),
        sa.CheckConstraint(
            "status IN ('sent', 'opened', 'accepted', 'declined', 'revoked', 'expired')",
            name=op.f("ck_packet_status"),
        ),
        sa.CheckConstraint("expires_at > sent_at", name=op.f("ck_packet_term")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_packet_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "referral_id"],
            ["referral.firm_id", "referral.id"],
            name=op.f("fk_packet_firm_id_referral_id"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_packet_firm_id")),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_packet_street_code")
        ),
        sa.ForeignKeyConstraint(["to_firm_id"], ["firm.id"], name=op.f("fk_packet_to_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_packet")),
    )
    op.create_index("ix_packet_list", "packet", ["firm_id", "sent_at", "id"], unique=False)
    op.create_index("ix_packet_street", "packet", ["street_code", "sent_at", "id"], unique=False)
    op.create_index(
        "ix_packet_waiting",
        "packet",
        ["firm_id", "expires_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('sent', 'opened')"),
    )
    op.create_index(
        "uq_packet_waiting",
        "packet",
        ["firm_id", "referral_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('sent', 'opened', 'accepted')"),
    )
    op.create_table(
        "packet_file",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("packet_id", sa.UUID(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("shows_client", sa.Boolean(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=False),
        sa.Column("consent_how", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "consent_how IN ('written', 'message', 'witnessed')",
            name=op.f("ck_packet_file_consent_how"),
        ),
        sa.CheckConstraint("ending IN ('pdf', 'jpg', 'png')", name=op.f("ck_packet_file_ending")),
        sa.CheckConstraint(
            "why IN ('conflict', 'busy', 'not_ours', 'other')", name=op.f("ck_packet_file_why")
        ),
        sa.CheckConstraint("cardinality(fields) > 0", name=op.f("ck_packet_file_fields")),
        sa.ForeignKeyConstraint(
            ["firm_id", "packet_id"],
            ["packet.firm_id", "packet.id"],
            name=op.f("fk_packet_file_firm_id_packet_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "packet_id", name=op.f("pk_packet_file")),
    )
    for table, data_class in TABLES.items():
        for statement in row_security(table, data_class):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
