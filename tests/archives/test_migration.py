"""Archives of before they were long works: each is found again, and what waited is made."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from counselhub.core import migrations
from counselhub.core.scratch import scratch_database

BEFORE, AFTER = "0251_support_scope", "0270_archives_as_work"
DONE, FAILED, OPEN = (f"00000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
OLD = f"""
INSERT INTO district (code, name, city_name, province_name) VALUES ('990000', 'c', 'c', 'p');
INSERT INTO street (code, district_code, name, search) VALUES ('990000001', '990000', 's', 's');
INSERT INTO office_archive (id, street_code, asked_by_name, asked_at, has_photos, papers, attempts,
    parts, done, started_at, ended_at, outcome, rows, files, digest, size_bytes)
VALUES
    ('{DONE}', '990000001', '甲', now(), true, 'p', 1, 9, 9, now(), now(), 'done', 5, 2, 'd', 7),
    ('{FAILED}', '990000001', '甲', now(), false, 'p', 3, 9, 4, now(), now(), 'failed', 0, 0,
        NULL, NULL),
    ('{OPEN}', '990000001', '甲', now(), false, 'p', 1, 9, 4, now(), NULL, NULL, 0, 0, NULL, NULL);
"""
TABLES = {
    BEFORE: ("district", "street", "office_archive"),
    AFTER: ("long_work",),
}


def bare(owner: Connection, at: str) -> None:
    for table in TABLES[at]:
        owner.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))


def rows(owner: Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in owner.execute(text(query))]


def test_there_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    (tmp_path / "archives").mkdir()
    (tmp_path / "archives" / f"{DONE}.zip").write_bytes(b"PK")
    with scratch_database("archives") as urls:
        config = migrations.config(urls.owner)
        engine = create_engine(urls.owner)
        command.upgrade(config, BEFORE)
        with engine.begin() as owner:
            bare(owner, BEFORE)
            owner.exec_driver_sql(OLD)
            before = rows(owner, "SELECT * FROM office_archive ORDER BY id")
        command.upgrade(config, AFTER)
        with engine.begin() as owner:
            forced = "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'long_work'"
            assert rows(owner, forced) == [(True,)]
            bare(owner, AFTER)
            found = rows(
                owner,
                "SELECT id::text, kind, key, outcome, detail->>'digest', fault, started_at IS NULL"
                " FROM long_work ORDER BY id",
            )
            assert found == [
                (DONE, "office", "990000001", "done", "d", None, False),
                (FAILED, "office", "990000001", "failed", None, "error", False),
                (OPEN, "office", "990000001", None, None, None, True),
            ]
            jobs = "SELECT task_name, lock, args->>'work_id' FROM jobs.procrastinate_jobs"
            assert rows(owner, jobs) == [("long_work", "office:990000001", OPEN)]
            owner.execute(text("ALTER TABLE long_work FORCE ROW LEVEL SECURITY"))
        assert [one.name for one in (tmp_path / "work").iterdir()] == [f"{DONE}.zip"]
        command.downgrade(config, BEFORE)
        with engine.begin() as owner:
            bare(owner, BEFORE)
            again = rows(owner, "SELECT * FROM office_archive ORDER BY id")
            assert rows(owner, jobs) == []
        engine.dispose()
    assert len(again) == len(before)
    assert again[0][:5] == before[0][:5]
    assert again[0][-6:] == before[0][-6:]
    assert [one.name for one in (tmp_path / "archives").iterdir()] == [f"{DONE}.zip"]
