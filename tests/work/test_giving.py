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
from counselhub.core.tenancy import as_platform
from counselhub.workbook import background
from tests import factories
from tests.factories import Tenant
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
