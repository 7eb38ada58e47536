"""A year's file from the click to the download, for the firm and for the office."""

import csv
import hashlib
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import Destination
from sqlalchemy import select

from counselhub.agreements.models import ContractPaper
from counselhub.contracts.models import Contract
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from tests import counting, factories
from tests.factories import Tenant, Town
from tests.yearfiles.conftest import SECRET, SHEET, Works
from tests.yearfiles.made import VOLUME, made_by, words_of


def manifest_of(archive: ZipFile) -> dict[str, list[str]]:
    rows = list(csv.reader(StringIO(archive.read("目录清单.csv").decode("utf-8-sig"))))
    assert rows[0] == ["路径", "字节数", "SHA-256", "内容"]
    return {row[0]: row[1:] for row in rows[1:]}


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


def test_who_takes_a_file_away_is_on_record(
    app: Flask, furnished: Tenant, works: Works, as_checker: FlaskClient
) -> None:
    volume, _archive = made_by(as_checker, furnished, works)
    with app.app_context(), as_platform():
        query = select(AccountEvent.detail).where(
            AccountEvent.key == furnished.town.street_code, AccountEvent.act == "long_work_fetched"
        )
        taken = list(db.session.scalars(query.order_by(AccountEvent.id)))
    assert [one["task"] for one in taken] == ["year_file", "year_file"]
    assert taken[0]["digest"] == hashlib.sha256(volume).hexdigest()
    assert len(taken[1]["digest"]) == 64
    assert taken[0]["digest"] != taken[1]["digest"]


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


def test_pages_ask_few_questions(app: Flask, furnished: Tenant, as_checker: FlaskClient) -> None:
    for page in ("/year-files", f"/year-files/{furnished.town.communities[0]}/2026"):
        as_checker.get(page)
        with counting.statements() as sent:
            assert as_checker.get(page).status_code == 200
        assert len(sent) <= 8, sent
