"""Year files are long works: their rows, waiting ones too, and their files move there."""

import os
import shutil

import sqlalchemy as sa
from alembic import op

from counselhub.core.postgres import data_folder
from counselhub.core.row_security import DataClass, row_security

revision = "0290_year_files_as_work"
down_revision = "0280_colleagues_by_mail"

KEY = "nullif(current_setting('app.scope_key', true), '')"
OWN = f"kind = (select scope_kind()) AND key = (select {KEY})"
TIME = sa.DateTime(timezone=True)
FORTH = """
INSERT INTO long_work (id, kind, key, task, subject, detail, person_id, asked_by_name, asked_at,
    locale, attempts, parts, done, doing, started_at, ended_at, outcome, fault, words, faults)
SELECT id, kind, key, 'year_file', community_code || '-' || year,
    jsonb_build_object('code', community_code, 'year', year, 'papers', papers)
        || CASE WHEN ended_at IS NOT NULL AND failure IS NULL
        THEN jsonb_build_object('gaps', gaps, 'pdf', pdf_digest, 'zip', zip_digest)
        ELSE '{}' END,
    person_id, asked_by_name, asked_at, 'zh_CN', 0, parts, done, '',
    CASE WHEN ended_at IS NOT NULL THEN started_at END, ended_at,
    CASE WHEN ended_at IS NULL THEN NULL WHEN failure IS NULL THEN 'done' ELSE 'failed' END,
    CASE WHEN ended_at IS NOT NULL AND failure IS NOT NULL THEN 'error' END, '', '[]'
FROM year_file
"""
ENQUEUE = """
INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, priority, lock, args)
SELECT 'long', 'long_work', -1, kind || ':' || key, jsonb_build_object('work_id', id,
    'scope_kind', kind, 'scope_key', key, 'person', coalesce(person_id::text, ''))
FROM year_file WHERE ended_at IS NULL ORDER BY asked_at, id
"""
BACK = """
INSERT INTO year_file (id, kind, key, community_code, year, person_id, asked_by_name, asked_at,
    papers, parts, done, gaps, started_at, ended_at, failure, pdf_digest, zip_digest)
SELECT id, kind, key, detail->>'code', (detail->>'year')::bigint, person_id, asked_by_name,
    asked_at, detail->>'papers', parts, done, coalesce((detail->>'gaps')::bigint, 0), started_at,
    ended_at, CASE WHEN outcome <> 'done' THEN coalesce(fault, outcome) END, detail->>'pdf',
    detail->>'zip'
FROM long_work WHERE task = 'year_file'
"""
DEQUEUE = """
DELETE FROM jobs.procrastinate_jobs WHERE status = 'todo' AND (task_name = 'year_files'
    OR (task_name = 'long_work' AND args->>'work_id' IN (
        SELECT id::text FROM long_work WHERE task = 'year_file')))
"""
NAMED = "SELECT id FROM long_work WHERE task = 'year_file' AND outcome = 'done'"


def upgrade() -> None:
    """Carry the rows over, then the files; what waits is asked of the queue."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _bare("year_file", "long_work")
    op.execute(DEQUEUE)  # the job of the timetable that is no more
    op.execute(FORTH)
    op.execute(ENQUEUE)
    _move("yearfiles", "work")
    op.execute("ALTER TABLE long_work FORCE ROW LEVEL SECURITY")
    op.drop_table("year_file")


def downgrade() -> None:
    """Undo it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _table()
    _bare("long_work")
    op.execute(BACK)
    op.execute(DEQUEUE)
    _move("work", "yearfiles")
    op.execute("DELETE FROM long_work WHERE task = 'year_file'")
    op.execute("ALTER TABLE long_work FORCE ROW LEVEL SECURITY")
    for statement in row_security("year_file", DataClass.PLATFORM, readers={"tenant_reads": OWN}):
        op.execute(statement)


def _bare(*tables: str) -> None:
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")


def _move(source: str, target: str) -> None:
    """Move the files that are whole; halves of before, which nobody would delete, go."""
    data = data_folder(os.environ)
    for (work_id,) in op.get_bind().execute(sa.text(NAMED)):
        for file in (data / source).glob(f"{work_id}.*"):
            (data / target).mkdir(parents=True, exist_ok=True, mode=0o700)
            file.replace(data / target / file.name)
    if target == "work":
        shutil.rmtree(data / source, ignore_errors=True)


def _table() -> None:
    op.create_table(
        "year_file",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("community_code", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("gaps", sa.BigInteger(), nullable=False),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("pdf_digest", sa.Text(), nullable=True),
        sa.Column("pdf_bytes", sa.BigInteger(), nullable=True),
        sa.Column("zip_digest", sa.Text(), nullable=True),
        sa.Column("zip_bytes", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("kind IN ('firm', 'office')", name=op.f("ck_year_file_kind")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2999", name=op.f("ck_year_file_year")),
        sa.CheckConstraint("done BETWEEN 0 AND parts", name=op.f("ck_year_file_done")),
        sa.ForeignKeyConstraint(
            ["community_code"], ["community.code"], name=op.f("fk_year_file_community_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_year_file")),
    )
    open_only = {"postgresql_where": sa.text("ended_at IS NULL")}
    place = ["kind", "key", "community_code", "year"]
    op.create_index("uq_year_file_open", "year_file", place, unique=True, **open_only)
    op.create_index("ix_year_file_tenant", "year_file", ["kind", "key", "year", "asked_at"])
    op.create_index("ix_year_file_open", "year_file", ["asked_at"], **open_only)
