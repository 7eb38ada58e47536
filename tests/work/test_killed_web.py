"""kill -9 of the process that serves an upload, an import and an export: nothing half, all anew."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from counselhub.advisers.models import Adviser
from counselhub.core.db import db
from counselhub.core.history import Event
from counselhub.core.permissions import Role
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.tenancy import as_scope
from counselhub.duty.models import DutySession
from tests import factories
from tests.factories import Town
from tests.work.web import kill_in_request
from tests.workbook.books import book, rows_of, small
from tests.workbook.firms import Newcomer, exported, newcomer
from tests.workbook.test_routes import signature_in

pytestmark = pytest.mark.long
COMMIT = "counselhub.core.db:db.session.commit"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of a test lie in its own folder."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def firm(app: Flask) -> Newcomer:
    """A firm without data."""
    return newcomer(app)


@pytest.fixture
def manager(app: Flask, firm: Newcomer) -> FlaskClient:
    return factories.signed_in(app, firm.scope, Role.MANAGER)


def rows(app: Flask, firm: Newcomer) -> tuple[int, int, int]:
    """How many lawyers, sessions and acts the firm has."""
    with app.app_context(), as_scope(firm.scope):
        counted = (Adviser, DutySession, Event)
        found = [db.session.scalar(select(func.count()).select_from(one)) or 0 for one in counted]
        return found[0], found[1], found[2]


def upload(client: FlaskClient, data: bytes) -> str:
    """Try a workbook and return the address of what was found."""
    answer = client.post("/workbook/trials", data={"file": (BytesIO(data), "book.xlsx")})
    assert answer.status_code == 303
    return answer.location


def test_an_upload_that_was_kept_and_not_read(
    app: Flask, urls: DatabaseUrls, town: Town, firm: Newcomer, manager: FlaskClient, folder: Path
) -> None:
    data = book(small(town))
    (folder / "book.xlsx").write_bytes(data)
    where = "counselhub.workbook.trials:note"
    request = ("POST", "/workbook/trials")
    kill_in_request(app, urls, firm.scope, request, where, ("file", str(folder / "book.xlsx")))
    assert "没有错误，可以导入" in manager.get(upload(manager, data)).text
    assert len(list(folder.rglob("*.xlsx"))) == 2  # the one above, and one upload


def test_an_import_that_was_written_and_not_committed(
    app: Flask, urls: DatabaseUrls, town: Town, firm: Newcomer, manager: FlaskClient
) -> None:
    address = upload(manager, book(small(town)))
    signature = signature_in(manager.get(address).text)
    before = rows(app, firm)
    kill_in_request(app, urls, firm.scope, ("POST", address), COMMIT, ("signature", signature))
    assert rows(app, firm) == before
    assert manager.post(address, data={"signature": signature}).status_code == 303
    lawyers, sessions, acts = rows(app, firm)
    assert (lawyers > 0, sessions > 0, acts > before[2]) == (True, True, True)
    assert manager.post(address, data={"signature": signature}).status_code in (303, 409)
    assert rows(app, firm)[:2] == (lawyers, sessions)


def test_an_export_that_nobody_got(
    app: Flask, urls: DatabaseUrls, town: Town, firm: Newcomer, manager: FlaskClient, folder: Path
) -> None:
    address = upload(manager, book(small(town)))
    manager.post(address, data={"signature": signature_in(manager.get(address).text)})
    before, files = rows(app, firm), set(folder.rglob("*.xlsx"))
    where = "counselhub.workbook.routes:attachment"
    kill_in_request(app, urls, firm.scope, ("GET", "/workbook/export.xlsx"), where)
    assert (rows(app, firm), set(folder.rglob("*.xlsx"))) == (before, files)
    with app.test_request_context(), as_scope(firm.scope):
        whole = rows_of(exported())
    assert rows_of(manager.get("/workbook/export.xlsx").data) == whole
