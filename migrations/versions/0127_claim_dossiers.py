"""Dossiers of case claims: their way, papers, disputes, and the office's reading."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from counselhub.core.row_security import DISTRICT, FIRM, STREET, DataClass, row_security

revision = "0127_claim_dossiers"
down_revision = "0123_referral_search"

PRIVATE = ("claim_paper", "claim_file", "claim_file_content", "dispute_key", "claim_scale")
DECLARED = "{} AND status NOT IN ('draft', 'ready')"


def upgrade() -> None:
    """Keep beside a claim what a closed month must not freeze."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _claim_scale()
    _claim_dossier()
    _claim_file()
    _claim_paper()
    _claim_reading()
    _dispute_key()
    _claim_file_content()
    # JPEG and PDF are packed already: to pack them again costs time and wins nothing.
    op.execute("ALTER TABLE claim_file_content ALTER content SET STORAGE EXTERNAL")
    statements = [one for table in PRIVATE for one in row_security(table, DataClass.FIRM_PRIVATE)]
    statements += row_security(
        "claim_dossier",
        DataClass.FIRM_SHARED,
        office=DECLARED.format(STREET),
        bureau=DECLARED.format(DISTRICT),
        office_acts=("UPDATE",),
    )
    published = {"firm_reads": f"{FIRM} AND published_at IS NOT NULL"}
    statements += row_security("claim_reading", DataClass.OFFICE, readers=published)
    for statement in statements:
        op.execute(statement)


def _claim_scale() -> None:
    op.create_table(
        "claim_scale",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("persons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("amount_fen", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sittings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_claim_scale_firm_id")),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_claim_scale")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_claim_scale_firm_id")),
    )


def _claim_dossier() -> None:
    op.create_table(
        "claim_dossier",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("persons", sa.BigInteger(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("sittings", sa.BigInteger(), nullable=True),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("is_violent", sa.Boolean(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=True),
        sa.Column("checklist", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("visit_way", sa.Text(), nullable=True),
        sa.Column("visit_result", sa.Text(), nullable=True),
        sa.Column("visited_by_name", sa.Text(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declared_by_name", sa.Text(), nullable=True),
        sa.Column("office_class", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("refusal_words", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reader_name", sa.Text(), nullable=True),
        sa.Column("second_reader_name", sa.Text(), nullable=True),
        sa.Column("claw_reason", sa.Text(), nullable=True),
        sa.Column("claw_words", sa.Text(), nullable=True),
        sa.Column("claw_fen", sa.BigInteger(), nullable=True),
        sa.Column("clawed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clawed_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'clawed_back') = (claw_fen IS NOT NULL)",
            name=op.f("ck_claim_dossier_clawed_back"),
        ),
        sa.CheckConstraint(
            "claw_reason IN ('false', 'inflated', 'double', 'state_paid', 'other')",
            name=op.f("ck_claim_dossier_claw_reason"),
        ),
        sa.CheckConstraint(
            "office_class IN ('simple', 'ordinary', 'major', 'extraordinary')",
            name=op.f("ck_claim_dossier_office_class"),
        ),
        sa.CheckConstraint(
            "proposed IN ('simple', 'ordinary', 'major', 'extraordinary')",
            name=op.f("ck_claim_dossier_proposed"),
        ),
        sa.CheckConstraint(
            "refusal IN ('documents', 'content', 'disorder', 'inflated', 'state_paid', 'unfulfilled', 'double')",
            name=op.f("ck_claim_dossier_refusal"),
        ),
        sa.CheckConstraint(
            "status <> 'refused' OR refusal IS NOT NULL", name=op.f("ck_claim_dossier_refused")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'ready', 'claimed', 'accepted', 'refused', 'paid', 'clawed_back')",
            name=op.f("ck_claim_dossier_status"),
        ),
        sa.CheckConstraint(
            "visit_result IN ('kept', 'partly', 'broken', 'unreached')",
            name=op.f("ck_claim_dossier_visit_result"),
        ),
        sa.CheckConstraint(
            "visit_way IN ('phone', 'door')", name=op.f("ck_claim_dossier_visit_way")
        ),
        sa.CheckConstraint(
            "persons > 0 AND amount_fen >= 0 AND sittings > 0",
            name=op.f("ck_claim_dossier_numbers"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "id"],
            ["case_claim.firm_id", "case_claim.id"],
            name=op.f("fk_claim_dossier_firm_id_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_claim_dossier_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_claim_dossier")),
    )
    op.create_index(
        "ix_claim_dossier_street", "claim_dossier", ["street_code", "status"], unique=False
    )


def _claim_file() -> None:
    op.create_table(
        "claim_file",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.UUID(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "document IN ('cover', 'register', 'application', 'identity', 'inquiry', 'summons', 'notice', 'minutes', 'agreement', 'visit', 'grading', 'annex')",
            name=op.f("ck_claim_file_document"),
        ),
        sa.CheckConstraint("kind IN ('photo', 'scan')", name=op.f("ck_claim_file_kind")),
        sa.ForeignKeyConstraint(
            ["firm_id", "claim_id"],
            ["case_claim.firm_id", "case_claim.id"],
            name=op.f("fk_claim_file_firm_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_claim_file")),
        sa.UniqueConstraint(
            "firm_id",
            "claim_id",
            "document",
            "digest",
            name=op.f("uq_claim_file_firm_id_claim_id_document_digest"),
        ),
    )


def _claim_paper() -> None:
    op.create_table(
        "claim_paper",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.UUID(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'not_needed') = (reason <> '')", name=op.f("ck_claim_paper_reason")
        ),
        sa.CheckConstraint(
            "document IN ('cover', 'register', 'application', 'identity', 'inquiry', 'summons', 'notice', 'minutes', 'agreement', 'visit', 'grading', 'annex')",
            name=op.f("ck_claim_paper_document"),
        ),
        sa.CheckConstraint(
            "state IN ('on_paper', 'not_needed')", name=op.f("ck_claim_paper_state")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "claim_id"],
            ["case_claim.firm_id", "case_claim.id"],
            name=op.f("fk_claim_paper_firm_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_claim_paper")),
        sa.UniqueConstraint(
            "firm_id", "claim_id", "document", name=op.f("uq_claim_paper_firm_id_claim_id_document")
        ),
    )


def _claim_reading() -> None:
    op.create_table(
        "claim_reading",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.UUID(), nullable=True),
        sa.Column("read_by_name", sa.Text(), nullable=False),
        sa.Column("second_by_id", sa.UUID(), nullable=True),
        sa.Column("second_by_name", sa.Text(), nullable=True),
        sa.Column("second_words", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(status = 'confirmed') = (published_at IS NOT NULL)",
            name=op.f("ck_claim_reading_published"),
        ),
        sa.CheckConstraint(
            "(verdict = 'refuse') = (reason IS NOT NULL)", name=op.f("ck_claim_reading_refused")
        ),
        sa.CheckConstraint(
            "difficulty IN ('simple', 'ordinary', 'major', 'extraordinary')",
            name=op.f("ck_claim_reading_difficulty"),
        ),
        sa.CheckConstraint(
            "reason IN ('documents', 'content', 'disorder', 'inflated', 'state_paid', 'unfulfilled', 'double')",
            name=op.f("ck_claim_reading_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('read', 'confirmed', 'returned')", name=op.f("ck_claim_reading_status")
        ),
        sa.CheckConstraint(
            "verdict IN ('accept', 'refuse')", name=op.f("ck_claim_reading_verdict")
        ),
        sa.CheckConstraint(
            "second_by_id IS DISTINCT FROM read_by_id OR second_by_id IS NULL",
            name=op.f("ck_claim_reading_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "id"],
            ["case_claim.firm_id", "case_claim.id"],
            name=op.f("fk_claim_reading_firm_id_id"),
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_claim_reading_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_claim_reading")),
    )
    op.create_index(
        "ix_claim_reading_street_code", "claim_reading", ["street_code", "status"], unique=False
    )


def _dispute_key() -> None:
    op.create_table(
        "dispute_key",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("claim_id", sa.UUID(), nullable=True),
        sa.Column("service_id", sa.UUID(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('number', 'parties', 'aid')", name=op.f("ck_dispute_key_basis")
        ),
        sa.CheckConstraint(
            "(sealed IS NULL) = (digest IS NULL)", name=op.f("ck_dispute_key_sealed")
        ),
        sa.CheckConstraint(
            "num_nonnulls(claim_id, service_id) = 1", name=op.f("ck_dispute_key_subject")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "claim_id"],
            ["case_claim.firm_id", "case_claim.id"],
            name=op.f("fk_dispute_key_firm_id_claim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "service_id"],
            ["service_record.firm_id", "service_record.id"],
            name=op.f("fk_dispute_key_firm_id_service_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_dispute_key_street_code")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_dispute_key")),
        sa.UniqueConstraint(
            "firm_id", "claim_id", "basis", name=op.f("uq_dispute_key_firm_id_claim_id_basis")
        ),
        sa.UniqueConstraint(
            "firm_id", "service_id", "basis", name=op.f("uq_dispute_key_firm_id_service_id_basis")
        ),
    )
    op.create_index("ix_dispute_key_digest", "dispute_key", ["digest"], unique=False)


def _claim_file_content() -> None:
    op.create_table(
        "claim_file_content",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("file_id", sa.UUID(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "file_id"],
            ["claim_file.firm_id", "claim_file.id"],
            name=op.f("fk_claim_file_content_firm_id_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("firm_id", "file_id", name=op.f("pk_claim_file_content")),
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("claim_file_content")
    op.drop_table("dispute_key")
    op.drop_table("claim_reading")
    op.drop_table("claim_paper")
    op.drop_table("claim_file")
    op.drop_table("claim_dossier")
    op.drop_table("claim_scale")
