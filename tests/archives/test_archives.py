"""An archive from the click to the download, and whatever may come in between."""

import csv
import hashlib
import json
import re
import tracemalloc
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from counselhub.archives import making
from counselhub.archives.actions import TASK
from counselhub.archives.contents import TABLES
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_office, as_platform, as_scope
from counselhub.notices.models import Notice
from counselhub.retention.actions import SWEEPS
from counselhub.retention.kinds import Kept
from counselhub.retention.sweeping import Sweep
from counselhub.work import running
from counselhub.work.models import LongWork
from tests import factories
from tests.archives.conftest import SCAN, SECRET, Works
from tests.factories import Tenant, Town
from tests.work.meanwhile import at_part

PAGE = "/office/export"
FILE = re.compile(r'href="(/office/export/[0-9a-f-]+/data\.zip)"')
STOP = re.compile(r'action="(/office/export/[0-9a-f-]+/cancellation)"')


def made_by(client: FlaskClient, works: Works, **sent: str) -> ZipFile:
    """Ask for an archive, let the worker make it, fetch it."""
    assert client.post(PAGE, data=sent).status_code == 303
    assert "排队中" in client.get(PAGE).text
    works()
    shown = client.get(PAGE).text
    found = FILE.search(shown)
    assert found is not None, shown
    with client.get(found[1]) as answer:
        assert answer.headers["Cache-Control"] == "private, no-store"
        content = answer.data
    assert hashlib.sha256(content).hexdigest() in shown
    return ZipFile(BytesIO(content))


def table(archive: ZipFile, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(archive.read(path).decode("utf-8-sig"))))


def lines(archive: ZipFile, path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in archive.read(path).splitlines()]


def archives(app: Flask, street: str) -> list[LongWork]:
    with app.app_context(), as_platform():
        query = select(LongWork).where(LongWork.key == street, LongWork.task == TASK)
        found = list(db.session.scalars(query.order_by(LongWork.asked_at)))
        db.session.expunge_all()
        return found


def acts(app: Flask, town: Town) -> list[str]:
    with app.app_context(), as_scope(town.scope):
        query = select(AccountEvent.act).order_by(AccountEvent.at, AccountEvent.id)
        ours = ("long_work", "office_archive")
        return [act for act in db.session.scalars(query) if act.startswith(ours)]


def test_an_archive_is_whole_and_proves_itself(
    app: Flask, furnished: Tenant, outsider: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    archive = made_by(as_checker, works)
    manifest = json.loads(archive.read("manifest.json"))
    told = {one["path"]: one for one in manifest["files"]}
    assert set(archive.namelist()) == {*told, "manifest.json"}
    for path, one in told.items():
        content = archive.read(path)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
        if path.endswith(".jsonl"):
            assert len(content.splitlines()) == one["rows"] == told[f"{path[:-1][:-5]}.csv"]["rows"]
    assert len([path for path in told if path.endswith(".csv")]) == len(TABLES)

    (statement,) = table(archive, "3-结算/结算单.csv")
    (exact,) = lines(archive, "3-结算/结算单.jsonl")
    assert statement["状态"] == "已审定"
    assert exact["status"] == "signed"
    assert float(statement["合计（元）"]) * 100 == exact["total_fen"]
    assert statement["律师事务所"].endswith("律师事务所")
    assert statement["编号（系统）"] == exact["id"]
    assert {row["代码"] for row in table(archive, "1-社区和律所/社区.csv")} == set(
        furnished.town.communities
    )
    names = {row["名称"] for row in table(archive, "1-社区和律所/律师事务所.csv")}
    assert len(names) == 2
    assert archive.read(f"结算单/2026-10-{statement['编号']}.pdf").startswith(b"%PDF")
    (question,) = lines(archive, "3-结算/疑问和申诉的附件.jsonl")
    assert archive.read(f"附件/疑问和申诉/{question['id']}.pdf") == SCAN
    services = table(archive, "5-值班和服务/服务记录.csv")
    assert "'=1+1" in {row["结果"] for row in services}
    assert "操作记录" in archive.read("说明.txt").decode()
    assert acts(app, furnished.town) == [
        "long_work_asked",
        "office_archive_made",
        "long_work_fetched",
    ]


def test_it_holds_what_the_office_sees_and_no_more(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    elsewhere = factories.tenant(app, factories.town(app))
    archive = made_by(as_checker, works, photos="1")
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert furnished.code.encode() in everything
    for secret in (SECRET, elsewhere.code, elsewhere.town.street_code, "password", "@example.test"):
        assert secret.encode() not in everything, secret


def test_a_second_click_shows_the_first(
    app: Flask, town: Town, works: Works, as_checker: FlaskClient, as_approver: FlaskClient
) -> None:
    as_checker.post(PAGE)
    again = as_approver.post(PAGE, follow_redirects=True)
    assert "不用重复提交" in again.text
    assert len(archives(app, town.street_code)) == 1
    assert len(acts(app, town)) == 1
    works()
    assert [one.outcome for one in archives(app, town.street_code)] == ["done"]


def test_progress_outlives_a_reload_and_can_be_stopped(
    app: Flask,
    furnished: Tenant,
    works: Works,
    as_checker: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    data: Path,
) -> None:
    as_checker.post(PAGE)
    (own,) = archives(app, furnished.town.street_code)
    seen = []

    def look_and_stop(parts: int) -> None:
        page = as_checker.get(PAGE).text
        seen.append((f"制作中 3/{parts}" in page, 'hx-trigger="every 4s"' in page))
        stop = STOP.search(page)
        assert stop is not None
        assert as_checker.post(stop[1]).status_code == 303

    at_part(monkeypatch, own.id, 3, look_and_stop)
    works()
    assert seen == [(True, True)]
    page = as_checker.get(PAGE).text
    assert "已取消" in page
    assert "every 4s" not in page
    assert list((data / "work").iterdir()) == []
    (one,) = archives(app, furnished.town.street_code)
    late = as_checker.post(f"{PAGE}/{one.id}/cancellation")
    assert late.status_code == 409
    assert "已经结束" in late.text
    assert as_checker.get(f"{PAGE}/{one.id}/data.zip").status_code == 404


def test_a_failure_is_seen_and_another_begun(
    app: Flask,
    furnished: Tenant,
    works: Works,
    as_checker: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_work: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(making, "_statements", broken)
        as_checker.post(PAGE)
        works()
    assert "没有做成" in as_checker.get(PAGE).text
    made_by(as_checker, works)
    assert [one.outcome for one in archives(app, furnished.town.street_code)] == ["failed", "done"]


def test_one_that_kills_its_worker_ends(
    app: Flask, town: Town, works: Works, as_checker: FlaskClient
) -> None:
    as_checker.post(PAGE)
    with app.app_context(), as_platform():
        own = update(LongWork).where(LongWork.key == town.street_code, LongWork.task == TASK)
        db.session.execute(own.values(attempts=running.MOST_ATTEMPTS))
        db.session.commit()
    works()
    assert [one.outcome for one in archives(app, town.street_code)] == ["failed"]


def test_all_tables_are_of_one_moment(
    furnished: Tenant, works: Works, as_checker: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others commit meanwhile is not in it: figures of its tables fit one another."""
    levels = []
    statements = making._statements

    def asking(work: making._Work) -> None:
        levels.append(db.session.scalar(text("show transaction_isolation")))
        statements(work)

    monkeypatch.setattr(making, "_statements", asking)
    made_by(as_checker, works)
    assert levels == ["repeatable read"]


def test_memory_stays_flat(
    app: Flask, furnished: Tenant, urls: DatabaseUrls, works: Works, as_checker: FlaskClient
) -> None:
    """Ten thousand rows more add next to nothing: they pass in portions."""
    street = furnished.town.street_code
    with app.app_context(), as_office(street):
        db.session.execute(
            text(
                "INSERT INTO canned_reason (id, street_code, reason, words, revision)"
                " SELECT gen_random_uuid(), :street, 'amount', n || repeat('字', 100), 1"
                " FROM generate_series(1, 10000) n"
            ),
            {"street": street},
        )
        db.session.commit()
    as_checker.post(PAGE)
    tracemalloc.start()
    works()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (one,) = archives(app, street)
    assert one.detail["rows"] > 10_000
    assert peak < 24 * 2**20, peak


def test_anothers_archive_is_not_found(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    made_by(as_checker, works)
    (one,) = archives(app, furnished.town.street_code)
    stranger = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert stranger.get(f"{PAGE}/{one.id}/data.zip").status_code == 404
    assert stranger.post(f"{PAGE}/{one.id}/cancellation").status_code == 404
    assert "还没有制作过" in stranger.get(PAGE).text


def test_it_goes_when_its_time_is_over(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient, data: Path
) -> None:
    """By its own period: that of other works, which is longer, does not touch it."""
    made_by(as_checker, works)
    own = str(archives(app, furnished.town.street_code)[0].id)

    def swept(kept: Kept, days: int, *, dry: bool) -> bool:
        sweep = Sweep(kept, days, clock.today() - timedelta(days=days), dry)
        SWEEPS[kept](sweep)
        return own in sweep.ids.get("", [])

    with app.app_context():
        assert not swept(Kept.OFFICE_ARCHIVE, 1, dry=False)
        assert not swept(Kept.LONG_WORK, -2, dry=False)
        assert swept(Kept.OFFICE_ARCHIVE, -2, dry=True)
        assert swept(Kept.OFFICE_ARCHIVE, -2, dry=False)
    assert list((data / "work").iterdir()) == []
    assert "还没有制作过" in as_checker.get(PAGE).text


def test_who_asked_is_told_that_it_can_be_fetched(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    """Once, however soon it was made; colleagues are not."""
    made_by(as_checker, works)
    with app.app_context(), as_platform():
        told = select(Notice.kind, Notice.path).where(
            Notice.place_key == furnished.town.street_code
        )
        assert db.session.execute(told).all() == [("archive_ready", PAGE)]
