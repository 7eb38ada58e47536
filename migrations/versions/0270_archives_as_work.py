"""Archives of a street are long works: their rows, waiting ones too, and their files move there."""

import os
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from counselhub.core.postgres import data_folder
from counselhub.core.row_security import STREET, DataClass, row_security

revision = "0270_archives_as_work"
down_revision = "0265_closed_firms"

OUTCOMES = "('waiting', 'working', 'done', 'failed', 'cancelled')"
TIME = sa.DateTime(timezone=True)
FORTH = """
INSERT INTO long_work (id, kind, key, task, subject, detail, person_id, asked_by_name, asked_at,
    locale, attempts, parts, done, doing, started_at, ended_at, outcome, fault, words, faults)
SELECT id, 'office', street_code, 'office_archive', '',
    jsonb_build_object('has_photos', has_photos, 'papers', papers) || CASE outcome WHEN 'done'
        THEN jsonb_build_object('digest', digest, 'bytes', size_bytes, 'rows', rows, 'files', files)
        ELSE '{}' END,
    person_id, asked_by_name, asked_at, 'zh_CN', 0, parts, done, '',
    CASE WHEN ended_at IS NOT NULL THEN started_at END, ended_at, outcome,
    CASE outcome WHEN 'failed' THEN 'error' END, '', '[]'
FROM office_archive
"""
ENQUEUE = """
INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, priority, lock, args)
SELECT 'long', 'long_work', 0, 'office:' || street_code, jsonb_build_object('work_id', id,
    'scope_kind', 'office', 'scope_key', street_code, 'person', coalesce(person_id::text, ''))
FROM office_archive WHERE ended_at IS NULL ORDER BY asked_at
"""
BACK = """
INSERT INTO office_archive (id, street_code, person_id, asked_by_name, asked_at, has_photos, papers,
    attempts, parts, done, started_at, ended_at, outcome, rows, files, digest, size_bytes)
SELECT id, key, person_id, asked_by_name, asked_at, (detail->>'has_photos')::boolean,
    detail->>'papers', 0, parts, done, started_at, ended_at, outcome,
    coalesce((detail->>'rows')::bigint, 0), coalesce((detail->>'files')::bigint, 0),
    CASE outcome WHEN 'done' THEN detail->>'digest' END, (detail->>'bytes')::bigint
FROM long_work WHERE task = 'office_archive'
"""
DEQUEUE = """
DELETE FROM jobs.procrastinate_jobs WHERE status = 'todo' AND (task_name = 'office_archives'
    OR (task_name = 'long_work' AND args->>'work_id' IN (
        SELECT id::text FROM long_work WHERE task = 'office_archive')))
"""
NAMED = "SELECT id FROM long_work WHERE task = 'office_archive' AND outcome = 'done'"


def upgrade() -> None:
    """Carry the rows over, then the files; what waits is asked of the queue."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _bare("office_archive", "long_work")
    op.execute(DEQUEUE)  # the job of the timetable that is no more
    op.execute(FORTH)
    op.execute(ENQUEUE)
    _move("archives", "work")
    op.execute("ALTER TABLE long_work FORCE ROW LEVEL SECURITY")
    op.drop_table("office_archive")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _table()
    _bare("long_work")
    op.execute(BACK)
    op.execute(DEQUEUE)
    _move("work", "archives")
    op.execute("DELETE FROM long_work WHERE task = 'office_archive'")
    op.execute("ALTER TABLE long_work FORCE ROW LEVEL SECURITY")
    for statement in row_security(
        "office_archive", DataClass.PLATFORM, readers={"office_reads": STREET}
    ):
        op.execute(statement)


def _bare(*tables: str) -> None:
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")


def _move(source: str, target: str) -> None:
    """Move the files of archives that are done; one that is not here is nowhere missed."""
    data = data_folder(os.environ)
    for (work_id,) in op.get_bind().execute(sa.text(NAMED)):
        file = data / source / f"{work_id}.zip"
        if file.exists():
            _home(data / target)
            file.replace(data / target / file.name)


def _home(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _table() -> None:
    op.create_table(
        "office_archive",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("street_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("has_photos", sa.Boolean(), nullable=False),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        *_rules(),
        sa.ForeignKeyConstraint(
            ["street_code"], ["street.code"], name=op.f("fk_office_archive_street_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_archive")),
    )
    op.create_index(
        "uq_office_archive_open",
        "office_archive",
        ["street_code"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_office_archive_street_code", "office_archive", ["street_code", "asked_at"])


def _rules() -> list[sa.CheckConstraint]:
    rules = {
        "done": "done BETWEEN 0 AND parts",
        "ended": "(outcome IS NULL) = (ended_at IS NULL)",
        "digest": "(outcome = 'done') = (digest IS NOT NULL)",
        "outcome": f"outcome IN {OUTCOMES}",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_office_archive_{name}"))
        for name, rule in rules.items()
    ]
