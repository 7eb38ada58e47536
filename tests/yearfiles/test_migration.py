"""Year files of before they were long works: each is found again, and what waited is made."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from counselhub.core import migrations
from counselhub.core.scratch import scratch_database

BEFORE, AFTER = "0270_archives_as_work", "0290_year_files_as_work"
DONE, FAILED, OPEN = (f"00000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
PLACE = "990000001001"
OLD = f"""
INSERT INTO district (code, name, city_name, province_name) VALUES ('990000', 'c', 'c', 'p');
INSERT INTO street (code, district_code, name, search) VALUES ('990000001', '990000', 's', 's');
INSERT INTO community (code, street_code, name, pinyin, search)
VALUES ('{PLACE}', '990000001', '甲社区', 'j', 'j');
INSERT INTO year_file (id, kind, key, community_code, year, asked_by_name, asked_at, papers,
    parts, done, gaps, started_at, ended_at, failure, pdf_digest, pdf_bytes, zip_digest, zip_bytes)
VALUES
    ('{DONE}', 'office', '990000001', '{PLACE}', 2026, '甲', now(), 'p', 9, 9, 2, now(), now(),
        NULL, 'd', 7, 'z', 8),
    ('{FAILED}', 'firm', 'f', '{PLACE}', 2025, '甲', now(), 'p', 9, 4, 0, now(), now(), 'error',
        NULL, NULL, NULL, NULL),
    ('{OPEN}', 'firm', 'f', '{PLACE}', 2026, '甲', now(), 'p', 9, 4, 0, now(), NULL, NULL,
        NULL, NULL, NULL, NULL);
INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args)
VALUES ('q', 'year_files', '{{}}');
"""
TABLES = {
    BEFORE: ("district", "street", "community", "year_file"),
    AFTER: ("long_work",),
}


def bare(owner: Connection, at: str) -> None:
    for table in TABLES[at]:
        owner.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))


def rows(owner: Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in owner.execute(text(query))]


def test_there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    (tmp_path / "yearfiles").mkdir()
    whole = {f"{DONE}.pdf", f"{DONE}.zip"}
    for name in (*whole, f"{FAILED}.zip"):
        (tmp_path / "yearfiles" / name).write_bytes(b"PK")
    with scratch_database("yearfiles") as urls:
        config = migrations.config(urls.owner)
        engine = create_engine(urls.owner)
        command.upgrade(config, BEFORE)
        with engine.begin() as owner:
            bare(owner, BEFORE)
            owner.exec_driver_sql(OLD)
            kept = (
                "SELECT id, kind, key, community_code, year, asked_by_name, asked_at, papers,"
                " parts, done, gaps, ended_at, failure, pdf_digest, zip_digest"
                " FROM year_file ORDER BY id"
            )
            before = rows(owner, kept)
        command.upgrade(config, AFTER)
        with engine.begin() as owner:
            forced = "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'long_work'"
            assert rows(owner, forced) == [(True,)]
            bare(owner, AFTER)
            found = rows(
                owner,
                "SELECT id::text, kind, key, subject, outcome, detail->>'pdf', fault,"
                " started_at IS NULL FROM long_work ORDER BY id",
            )
            assert found == [
                (DONE, "office", "990000001", f"{PLACE}-2026", "done", "d", None, False),
                (FAILED, "firm", "f", f"{PLACE}-2025", "failed", None, "error", False),
                (OPEN, "firm", "f", f"{PLACE}-2026", None, None, None, True),
            ]
            jobs = "SELECT task_name, lock, args->>'work_id' FROM jobs.procrastinate_jobs"
            assert rows(owner, jobs) == [("long_work", "firm:f", OPEN)]
            owner.execute(text("ALTER TABLE long_work FORCE ROW LEVEL SECURITY"))
        assert {one.name for one in (tmp_path / "work").iterdir()} == whole
        assert not (tmp_path / "yearfiles").exists()
        command.downgrade(config, BEFORE)
        with engine.begin() as owner:
            bare(owner, BEFORE)
            assert rows(owner, kept) == before
            assert rows(owner, jobs) == []
        engine.dispose()
    assert {one.name for one in (tmp_path / "yearfiles").iterdir()} == whole
