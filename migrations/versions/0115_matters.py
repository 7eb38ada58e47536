"""Matters, their parties, checks and conflicts, walls and waivers: private to the firm."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DataClass, row_security

revision = "0115_matters"
down_revision = "0105_report_templates"

TABLES = (
    "matter",
    "matter_member",
    "matter_party",
    "party_key",
    "conflict_check",
    "matter_conflict",
    "matter_wall",
    "matter_paper",
    "matter_service",
)


def upgrade() -> None:
    """Add the tables."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "matter",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=True),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("referred_to", sa.Text(), nullable=True),
        sa.Column("ending_words", sa.Text(), nullable=True),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'declined') = (decline_reason IS NOT NULL)", name=op.f("ck_matter_declined")
        ),
        sa.CheckConstraint(
            "(status IN ('declined', 'closed')) = (ended_on IS NOT NULL)",
            name=op.f("ck_matter_ended"),
        ),
        sa.CheckConstraint(
            "decline_reason IN ('conflict', 'scope', 'capacity', 'withdrawn', 'other')",
            name=op.f("ck_matter_decline_reason"),
        ),
        sa.CheckConstraint(
            "kind IN ('advice', 'mediation', 'non_litigation', 'litigation', 'arbitration', 'legal_aid', 'other')",
            name=op.f("ck_matter_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'frozen', 'declined', 'closed')", name=op.f("ck_matter_status")
        ),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_matter_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_matter_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_matter_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_matter")),
        sa.UniqueConstraint("firm_id", "number", name=op.f("uq_matter_firm_id_number")),
    )
    op.create_index("ix_matter_adviser_id", "matter", ["firm_id", "adviser_id"], unique=False)
    op.create_index("ix_matter_list", "matter", ["firm_id", "opened_on", "id"], unique=False)
    op.create_index(
        "ix_matter_title",
        "matter",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_table(
        "conflict_check",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("matter_id", sa.UUID(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("digests", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "occasion IN ('asked', 'opening', 'party_added')",
            name=op.f("ck_conflict_check_occasion"),
        ),
        sa.CheckConstraint(
            "verdict IN ('none', 'possible')", name=op.f("ck_conflict_check_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "matter_id"],
            ["matter.firm_id", "matter.id"],
            name=op.f("fk_conflict_check_firm_id_matter_id"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_conflict_check_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_conflict_check")),
    )
    op.create_index("ix_conflict_check_at", "conflict_check", ["firm_id", "at"], unique=False)
    op.create_index(
        "ix_conflict_check_matter_id", "conflict_check", ["firm_id", "matter_id"], unique=False
    )
    op.create_table(
        "matter_member",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("matter_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_matter_member_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "matter_id"],
            ["matter.firm_id", "matter.id"],
            name=op.f("fk_matter_member_firm_id_matter_id"),
        ),
        sa.PrimaryKeyConstraint(
            "firm_id", "matter_id", "adviser_id", name=op.f("pk_matter_member")
        ),
    )
    op.create_index(
        "ix_matter_member_adviser_id", "matter_member", ["firm_id", "adviser_id"], unique=False
    )
    op.create_table(
        "matter_party",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("matter_id", sa.UUID(), nullable=False),
        sa.Column("client_id", sa.UUID(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=True),
        sa.Column("aliases_sealed", sa.Text(), nullable=True),
        sa.Column("phone_sealed", sa.Text(), nullable=True),
        sa.Column("identity_sealed", sa.Text(), nullable=True),
        sa.Column("near", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind = 'organisation' OR near IS NULL", name=op.f("ck_matter_party_near")
        ),
        sa.CheckConstraint("kind IN ('person', 'organisation')", name=op.f("ck_matter_party_kind")),
        sa.CheckConstraint(
            "role IN ('client', 'opponent', 'third', 'committee', 'other')",
            name=op.f("ck_matter_party_role"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "client_id"],
            ["client.firm_id", "client.id"],
            name=op.f("fk_matter_party_firm_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "matter_id"],
            ["matter.firm_id", "matter.id"],
            name=op.f("fk_matter_party_firm_id_matter_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_matter_party")),
    )
    op.create_index(
        "ix_matter_party_client_id", "matter_party", ["firm_id", "client_id"], unique=False
    )
    op.create_index(
        "ix_matter_party_matter_id", "matter_party", ["firm_id", "matter_id"], unique=False
    )
    op.create_index(
        "ix_matter_party_near",
        "matter_party",
        ["near"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"near": "gin_trgm_ops"},
    )
    op.create_table(
        "matter_service",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("service_id", sa.UUID(), nullable=False),
        sa.Column("matter_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "matter_id"],
            ["matter.firm_id", "matter.id"],
            name=op.f("fk_matter_service_firm_id_matter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_matter_service_firm_id_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "service_id", name=op.f("pk_matter_service")),
    )
    op.create_index(
        "ix_matter_service_matter_id", "matter_service", ["firm_id", "matter_id"], unique=False
    )
    op.create_table(
        "matter_conflict",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("matter_id", sa.UUID(), nullable=False),
        sa.Column("other_id", sa.UUID(), nullable=True),
        sa.Column("check_id", sa.UUID(), nullable=False),
        sa.Column("party_id", sa.UUID(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("concerned", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("own_consent_on", sa.Date(), nullable=True),
        sa.Column("other_consent_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'open') = (decided_at IS NULL)", name=op.f("ck_matter_conflict_decided")
        ),
        sa.CheckConstraint(
            "code IN ('same_dispute', 'adverse', 'committee', 'member', 'former', 'same_phone', 'similar')",
            name=op.f("ck_matter_conflict_code"),
        ),
        sa.CheckConstraint(
            "how IN ('id', 'name', 'alias', 'phone', 'similar')",
            name=op.f("ck_matter_conflict_how"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'cleared', 'walled', 'waived', 'declined')",
            name=op.f("ck_matter_conflict_status"),
        ),
        sa.CheckConstraint("other_id <> matter_id", name=op.f("ck_matter_conflict_other")),
        sa.ForeignKeyConstraint(
            ["firm_id", "check_id"],
            ["conflict_check.firm_id", "conflict_check.id"],
            name=op.f("fk_matter_conflict_firm_id_check_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "matter_id"],
            ["matter.firm_id", "matter.id"],
            name=op.f("fk_matter_conflict_firm_id_matter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "other_id"],
            ["matter.firm_id", "matter.id"],
            name=op.f("fk_matter_conflict_firm_id_other_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "party_id"],
            ["matter_party.firm_id", "matter_party.id"],
            name=op.f("fk_matter_conflict_firm_id_party_id"),
            ondelete="SET NULL (party_id)",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_matter_conflict")),
    )
    op.create_index(
        "ix_matter_conflict_matter_id", "matter_conflict", ["firm_id", "matter_id"], unique=False
    )
    op.create_index(
        "ix_matter_conflict_open",
        "matter_conflict",
        ["firm_id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_matter_conflict_other_id", "matter_conflict", ["firm_id", "other_id"], unique=False
    )
    op.create_table(
        "party_key",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("party_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('id', 'name', 'alias', 'phone')", name=op.f("ck_party_key_kind")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "party_id"],
            ["matter_party.firm_id", "matter_party.id"],
            name=op.f("fk_party_key_firm_id_party_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "party_id", "kind", "digest", name=op.f("pk_party_key")),
    )
    op.create_index("ix_party_key_digest", "party_key", ["firm_id", "digest"], unique=False)
    op.create_table(
        "matter_paper",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("matter_id", sa.UUID(), nullable=False),
        sa.Column("conflict_id", sa.UUID(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("bytes_count", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("ending IN ('pdf', 'jpg', 'png')", name=op.f("ck_matter_paper_ending")),
        sa.ForeignKeyConstraint(
            ["firm_id", "conflict_id"],
            ["matter_conflict.firm_id", "matter_conflict.id"],
            name=op.f("fk_matter_paper_firm_id_conflict_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "matter_id"],
            ["matter.firm_id", "matter.id"],
            name=op.f("fk_matter_paper_firm_id_matter_id"),
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_matter_paper")),
        sa.UniqueConstraint(
            "firm_id",
            "conflict_id",
            "digest",
            name=op.f("uq_matter_paper_firm_id_conflict_id_digest"),
        ),
    )
    op.create_index(
        "ix_matter_paper_matter_id", "matter_paper", ["firm_id", "matter_id"], unique=False
    )
    op.create_table(
        "matter_wall",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("matter_id", sa.UUID(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=True),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("conflict_id", sa.UUID(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_name", sa.Text(), nullable=True),
        sa.Column("lifting_words", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('conflict', 'relative', 'served', 'asked', 'other')",
            name=op.f("ck_matter_wall_reason"),
        ),
        sa.CheckConstraint(
            "(adviser_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_matter_wall_whom")
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_name IS NULL)", name=op.f("ck_matter_wall_lifted")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_matter_wall_firm_id_adviser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "conflict_id"],
            ["matter_conflict.firm_id", "matter_conflict.id"],
            name=op.f("fk_matter_wall_firm_id_conflict_id"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "matter_id"],
            ["matter.firm_id", "matter.id"],
            name=op.f("fk_matter_wall_firm_id_matter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_matter_wall_person_id")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_matter_wall")),
    )
    op.create_index(
        "ix_matter_wall_adviser",
        "matter_wall",
        ["firm_id", "matter_id", "adviser_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL AND adviser_id IS NOT NULL"),
    )
    op.create_index(
        "ix_matter_wall_person",
        "matter_wall",
        ["firm_id", "matter_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL AND person_id IS NOT NULL"),
    )
    for table in TABLES:
        for statement in row_security(table, DataClass.FIRM_PRIVATE):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("matter_wall")
    op.drop_table("matter_paper")
    op.drop_table("party_key")
    op.drop_table("matter_conflict")
    op.drop_table("matter_service")
    op.drop_table("matter_party")
    op.drop_table("matter_member")
    op.drop_table("conflict_check")
    op.drop_table("matter")
