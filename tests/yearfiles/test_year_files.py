"""A year's file from the click to the download, for the firm and for the office."""

import csv
import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import Destination
from sqlalchemy import select, update

from counselhub.agreements.models import ContractPaper
from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.notices.models import Notice
from counselhub.retention.actions import SWEEPS
from counselhub.retention.kinds import Kept
from counselhub.retention.sweeping import Sweep
from counselhub.work import running
from counselhub.work.models import LongWork
from counselhub.work.running import Order
from counselhub.yearfiles import actions, making
from counselhub.yearfiles.kinds import TASK
from tests import counting, factories
from tests.factories import Tenant, Town
from tests.yearfiles.conftest import SECRET, SHEET, Works

STOP = re.compile(r'action="(/year-files/files/[0-9a-f-]+/cancellation)"')
VOLUME = re.compile(r'href="(/year-files/files/[0-9a-f-]+/volume\.pdf)"')


def words_of(file: bytes) -> list[str]:
    """The words of each page, without blanks."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(file)).pages]


def made_by(client: FlaskClient, tenant: Tenant, works: Works) -> tuple[bytes, ZipFile]:
    """Ask for the first community's year, let the worker make it, fetch both files."""
    page = f"/year-files/{tenant.town.communities[0]}/2026"
    assert client.post(page).status_code == 303
    assert "排队中" in client.get(page).text
    works()
    shown = client.get(page).text
    found = VOLUME.search(shown)
    assert found is not None, shown
    with client.get(found[1]) as volume:
        assert volume.headers["Cache-Control"] == "private, no-store"
        bound = volume.data
    with client.get(found[1].replace("volume.pdf", "originals.zip")) as originals:
        archive = ZipFile(BytesIO(originals.data))
    assert hashlib.sha256(bound).hexdigest() in shown
    return bound, archive


def manifest_of(archive: ZipFile) -> dict[str, list[str]]:
    rows = list(csv.reader(StringIO(archive.read("目录清单.csv").decode("utf-8-sig"))))
    assert rows[0] == ["路径", "字节数", "SHA-256", "内容"]
    return {row[0]: row[1:] for row in rows[1:]}


def files(app: Flask, tenant: Tenant) -> list[LongWork]:
    """The office's works that make files, in the order in which they are made."""
    with app.app_context(), as_platform():
        own = select(LongWork).where(LongWork.key == tenant.town.street_code, LongWork.task == TASK)
        found = list(db.session.scalars(own.order_by(LongWork.asked_at, LongWork.subject)))
        db.session.expunge_all()
        return found


def test_the_firms_file_is_whole(app: Flask, furnished: Tenant, works: Works) -> None:
    client = factories.signed_in(app, furnished.scope, Role.MANAGER)
    volume, archive = made_by(client, furnished, works)
    pages = words_of(volume)
    assert "甲社区" in pages[0]
    assert "目录" in pages[1]
    assert "缺口清单" in pages[2]
    assert "合同没有签署扫描件" in pages[2]
    reader = PdfReader(BytesIO(volume))
    for number, entry in enumerate(reader.outline, 1):
        assert isinstance(entry, Destination)
        title = "".join(str(entry.title).split())
        page = reader.get_destination_page_number(entry)
        assert page is not None
        assert f"{number}{title}{page + 1}" in pages[1]
        assert title.partition("（")[0] in pages[page] or title.startswith("结算单")
    assert all(f"年卷第{place}页，共{len(pages)}页" in page for place, page in enumerate(pages, 1))
    assert SECRET in "".join(pages)
    assert sum(page.count("验真码") > 0 for page in pages) == 1
    manifest = manifest_of(archive)
    assert set(archive.namelist()) == {*manifest, "目录清单.csv"}
    for path, (size, digest, _what) in manifest.items():
        content = archive.read(path)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (int(size), digest)
    kinds = {path.partition("/")[0] for path in manifest if "/" in path}
    assert kinds == {"结算单", "现场照片", "服务附件"}
    assert SHEET in [archive.read(path) for path in manifest]


SCAN = b"%PDF-1.7 signed contract %%EOF"


@pytest.fixture
def scanned(app: Flask, furnished: Tenant) -> Tenant:
    """The signed scan of the firm's contracts lies there."""
    with app.test_request_context(), as_scope(furnished.scope):
        for contract_id in db.session.scalars(select(Contract.id)).all():
            scan = ContractPaper(
                contract_id=contract_id,
                kind="scan",
                name="合同.pdf",
                ending="pdf",
                digest=hashlib.sha256(SCAN).hexdigest(),
                added_at=clock.now(),
                added_by_name="某主任",
                content=SCAN,
            )
            db.session.add(scan)
        db.session.commit()
    return furnished


def test_a_signed_contract_is_the_firms_own(
    app: Flask, scanned: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    manager = factories.signed_in(app, scanned.scope, Role.MANAGER)
    for client, contents in ((manager, [SCAN]), (as_checker, [])):
        volume, archive = made_by(client, scanned, works)
        assert "合同没有签署扫描件" not in "".join(words_of(volume))
        named = [name for name in archive.namelist() if name.startswith("合同/")]
        assert [archive.read(name) for name in named] == contents


def test_the_office_gets_no_more_than_it_sees(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    volume, archive = made_by(as_checker, furnished, works)
    words = "".join(words_of(volume))
    assert SECRET not in words
    assert "讲座没有供司法所查看的照片或讲稿" in words
    assert "司法所" in words_of(volume)[0]
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert SHEET not in everything
    assert SECRET.encode() not in everything
    statement = next(name for name in archive.namelist() if name.startswith("结算单/"))
    told = app.test_client().post(
        "/papers/file", data={"file": (BytesIO(archive.read(statement)), "a.pdf")}
    )
    assert 'data-verdict="genuine"' in told.text


def test_all_communities_by_one_click(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    assert as_checker.post("/year-files", data={"year": 2026}).status_code == 303
    again = as_checker.post("/year-files", data={"year": 2026}, follow_redirects=True)
    assert "不用重复提交" in again.text
    assert 'hx-trigger="every 4s"' in again.text
    works()
    page = as_checker.get("/year-files?year=2026").text
    assert len(VOLUME.findall(page)) == 2
    assert "every 4s" not in page
    with app.app_context(), as_platform():
        acts = select(AccountEvent).where(
            AccountEvent.key == furnished.town.street_code,
            AccountEvent.act.in_(("year_file_asked", "year_file_made")),
        )
        told = [(one.act, one.detail) for one in db.session.scalars(acts.order_by(AccountEvent.id))]
    assert [act for act, _detail in told].count("year_file_made") == 2
    assert all(len(detail["pdf"]) == 64 for act, detail in told if act == "year_file_made")


@pytest.mark.parametrize("role", [Role.ADVISER, Role.TEAM_LEADER, Role.FINANCE])
def test_who_may_not_is_refused(app: Flask, tenant: Tenant, role: Role) -> None:
    client = factories.signed_in(app, tenant.scope, role, adviser_id=tenant.adviser_id)
    assert client.get("/year-files").status_code == 403


def test_anothers_file_is_not_found(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient, as_outsider: FlaskClient
) -> None:
    code = furnished.town.communities[0]
    as_checker.post(f"/year-files/{code}/2026")
    works()
    found = VOLUME.search(as_checker.get(f"/year-files/{code}/2026").text)
    assert found is not None
    own = factories.signed_in(app, furnished.scope, Role.MANAGER)
    elsewhere = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    for client in (as_outsider, own, elsewhere):
        assert client.get(found[1]).status_code == 404
    assert elsewhere.get(f"/year-files/{code}/2026").status_code == 404
    assert elsewhere.post(f"/year-files/{code}/2026").status_code == 404


@pytest.mark.parametrize("year", [1999, 2013, 2031, 99999])
def test_a_year_without_files_is_not_found(
    as_manager: FlaskClient, tenant: Tenant, year: int
) -> None:
    assert as_manager.get(f"/year-files/{tenant.town.communities[0]}/{year}").status_code == 404


def test_nothing_to_make_is_said(as_checker: FlaskClient, town: Town) -> None:
    assert "还没有内容" in as_checker.get("/year-files?year=2020").text
    refused = as_checker.post("/year-files", data={"year": "2020"})
    assert refused.status_code == 422
    assert "没有可以成卷的社区" in refused.text


def test_one_that_cannot_be_made_says_so_and_the_others_go_on(
    app: Flask,
    furnished: Tenant,
    works: Works,
    as_checker: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first file meets a disk that is full: nothing else could make it fail on purpose."""
    whole, calls = making.make, []

    def once_full(*args: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            raise OSError("no space left on device")
        return whole(*args)  # type: ignore[arg-type]  # the arguments of make

    monkeypatch.setattr(actions, "make", once_full)
    as_checker.post("/year-files", data={"year": 2026})
    works()
    page = as_checker.get("/year-files?year=2026").text
    assert "没有做成" in page
    assert len(VOLUME.findall(page)) == 1
    (failed,) = [one for one in files(app, furnished) if one.fault]
    shown = as_checker.get(f"/year-files/{failed.detail['code']}/2026").text
    assert "系统出错，已经记录" in shown
    refused = as_checker.get(f"/year-files/files/{failed.id}/volume.pdf")
    assert refused.status_code == 404
    assert "没有做成" in refused.text


def test_one_that_kills_its_worker_ends_and_the_others_go_on(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    """Begun again so often and no more: the first of the queue kills every worker."""
    as_checker.post("/year-files", data={"year": 2026})
    first = files(app, furnished)[0]
    with app.app_context(), as_platform():
        often = {"attempts": running.MOST_ATTEMPTS, "parts": 9, "done": 4, "doing": "制作中"}
        killed = update(LongWork).where(LongWork.id == first.id)
        db.session.execute(killed.values(started_at=clock.now(), **often))
        db.session.commit()
    assert "制作中 4/9" in as_checker.get(f"/year-files/{first.detail['code']}/2026").text
    works()
    assert [one.outcome for one in files(app, furnished)] == ["failed", "done"]
    shown = as_checker.get(f"/year-files/{first.detail['code']}/2026").text
    assert "中断过多次，已停止" in shown


def test_one_that_is_given_up_leaves_nothing(
    app: Flask,
    furnished: Tenant,
    works: Works,
    as_checker: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    data: Path,
) -> None:
    """Given up in the middle: the worker stops at the next part, and goes on with the next file."""
    as_checker.post("/year-files", data={"year": 2026})
    first, second = files(app, furnished)
    page, tell = f"/year-files/{first.detail['code']}/2026", Order.tell

    def give_up() -> None:
        stop = STOP.search(as_checker.get(page).text)
        assert stop is not None
        assert as_checker.post(stop[1]).status_code == 303

    def stopped(order: Order, done: int, parts: int, doing: str = "") -> None:
        tell(order, done, parts, doing)
        if (order.id, done) == (first.id, 3):
            with ThreadPoolExecutor(1) as browser:  # the worker's session is none of its
                browser.submit(give_up).result()

    monkeypatch.setattr(Order, "tell", stopped)
    works()
    assert [one.outcome for one in files(app, furnished)] == ["cancelled", "done"]
    assert "已取消" in as_checker.get(page).text
    kept = {one.name for one in (data / "work").iterdir()}
    assert kept == {f"{second.id}.pdf", f"{second.id}.zip"}
    late = as_checker.post(f"/year-files/files/{second.id}/cancellation")
    assert late.status_code == 409
    assert "已经结束" in late.text


def test_others_works_go_first_and_who_asked_is_told_once(
    app: Flask,
    furnished: Tenant,
    works: Works,
    as_checker: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A click asks for many: an archive that is asked for later waits for none of them."""
    monkeypatch.setattr(running, "PATIENCE", timedelta())
    as_checker.post("/year-files", data={"year": 2026})
    as_checker.post("/office/export")
    works()
    street = furnished.town.street_code
    with app.app_context(), as_platform():
        own = select(LongWork.task).where(LongWork.key == street)
        in_order = db.session.scalars(own.order_by(LongWork.ended_at)).all()
        assert in_order == ["office_archive", TASK, TASK]
        told = select(Notice.kind, Notice.path).where(Notice.place_key == street)
        assert set(db.session.execute(told.order_by(Notice.id)).all()) == {
            ("archive_ready", "/office/export"),
            ("work_ended", "/year-files?year=2026"),
        }


def test_a_file_is_in_chinese_whoever_asks(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    chinese, _originals = made_by(as_checker, furnished, works)
    page = f"/year-files/{furnished.town.communities[0]}/2026"
    as_checker.post(page)
    with app.app_context(), as_platform():
        asked = update(LongWork).where(LongWork.ended_at.is_(None), LongWork.task == TASK)
        db.session.execute(asked.values(locale="en"))
        db.session.commit()
    works()
    found = VOLUME.search(as_checker.get(page).text)
    assert found is not None
    with as_checker.get(found[1]) as volume:
        english = volume.data
    assert words_of(english)[1:] == words_of(chinese)[1:]  # the cover tells the minute


def test_files_go_after_their_time(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient, data: Path
) -> None:
    """By their own period: that of other works does not touch them."""
    as_checker.post(f"/year-files/{furnished.town.communities[0]}/2026")
    works()
    (own,) = files(app, furnished)

    def swept(kept: Kept, days: int, *, dry: bool) -> bool:
        sweep = Sweep(kept, days, clock.today() - timedelta(days=days), dry)
        SWEEPS[kept](sweep)
        return str(own.id) in sweep.ids.get("", [])

    with app.app_context():
        assert not swept(Kept.YEAR_FILE, 1, dry=False)
        assert not swept(Kept.LONG_WORK, -2, dry=False)
        assert swept(Kept.YEAR_FILE, -2, dry=True)
        assert len(list((data / "work").iterdir())) == 2
        assert swept(Kept.YEAR_FILE, -2, dry=False)
    assert files(app, furnished) == []
    assert list((data / "work").iterdir()) == []


def test_pages_ask_few_questions(app: Flask, furnished: Tenant, as_checker: FlaskClient) -> None:
    for page in ("/year-files", f"/year-files/{furnished.town.communities[0]}/2026"):
        as_checker.get(page)
        with counting.statements() as sent:
            assert as_checker.get(page).status_code == 200
        assert len(sent) <= 8, sent
