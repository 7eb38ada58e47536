"""A long work's file is given whole or on from where it broke off, and who begins is on record."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.history import AccountEvent
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.matters import actions as matters
from counselhub.matters import deciding
from counselhub.matters.deciding import Whom
from counselhub.matters.kinds import WallReason
from counselhub.people.models import Person
from counselhub.work import actions
from counselhub.work.kinds import WorkState
from counselhub.work.models import LongWork
from counselhub.workbook import background
from tests import factories
from tests.factories import Tenant
from tests.matters.conftest import SIDES, entry
from tests.work.worker import empty_queue, work


@pytest.fixture(autouse=True)
def folder(urls: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Files lie in a folder of the test's own, and every workbook is a large one."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    monkeypatch.setattr(background, "LARGE_EXPORT_ROWS", 0)
    yield
    empty_queue(urls)


@pytest.fixture
def address(app: Flask, urls: DatabaseUrls, as_manager: FlaskClient) -> str:
    """Of an archive that the worker has made."""
    as_manager.post("/leaving/archives", data={"passphrase": WORDS, "again": WORDS})
    work(app, urls)
    found = re.search(r"/leaving/archives/[0-9a-f-]{36}/firm\.zip", as_manager.get("/leaving").text)
    assert found is not None
    return found[0]


WORDS = "correct horse battery"
WHY = "因有事项设了隔离，这份文件不提供给您"


def noted(app: Flask, tenant: Tenant) -> int:
    """How often the record says that somebody took the file."""
    query = select(AccountEvent).where(
        AccountEvent.key == str(tenant.firm_id), AccountEvent.act == "long_work_fetched"
    )
    with app.app_context(), as_platform():
        return len(db.session.scalars(query).all())


def taken(client: FlaskClient, address: str, pieces: str = "", **headers: str) -> tuple[int, bytes]:
    """Ask for the file, or for pieces of it; the status and what came."""
    asked = headers | ({"Range": f"bytes={pieces}"} if pieces else {})
    with client.get(address, headers=asked) as answer:
        return answer.status_code, answer.data


def test_who_looks_takes_nothing(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, address: str
) -> None:
    with as_manager.head(address) as answer:
        assert answer.status_code == 200
    assert noted(app, tenant) == 0


def test_a_download_that_goes_on_is_one(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, address: str
) -> None:
    status, first = taken(as_manager, address, "0-9")
    assert (status, len(first), noted(app, tenant)) == (206, 10, 1)
    status, rest = taken(as_manager, address, "10-")
    assert (status, noted(app, tenant)) == (206, 1)
    assert taken(as_manager, address) == (200, first + rest)
    assert noted(app, tenant) == 2, "the whole file once more"


@pytest.mark.parametrize("pieces", ["1-", "-10"])
def test_who_skips_the_beginning_is_on_record(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, address: str, pieces: str
) -> None:
    assert taken(as_manager, address, pieces)[0] == 206
    assert noted(app, tenant) == 1
    taken(as_manager, address, pieces)
    assert noted(app, tenant) == 1
    colleague = factories.signed_in(app, tenant.scope, Role.MANAGER)
    taken(colleague, address, pieces)
    assert noted(app, tenant) == 2, "what one has begun is nobody else's"


def test_a_piece_of_another_file_is_the_whole_of_this_one(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, address: str
) -> None:
    status, content = taken(as_manager, address, "10-", **{"If-Range": '"other"'})
    assert (status, content[:2], noted(app, tenant)) == (200, b"PK", 1)


def test_what_is_not_there_is_not_taken(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, address: str
) -> None:
    assert as_manager.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
    assert noted(app, tenant) == 0


def test_a_workbook_is_given_whole(
    app: Flask, urls: DatabaseUrls, tenant: Tenant, as_manager: FlaskClient
) -> None:
    """It is looked through before it leaves."""
    asked = as_manager.post("/workbook/exports").location
    work(app, urls)
    kept = f"/workbook/exports/{asked.rpartition('/')[2]}/data.xlsx"
    for address in (kept, "/workbook/template.xlsx"):
        assert taken(as_manager, address, "10-") == taken(as_manager, address)
    assert noted(app, tenant) == 2


@pytest.fixture
def walled(app: Flask, tenant: Tenant) -> FlaskClient:
    """A manager who is walled off from a matter."""
    email = factories.account(app, tenant.scope, Role.MANAGER)
    with app.test_request_context():
        with as_platform():
            person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
        with as_scope(tenant.scope):
            matter, _answer = matters.open_matter(entry(tenant), SIDES, by=tenant.member())
            whom = Whom("某主任", person_id=person_id)
            deciding.wall_off(matter, whom, WallReason.ASKED, "回避", by=tenant.member())
            db.session.commit()
    return factories.entered(app, person_id)


def test_a_colleagues_workbook_is_kept_from_who_is_walled_off(
    app: Flask, urls: DatabaseUrls, tenant: Tenant, as_manager: FlaskClient, walled: FlaskClient
) -> None:
    clerk = factories.signed_in(app, tenant.scope, Role.CLERK)
    page = clerk.post("/workbook/exports").location
    work(app, urls)
    address = f"/workbook/exports/{page.rpartition('/')[2]}/data.xlsx"
    for reader, status in ((clerk, 200), (as_manager, 200), (walled, 403)):
        assert taken(reader, address)[0] == status
        shown = reader.get(page).text
        assert (WHY in shown, address in shown) == (status == 403, status == 200)
    assert WHY in walled.get(address).text
    assert noted(app, tenant) == 2


def test_an_archive_is_the_same_for_all(address: str, walled: FlaskClient) -> None:
    """It holds every row, and who may take one may take each."""
    assert taken(walled, address)[0] == 200
    assert WHY not in walled.get(f"/work/{address.split('/')[3]}").text


def test_a_work_without_a_file_is_shown_as_before(
    app: Flask, urls: DatabaseUrls, tenant: Tenant, walled: FlaskClient
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        work_id, _is_new = actions.ask(
            background.TRIAL, by=tenant.member(), subject="0" * 64, name="a.xlsx"
        )
        db.session.commit()
    with app.app_context(), as_platform():
        row = db.session.get_one(LongWork, work_id)
        row.started_at = row.ended_at = row.asked_at
        row.outcome = WorkState.DONE.value
        db.session.commit()
    shown = walled.get(f"/work/{work_id}").text
    assert WHY not in shown
    assert "查看结果" in shown
