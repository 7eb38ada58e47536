"""Premises: rooms, issues, their files and steps, and what firms report of them."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0137_premises"
down_revision = "0132_studios_and_cards"

AT = sa.DateTime(timezone=True)
IN_STREET = "left(community_code, 9) = street_code"
KINDS = "kind IN ('no_room', 'poor', 'no_board', 'stale_board')"
STATUSES = "status IN ('reported', 'explained', 'due', 'overdue', 'solved', 'withdrawn')"
PLAN_BEFORE_LETTER = (
    "status NOT IN ('explained', 'due', 'overdue')"
    " OR (planned_on IS NOT NULL AND explained_on IS NOT NULL)"
)
SERVED = (
    "EXISTS (SELECT FROM contract_community c JOIN contract k"
    " ON k.firm_id = c.firm_id AND k.id = c.contract_id"
    " WHERE c.firm_id = (select scope_firm()) AND c.community_code = {}.community_code"
    " AND k.status IN ('signed', 'filed', 'active', 'expired', 'terminated'))"
)
SHOWN_FILE = (
    "kind = 'room' AND (select scope_firm()) IS NOT NULL"
    " AND EXISTS (SELECT FROM premises p WHERE p.id = premises_file.premises_id)"
)
ANSWER = "'{status,issue_id,answer,answered_at,answered_by_name,revision}'::text[]"
TABLES = (
    "premises_report",
    "premises_rule",
    "premises_file",
    "premises_step",
    "premises_issue",
    "premises",
)


def upgrade() -> None:
    """Add premises."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _premises()
    _issues()
    _steps()
    _files()
    _reports()
    op.create_table(
        "premises_rule",
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("letter_weekday", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "letter_weekday BETWEEN 0 AND 4", name=op.f("ck_premises_rule_letter_weekday")
        ),
        _street("premises_rule"),
        sa.PrimaryKeyConstraint("street_code", name=op.f("pk_premises_rule")),
    )
    _secure()


def _secure() -> None:
    readers = {
        "premises": {"firm_reads": SERVED.format("premises")},
        "premises_issue": {"firm_reads": SERVED.format("premises_issue")},
        "premises_file": {"firm_reads": SHOWN_FILE},
    }
    # After the policies: whoever moves a report to another street is refused by them first.
    statements = [
        *(
            statement
            for table in TABLES[1:]
            for statement in row_security(
                table,
                DataClass.OFFICE,
                readers=readers.get(table),
                append_only=table == "premises_step",
            )
        ),
        *row_security("premises_report", DataClass.FIRM_SHARED, office_acts=("UPDATE",)),
        f"""
        CREATE FUNCTION keep_premises_report() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF to_jsonb(NEW) - {ANSWER} <> to_jsonb(OLD) - {ANSWER} THEN
                RAISE EXCEPTION 'a report is the firm''s: the office answers it';
            END IF;
            RETURN NEW;
        END $$
        """,
        "CREATE TRIGGER keep_premises_report AFTER UPDATE ON premises_report FOR EACH ROW"
        " WHEN (scope_kind() = 'office') EXECUTE FUNCTION keep_premises_report()",
    ]
    for statement in statements:
        op.execute(statement)


def _street(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["street_code"], ["street.code"], name=op.f(f"fk_{table}_street_code")
    )


def _community(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_code"], ["community.code"], name=op.f(f"fk_{table}_community_code")
    )


def _premises() -> None:
    op.create_table(
        "premises",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("has_room", sa.Boolean(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("area_m2", sa.BigInteger(), nullable=True),
        sa.Column("room_kind", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("conditions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("has_board", sa.Boolean(), nullable=True),
        sa.Column("board_current_on", sa.Date(), nullable=True),
        sa.Column("inspected_on", sa.Date(), nullable=True),
        sa.Column("inspected_by_name", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(IN_STREET, name=op.f("ck_premises_street_code")),
        sa.CheckConstraint("area_m2 BETWEEN 1 AND 10000", name=op.f("ck_premises_area_m2")),
        sa.CheckConstraint("room_kind IN ('own', 'shared')", name=op.f("ck_premises_room_kind")),
        _street("premises"),
        _community("premises"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises")),
        sa.UniqueConstraint("community_code", name=op.f("uq_premises_community_code")),
    )
    op.create_index("ix_premises_street_code", "premises", ["street_code"])


def _issues() -> None:
    op.create_table(
        "premises_issue",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("letter_due_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("responsible_body", sa.Text(), nullable=True),
        sa.Column("responsible_person", sa.Text(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("government_on", sa.Date(), nullable=True),
        sa.Column("explained_on", sa.Date(), nullable=True),
        sa.Column("replans", sa.BigInteger(), nullable=False),
        sa.Column("solved_on", sa.Date(), nullable=True),
        sa.Column("closing_words", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(IN_STREET, name=op.f("ck_premises_issue_street_code")),
        sa.CheckConstraint(KINDS, name=op.f("ck_premises_issue_kind")),
        sa.CheckConstraint(STATUSES, name=op.f("ck_premises_issue_status")),
        sa.CheckConstraint(PLAN_BEFORE_LETTER, name=op.f("ck_premises_issue_planned")),
        sa.CheckConstraint(
            "(status = 'solved') = (solved_on IS NOT NULL)",
            name=op.f("ck_premises_issue_solved_on"),
        ),
        sa.CheckConstraint("solved_on >= reported_on", name=op.f("ck_premises_issue_days")),
        _street("premises_issue"),
        _community("premises_issue"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises_issue")),
    )
    op.create_index(
        "uq_premises_issue_open",
        "premises_issue",
        ["community_code", "kind"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('solved', 'withdrawn')"),
    )
    op.create_index(
        "ix_premises_issue_street_code", "premises_issue", ["street_code", "reported_on"]
    )
    op.create_index("ix_premises_issue_community_code", "premises_issue", ["community_code"])
    op.create_index(
        "ix_premises_issue_planned_on",
        "premises_issue",
        ["planned_on"],
        postgresql_where=sa.text("status IN ('explained', 'due')"),
    )


def _steps() -> None:
    op.create_table(
        "premises_step",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("issue_id", sa.UUID(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        _street("premises_step"),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["premises_issue.id"], name=op.f("fk_premises_step_issue_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises_step")),
    )
    op.create_index("ix_premises_step_issue_id", "premises_step", ["issue_id", "at"])


def _files() -> None:
    op.create_table(
        "premises_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("premises_id", sa.UUID(), nullable=True),
        sa.Column("issue_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("arrived_at", AT, nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("is_photo", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('room', 'letter', 'evidence')", name=op.f("ck_premises_file_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'room') = (premises_id IS NOT NULL)", name=op.f("ck_premises_file_premises_id")
        ),
        sa.CheckConstraint(
            "(kind <> 'room') = (issue_id IS NOT NULL)", name=op.f("ck_premises_file_issue_id")
        ),
        _street("premises_file"),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_premises_file_premises_id")
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["premises_issue.id"], name=op.f("fk_premises_file_issue_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises_file")),
        sa.UniqueConstraint(
            "premises_id", "digest", name=op.f("uq_premises_file_premises_id_digest")
        ),
        sa.UniqueConstraint("issue_id", "digest", name=op.f("uq_premises_file_issue_id_digest")),
    )
    # JPEG and PDF are packed already: to pack them again costs time and wins nothing.
    op.execute("ALTER TABLE premises_file ALTER content SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE premises_file ALTER thumb SET STORAGE EXTERNAL")


def _reports() -> None:
    op.create_table(
        "premises_report",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("adviser_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sent_at", AT, nullable=False),
        sa.Column("sent_by_name", sa.Text(), nullable=False),
        sa.Column("has_photo", sa.Boolean(), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("issue_id", sa.UUID(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(IN_STREET, name=op.f("ck_premises_report_street_code")),
        sa.CheckConstraint(KINDS, name=op.f("ck_premises_report_kind")),
        sa.CheckConstraint(
            "status IN ('sent', 'taken', 'declined')", name=op.f("ck_premises_report_status")
        ),
        sa.CheckConstraint(
            "(status = 'sent') = (answered_at IS NULL)",
            name=op.f("ck_premises_report_answered_at"),
        ),
        sa.CheckConstraint(
            "(status = 'taken') = (issue_id IS NOT NULL)", name=op.f("ck_premises_report_issue_id")
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_premises_report_firm_id")),
        sa.ForeignKeyConstraint(
            ["firm_id", "adviser_id"],
            ["adviser.firm_id", "adviser.id"],
            name=op.f("fk_premises_report_firm_id_adviser_id"),
        ),
        _street("premises_report"),
        _community("premises_report"),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["premises_issue.id"], name=op.f("fk_premises_report_issue_id")
        ),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_premises_report")),
    )
    op.execute("ALTER TABLE premises_report ALTER photo SET STORAGE EXTERNAL")
    op.create_index(
        "uq_premises_report_sent",
        "premises_report",
        ["firm_id", "community_code", "kind"],
        unique=True,
        postgresql_where=sa.text("status = 'sent'"),
    )
    op.create_index("ix_premises_report_street_code", "premises_report", ["street_code", "sent_at"])


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_premises_report()")
