"""kill -9 in the middle of what makes files and rows: whole in the end, nothing twice."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select

from counselhub.advisers.models import Adviser
from counselhub.archives import actions as office_archives
from counselhub.archives import making
from counselhub.core.db import db
from counselhub.core.history import AccountEvent, Event
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import Scope, as_platform, as_scope
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.leaving import archives as tenant_archives
from counselhub.notices.models import Notice
from counselhub.services.models import ServiceRecord
from counselhub.statements.actions.months import ask_batch
from counselhub.statements.models import Statement, StatementLine
from counselhub.statements.queries import statement_list
from counselhub.tenants.making import Whose
from counselhub.work import files, running
from counselhub.work.kinds import WorkState
from counselhub.work.models import LongWork
from counselhub.workbook import background, trials
from counselhub.workbook.actions import import_workbook, try_workbook
from counselhub.yearfiles import actions as yearfiles
from tests import factories
from tests.factories import Tenant, Town
from tests.work.worker import empty_queue, kill_in_the_middle, work_after_all
from tests.workbook.books import book, rows_of, small
from tests.workbook.firms import Newcomer, exported, newcomer

pytestmark = pytest.mark.long
COUNTED = (Adviser, DutySession, OnlineShift, ServiceRecord, Statement, StatementLine)
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def folder(urls: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Files of a test lie in its own folder; nothing of it stays in the queue."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    yield tmp_path
    empty_queue(urls)


@pytest.fixture
def firm(app: Flask) -> Newcomer:
    """A firm without data."""
    return newcomer(app)


def rows(app: Flask, firm: Newcomer) -> tuple[dict[str, int], Counter[str]]:
    """Return how many rows of each kind the firm has, and how often each act was recorded."""
    with app.app_context(), as_scope(firm.scope):
        counts = {
            model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in COUNTED
        }
        return counts, Counter(db.session.scalars(select(Event.act)))


def state(app: Flask, work_id: UUID) -> WorkState:
    with app.app_context(), as_platform():
        return db.session.get_one(LongWork, work_id).state


def finished(app: Flask, urls: DatabaseUrls, work_id: UUID, stop: int) -> None:
    """Kill a worker after `stop` parts of the work, and let another one end it."""
    kill_in_the_middle(app, urls, stop)
    assert state(app, work_id) is WorkState.WORKING
    work_after_all(app, urls, lambda: state(app, work_id) is WorkState.DONE)
    with app.app_context(), as_platform():
        assert db.session.get_one(LongWork, work_id).attempts == 2


def two_streets(app: Flask, town: Town) -> bytes:
    """Return a book of contracts in two streets."""
    other = factories.town(app).communities[0]
    sheets = small(town)
    contract = ["H2", "政府购买服务合同", other, "2026-01-01", "2026-12-31", "S9", None]
    sheets["合同"].append(contract)
    sheets["指派"].append([other, "A001", "主责", "2026-01-01", None])
    return book(sheets)


def test_an_import(app: Flask, urls: DatabaseUrls, town: Town, firm: Newcomer) -> None:
    """Killed while half of it is written."""
    data, twin = book(small(town)), newcomer(app)
    with app.test_request_context(), as_scope(twin.scope):
        import_workbook(data, by=twin.manager)
        db.session.commit()
    before = rows(app, firm)
    with app.test_request_context(), as_scope(firm.scope):
        digest = trials.keep(firm.firm_id, data)
        trial = trials.note(firm.firm_id, "某所.xlsx", try_workbook(data))
        work_id = background.ask_import(digest, trial.signature, by=firm.manager)
        db.session.commit()
    kill_in_the_middle(app, urls, background.TRIAL_STEPS + 5)
    assert rows(app, firm) == before
    work_after_all(app, urls, lambda: state(app, work_id) is WorkState.DONE)
    assert rows(app, firm) == rows(app, twin)
    assert rows(app, firm)[1]["import"] == 1


def test_an_export(
    app: Flask, urls: DatabaseUrls, town: Town, firm: Newcomer, folder: Path
) -> None:
    with app.test_request_context(), as_scope(firm.scope):
        import_workbook(book(small(town)), by=firm.manager)
        work_id = background.ask_export(by=firm.manager)
        db.session.commit()
        whole = rows_of(exported())
    finished(app, urls, work_id, 5)
    assert rows_of(files.path_of(work_id, ".xlsx").read_bytes()) == whole
    assert [one.name for one in (folder / "work").iterdir()] == [f"{work_id}.xlsx"]


@pytest.mark.parametrize("part", [1, 2])
def test_a_batch(app: Flask, urls: DatabaseUrls, town: Town, firm: Newcomer, part: int) -> None:
    """Killed between two streets, and when all are made but it has not ended."""
    twin, data = newcomer(app), two_streets(app, town)
    for one in (firm, twin):
        with app.test_request_context(), as_scope(one.scope):
            import_workbook(data, by=one.manager)
            db.session.commit()
    with app.test_request_context(), as_scope(firm.scope):
        work_id = ask_batch(OCTOBER, by=firm.manager)
        db.session.commit()
    finished(app, urls, work_id, part)
    found = rows(app, firm)
    with app.app_context(), as_scope(firm.scope):
        assert len(db.session.scalars(statement_list(month=OCTOBER)).all()) == 2
    with app.test_request_context(), as_scope(twin.scope):
        other = ask_batch(OCTOBER, by=twin.manager)
        db.session.commit()
    work_after_all(app, urls, lambda: state(app, other) is WorkState.DONE)
    assert found == rows(app, twin)


OURS = ("long_work", "office_archive", "year_file")


def acts(app: Flask, scope: Scope) -> Counter[str]:
    """Return how often each act was recorded of long works and what they make."""
    with app.app_context(), as_platform():
        found = db.session.scalars(
            select(AccountEvent.act).where(
                AccountEvent.kind == scope.kind.value, AccountEvent.key == scope.key
            )
        )
        return Counter(act for act in found if act.startswith(OURS))


def made(app: Flask, folder: Path, work_id: UUID) -> tuple[dict[str, Any], bytes]:
    """Return what is known of the only file there is, and the file."""
    with app.app_context(), as_platform():
        detail = db.session.get_one(LongWork, work_id).detail
    (file,) = (folder / "work").iterdir()
    assert file.name == f"{work_id}.zip"
    with ZipFile(file) as archive:
        assert archive.testzip() is None
    return detail, file.read_bytes()


def test_a_firms_archive(app: Flask, urls: DatabaseUrls, tenant: Tenant, folder: Path) -> None:
    """Killed while its tables are written: one archive, whose manifest bears the digest."""
    by = tenant.member()
    with app.test_request_context(), as_scope(tenant.scope):
        whose = Whose(tenant.firm_id, tenant.code, by.title)
        work_id = tenant_archives.ask(whose, "correct horse battery", by=by)[0]
        db.session.commit()
    finished(app, urls, work_id, 20)
    detail, content = made(app, folder, work_id)
    with ZipFile(BytesIO(content)) as archive:
        manifest = archive.read("manifest.json")
    assert detail["digest"] == hashlib.sha256(manifest).hexdigest()
    assert "passphrase" not in detail
    assert acts(app, tenant.scope) == {"long_work_asked": 1}


def test_an_offices_archive(
    app: Flask, urls: DatabaseUrls, town: Town, tenant: Tenant, folder: Path
) -> None:
    """Killed while its tables are written: one archive with its digest, told and recorded once."""
    client = factories.signed_in(app, town.scope, Role.CHECKER)
    assert client.post("/office/export").status_code == 303
    with app.app_context(), as_platform():
        own = select(LongWork.id).where(
            LongWork.key == town.street_code, LongWork.task == office_archives.TASK
        )
        work_id = db.session.scalars(own).one()
    finished(app, urls, work_id, 20)
    detail, content = made(app, folder, work_id)
    assert detail["digest"] == hashlib.sha256(content).hexdigest()
    assert acts(app, town.scope) == {"long_work_asked": 1, "office_archive_made": 1}
    with app.app_context(), as_platform():
        told = select(func.count()).where(Notice.place_key == town.street_code)
        assert db.session.scalar(told) == 1


def test_a_years_file(app: Flask, urls: DatabaseUrls, tenant: Tenant, folder: Path) -> None:
    """Killed while its tables are bound: both files with their digests, recorded once."""
    code, scope = tenant.town.communities[0], tenant.scope
    with app.test_request_context(), as_scope(scope):
        assert yearfiles.ask([code], 2026, "/papers", by=tenant.member()) == 1
        db.session.commit()
    with app.app_context(), as_platform():
        work_id = db.session.scalars(select(LongWork.id).where(LongWork.key == scope.key)).one()
    finished(app, urls, work_id, 4)
    with app.app_context(), as_platform():
        detail = db.session.get_one(LongWork, work_id).detail
    digests = {
        one.suffix[1:]: hashlib.sha256(one.read_bytes()).hexdigest()
        for one in (folder / "work").iterdir()
    }
    assert digests == {"pdf": detail["pdf"], "zip": detail["zip"]}
    assert acts(app, scope) == {"year_file_asked": 1, "year_file_made": 1}


def test_a_worker_that_was_taken_for_dead_replaces_nothing(
    app: Flask, urls: DatabaseUrls, town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on when another has made the file: that file stays, and so does its digest."""
    client = factories.signed_in(app, town.scope, Role.CHECKER)
    client.post("/office/export")
    with app.app_context(), as_platform():
        own = select(LongWork.id).where(LongWork.key == town.street_code)
        work_id = db.session.scalars(own).one()
    make, others = making.make, list[UUID]()

    def overtaken(*args: Any) -> Any:
        found = make(*args)
        if not others:
            others.append(work_id)
            with ThreadPoolExecutor(1) as apart:
                apart.submit(work_once, app, town.scope, work_id).result()
        return found

    monkeypatch.setattr(office_archives, "make", overtaken)
    work_once(app, town.scope, work_id)
    detail, content = made(app, folder, work_id)
    assert detail["digest"] == hashlib.sha256(content).hexdigest()
    assert acts(app, town.scope) == {"long_work_asked": 1, "office_archive_made": 1}


def work_once(app: Flask, scope: Scope, work_id: UUID) -> None:
    """Do a work as a job of the queue does."""
    with app.app_context(), as_scope(scope):
        running.run(work_id)
        db.session.commit()
