"""Referrals with offers, helpers, pauses and changes of hands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0121_referrals"
down_revision = "0120_teams"

TABLES = ("referral", "referral_offer", "referral_member", "referral_pause", "referral_handover")


def upgrade() -> None:
    """Make the tables, each the firm's alone."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "referral",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("matter_id", sa.UUID(), nullable=True),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("speciality", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.UUID(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("team_id", sa.UUID(), nullable=True),
        sa.Column("receiver_id", sa.UUID(), nullable=True),
        sa.Column("conflict", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalation_words", sa.Text(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('accepted', 'conferring', 'opined', 'fed_back', 'closed')) <= (receiver_id IS NOT NULL)",
            name=op.f("ck_referral_received"),
        ),
        sa.CheckConstraint(
            "(status IN ('opined', 'fed_back', 'closed')) <= (opinion IS NOT NULL)",
            name=op.f("ck_referral_opinion"),
        ),
        sa.CheckConstraint(
            "conflict IN ('unknown', 'none', 'possible')", name=op.f("ck_referral_conflict")
        ),
        sa.CheckConstraint(
            "speciality IN ('neighbour', 'family', 'labour', 'demolition', 'traffic', 'medical', 'environment', 'land', 'property_management', 'contract_review', 'bylaw_revision', 'legal_checkup', 'legal_aid', 'other')",
            name=op.f("ck_referral_speciality"),
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'triaged', 'formed', 'declined', 'accepted', 'conferring', 'opined', 'fed_back', 'closed', 'withdrawn')",
            name=op.f("ck_referral_status"),
        ),
        sa.CheckConstraint(
            "urgency IN ('normal', 'pressing', 'urgent')", name=op.f("ck_referral_urgency")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_referral_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "asker_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_referral_firm_id_asker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "receiver_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_referral_firm_id_receiver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_referral_firm_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "team_id"],
            ["team.firm_id", "team.id"],
            name=op.f("fk_referral_firm_id_team_id"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_referral_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_referral")),
        sa.UniqueConstraint("firm_id", "number", name=op.f("uq_referral_firm_id_number")),
    )
    op.create_index(
        "ix_referral_asker", "referral", ["firm_id", "asker_id", "asked_at"], unique=False
    )
    op.create_index(
        "ix_referral_board", "referral", ["firm_id", "status", "due_at", "id"], unique=False
    )
    op.create_index("ix_referral_list", "referral", ["firm_id", "asked_at", "id"], unique=False)
    op.create_index(
        "ix_referral_receiver", "referral", ["firm_id", "receiver_id", "accepted_at"], unique=False
    )
    op.create_index(
        "ix_referral_escalated",
        "referral",
        ["firm_id", "due_at"],
        postgresql_where=sa.text("escalated_at IS NOT NULL"),
    )
    op.create_index("ix_referral_service", "referral", ["firm_id", "service_id"], unique=False)
    op.create_index(
        "ix_referral_words",
        "referral",
        ["words"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
    op.create_index(
        "uq_referral_live",
        "referral",
        ["firm_id", "service_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('closed', 'withdrawn')"),
    )
    op.create_table(
        "referral_offer",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column("pluses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'declined') = (why IS NOT NULL)", name=op.f("ck_referral_offer_why_told")
        ),
        sa.CheckConstraint(
            "(state = 'queued') = (offered_at IS NULL) OR state = 'dropped'",
            name=op.f("ck_referral_offer_offered"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'open', 'accepted', 'declined', 'expired', 'dropped')",
            name=op.f("ck_referral_offer_state"),
        ),
        sa.CheckConstraint(
            "why IN ('busy', 'not_mine', 'conflict', 'away', 'other')",
            name=op.f("ck_referral_offer_why"),
        ),
        sa.CheckConstraint(
            "(offered_at IS NULL) = (expires_at IS NULL)", name=op.f("ck_referral_offer_limit")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_referral_offer_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "referral_id"],
            ["referral.firm_id", "referral.id"],
            name=op.f("fk_referral_offer_firm_id_referral_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_referral_offer")),
    )
    op.create_index(
        "ix_referral_offer_adviser",
        "referral_offer",
        ["firm_id", "adviser_id", "referral_id"],
        unique=False,
    )
    op.create_index(
        "ix_referral_offer_open",
        "referral_offer",
        ["firm_id", "expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_referral_offer_referral",
        "referral_offer",
        ["firm_id", "referral_id", "rank"],
        unique=False,
    )
    op.create_table(
        "referral_member",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('leader', 'member', 'assistant')", name=op.f("ck_referral_member_role")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_referral_member_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "referral_id"],
            ["referral.firm_id", "referral.id"],
            name=op.f("fk_referral_member_firm_id_referral_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_referral_member")),
        sa.UniqueConstraint(
            "firm_id",
            "referral_id",
            "adviser_id",
            name=op.f("uq_referral_member_firm_id_referral_id_adviser_id"),
        ),
    )
    op.create_index(
        "ix_referral_member_adviser",
        "referral_member",
        ["firm_id", "adviser_id", "referral_id"],
        unique=False,
    )
    op.create_table(
        "referral_pause",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_referral_pause_order")),
        sa.ForeignKeyConstraint(
            ["firm_id", "referral_id"],
            ["referral.firm_id", "referral.id"],
            name=op.f("fk_referral_pause_firm_id_referral_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_referral_pause")),
    )
    op.create_index(
        "ix_referral_pause_referral",
        "referral_pause",
        ["firm_id", "referral_id", "began_at"],
        unique=False,
    )
    op.create_index(
        "uq_referral_pause_open",
        "referral_pause",
        ["firm_id", "referral_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "referral_handover",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("referral_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_id", sa.UUID(), nullable=False),
        sa.Column("to_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'asked') = (answered_at IS NULL)", name=op.f("ck_referral_handover_answered")
        ),
        sa.CheckConstraint(
            "kind IN ('transfer', 'takeover')", name=op.f("ck_referral_handover_kind")
        ),
        sa.CheckConstraint(
            "status IN ('asked', 'agreed', 'refused', 'withdrawn')",
            name=op.f("ck_referral_handover_status"),
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_referral_handover_two")),
        sa.ForeignKeyConstraint(
            ["firm_id", "from_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_referral_handover_firm_id_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "referral_id"],
            ["referral.firm_id", "referral.id"],
            name=op.f("fk_referral_handover_firm_id_referral_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "to_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_referral_handover_firm_id_to_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_referral_handover")),
    )
    op.create_index(
        "ix_referral_handover_to",
        "referral_handover",
        ["firm_id", "to_id", "referral_id"],
        unique=False,
    )
    op.create_index(
        "uq_referral_handover_asked",
        "referral_handover",
        ["firm_id", "referral_id"],
        unique=True,
        postgresql_where=sa.text("status = 'asked'"),
    )
    for table in TABLES:
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)
