"""A workbook of many rows goes to the worker, with the same findings as a small one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.postgres import DatabaseUrls
from counselhub.workbook import background
from tests.factories import Town
from tests.work.worker import empty_queue, work
from tests.workbook.books import NOW, Rows, book, rows_of
from tests.workbook.test_routes import fresh, signature_in, upload


@pytest.fixture(autouse=True)
def folder(urls: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Files of a test lie in its own folder, in November 2026; every workbook is a large one."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    monkeypatch.setattr(background, "LARGE_FILE_ROWS", 1)
    monkeypatch.setattr(background, "LARGE_EXPORT_ROWS", 0)
    with clock.frozen(NOW):
        yield tmp_path
    empty_queue(urls)


def tried(app: Flask, urls: DatabaseUrls, client: FlaskClient, sheets: dict[str, Rows]) -> str:
    """Upload a workbook, let the worker try it, and return the address of the trial."""
    address = upload(client, book(sheets)).location
    assert address.startswith("/work/")
    assert "排队中" in client.get(address).text
    work(app, urls)
    page = client.get(address).text
    assert "试读完成" in page
    return "/workbook/trials/" + page.partition("/workbook/trials/")[2].partition('"')[0]


def test_tried_and_imported_by_the_worker(
    app: Flask, urls: DatabaseUrls, as_manager: FlaskClient, town: Town
) -> None:
    trial = tried(app, urls, as_manager, fresh(town))
    signature = signature_in(as_manager.get(trial).text)
    address = as_manager.post(trial, data={"signature": signature}).location
    assert as_manager.post(trial, data={"signature": signature}).location == address
    work(app, urls)
    assert "已导入“某所.xlsx”" in as_manager.get(address).text
    assert "某所.xlsx" in as_manager.get("/workbook").text
    again = as_manager.post(trial, data={"signature": signature}).location
    work(app, urls)
    page = as_manager.get(again).text
    assert "试读之后数据有了变动" in page
    assert trial in page
    assert "无需导入" in as_manager.get(trial).text


def test_faults_stand_by_their_cells(
    app: Flask, urls: DatabaseUrls, as_manager: FlaskClient, town: Town
) -> None:
    sheets = fresh(town)
    sheets["律师"][1][2] = "法师"
    assert "律师!C2" in as_manager.get(tried(app, urls, as_manager, sheets)).text


def test_exported_by_the_worker(
    app: Flask, urls: DatabaseUrls, as_manager: FlaskClient, as_outsider: FlaskClient
) -> None:
    assert as_manager.get("/workbook/export.xlsx").location == "/workbook"
    assert "在后台导出" in as_manager.get("/workbook").text
    address = as_manager.post("/workbook/exports").location
    data = f"/workbook/exports/{address.rpartition('/')[2]}/data.xlsx"
    assert as_manager.get(data).status_code == 404
    work(app, urls)
    assert data in as_manager.get(address).text
    with as_manager.get(data) as answer:
        assert "律师" in rows_of(answer.data)
    assert as_outsider.get(data).status_code == 404


def test_a_broken_file_is_small() -> None:
    assert not background.is_large(b"no workbook")
    rows: Rows = [["姓名"], ["张示例"]]
    assert background.is_large(book({"律师": rows}))
