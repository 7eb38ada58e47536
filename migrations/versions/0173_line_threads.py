"""Threads on lines: what both sides add to a question, with files. Answers become entries."""

import sqlalchemy as sa
from alembic import op

from counselhub.core.row_security import DataClass, row_security

revision = "0173_line_threads"
down_revision = "0172_review_of_lines"

AT = sa.DateTime(timezone=True)
SIDES = "side IN ('office', 'firm')"


def upgrade() -> None:
    """Make threads of questions."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _entries()
    _files()
    _contents()
    _bare(
        "INSERT INTO line_entry (firm_id, id, query_id, street_code, side, words, at, by_name)"
        " SELECT firm_id, gen_random_uuid(), id, street_code, 'firm', answer,"
        " coalesce(answered_at, asked_at), coalesce(answered_by_name, '') FROM line_query"
        " WHERE answer IS NOT NULL"
    )
    for column in ("answer", "answered_at", "answered_by_name"):
        op.drop_column("line_query", column)
    for table, append_only in (
        ("line_entry", True),
        ("line_file", True),
        ("line_file_content", False),
    ):
        for statement in row_security(
            table, DataClass.FIRM_SHARED, office_acts=("INSERT",), append_only=append_only
        ):
            op.execute(statement)


def _bare(change: str) -> None:
    op.execute("ALTER TABLE line_query NO FORCE ROW LEVEL SECURITY")
    op.execute(change)
    op.execute("ALTER TABLE line_query FORCE ROW LEVEL SECURITY")


def _of(table: str, whole: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["firm_id", column],
        [f"{whole}.firm_id", f"{whole}.id"],
        name=op.f(f"fk_{table}_firm_id_{column}"),
        ondelete="CASCADE",
    )


def _street(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["street_code"], ["street.code"], name=op.f(f"fk_{table}_street_code")
    )


def _entries() -> None:
    op.create_table(
        "line_entry",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("query_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by_id", sa.UUID(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(SIDES, name=op.f("ck_line_entry_side")),
        _of("line_entry", "line_query", "query_id"),
        _street("line_entry"),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_line_entry")),
    )
    op.create_index("ix_line_entry_query", "line_entry", ["firm_id", "query_id", "at"])
    op.create_index("ix_line_entry_street_code", "line_entry", ["street_code"])


def _files() -> None:
    op.create_table(
        "line_file",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("query_id", sa.UUID(), nullable=False),
        sa.Column("entry_id", sa.UUID(), nullable=True),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.CheckConstraint(SIDES, name=op.f("ck_line_file_side")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_line_file_size_bytes")),
        _of("line_file", "line_query", "query_id"),
        _of("line_file", "line_entry", "entry_id"),
        _street("line_file"),
        sa.PrimaryKeyConstraint("firm_id", "id", name=op.f("pk_line_file")),
    )
    op.create_index("ix_line_file_query", "line_file", ["firm_id", "query_id"])
    op.create_index("ix_line_file_street_code", "line_file", ["street_code"])


def _contents() -> None:
    op.create_table(
        "line_file_content",
        sa.Column("firm_id", sa.UUID(), nullable=False),
        sa.Column("file_id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of("line_file_content", "line_file", "file_id"),
        _street("line_file_content"),
        sa.PrimaryKeyConstraint("firm_id", "file_id", name=op.f("pk_line_file_content")),
    )
    op.create_index("ix_line_file_content_street_code", "line_file_content", ["street_code"])


def downgrade() -> None:
    """Undo it: the firm's last word is the answer again; files and the office's words go."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in (
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=True),
    ):
        op.add_column("line_query", column)
    op.execute("ALTER TABLE line_entry NO FORCE ROW LEVEL SECURITY")
    _bare(
        "UPDATE line_query q SET answer = e.words, answered_at = e.at,"
        " answered_by_name = e.by_name FROM (SELECT DISTINCT ON (firm_id, query_id) * FROM"
        " line_entry WHERE side = 'firm' ORDER BY firm_id, query_id, at DESC, id DESC) e"
        " WHERE e.firm_id = q.firm_id AND e.query_id = q.id"
    )
    for table in ("line_file_content", "line_file", "line_entry"):
        op.drop_table(table)
