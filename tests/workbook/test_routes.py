"""The pages of the workbook: for whom, what they refuse, what they show."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from counselhub.core import clock
from counselhub.core.db import db
from tests.factories import Tenant, Town
from tests.workbook.books import NOW, Rows, book, rows_of, small

PAGES = ("/workbook", "/workbook/export.xlsx", "/workbook/template.xlsx")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Uploads of a test go to its own folder, in November 2026."""
    monkeypatch.setenv("COUNSELHUB_DATA", str(tmp_path))
    with clock.frozen(NOW):
        yield tmp_path


def upload(client: FlaskClient, data: bytes, name: str = "某所.xlsx") -> TestResponse:
    """Post a file to be tried."""
    return client.post("/workbook/trials", data={"file": (BytesIO(data), name)})


def signature_in(page: str) -> str:
    """Return the hidden signature of a trial's page."""
    return page.partition('name="signature" value="')[2].partition('"')[0]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_sign_in(app: Flask, path: str) -> None:
    assert app.test_client().get(path).location.startswith("/sign-in?next=")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["as_adviser", "as_checker"])
def test_others_may_not(path: str, who: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(who).get(path).status_code == 403


def test_the_page_states_its_limit_and_teaches(as_manager: FlaskClient) -> None:
    page = as_manager.get("/workbook").text
    assert "最大 20 MB" in page
    assert "还没有导入过" in page


def test_the_export_is_the_firms_own(as_manager: FlaskClient, tenant: Tenant) -> None:
    out = rows_of(as_manager.get("/workbook/export.xlsx").data)
    assert [row[0] for row in out["合同"][1:]] == [f"{tenant.code}-001"]


def test_the_template_as_it_is_has_no_fault(as_manager: FlaskClient) -> None:
    data = as_manager.get("/workbook/template.xlsx").data
    page = as_manager.get(upload(as_manager, data).location).text
    assert "无需导入" in page
    assert "不认识" not in page


def test_a_file_without_a_row_says_so(as_manager: FlaskClient) -> None:
    trial = upload(as_manager, book({"备忘": [["x"]]}))
    page = as_manager.get(trial.location).text
    assert "整个文件都不会导入" in page
    assert "没有读到数据行" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("", "请选择一个文件", id="nothing chosen"),
        pytest.param("某所.xls", "另存为 .xlsx", id="an old format"),
    ],
)
def test_a_wrong_upload_comes_back(as_manager: FlaskClient, name: str, words: str) -> None:
    answer = upload(as_manager, b"x", name)
    assert answer.status_code == 422
    assert words in answer.text


def test_too_large_a_file_is_told_so(app: Flask, as_manager: FlaskClient) -> None:
    answer = as_manager.post(
        "/workbook/trials",
        data=b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert "20 MB" in answer.text


def test_a_file_that_is_no_workbook_is_not_kept(as_manager: FlaskClient, folder: Path) -> None:
    answer = upload(as_manager, b"no zip")
    assert answer.status_code == 422
    assert "这不是 Excel 工作簿" in answer.text
    assert "确认导入" not in answer.text
    assert [one for one in folder.rglob("*") if one.is_file()] == []


def test_faults_stand_by_their_cells(as_manager: FlaskClient, town: Town) -> None:
    sheets = small(town)
    sheets["现场值班"][1][1] = "999"
    sheets["律师"][1][2] = "法师"
    page = as_manager.get(upload(as_manager, book(sheets)).location).text
    assert "现场值班!B2" in page
    assert "律师!C2" in page
    only = as_manager.get(upload(as_manager, book(sheets)).location + "?sheet=律师").text
    assert "现场值班!B2" not in only


def test_a_sound_file_is_imported_once(as_manager: FlaskClient, town: Town) -> None:
    address = upload(as_manager, book(fresh(town))).location
    signature = signature_in(as_manager.get(address).text)
    first = as_manager.post(address, data={"signature": signature})
    assert first.status_code == 303
    assert "已导入" in as_manager.get(first.location).text
    again = as_manager.post(address, data={"signature": signature})
    assert again.status_code == 409
    assert "无需导入" in again.text


def test_a_stale_trial_shows_what_is_now(as_manager: FlaskClient, town: Town, folder: Path) -> None:
    address = upload(as_manager, book(fresh(town))).location
    answer = as_manager.post(address, data={"signature": "0" * 64})
    assert answer.status_code == 409
    assert "试读之后数据有了变动" in answer.text
    assert len(signature_in(answer.text)) == 64


def test_a_file_changed_meanwhile_is_refused(
    as_manager: FlaskClient, town: Town, folder: Path
) -> None:
    address = upload(as_manager, book(fresh(town))).location
    signature = signature_in(as_manager.get(address).text)
    kept = next(folder.rglob("*.xlsx"))
    kept.write_bytes(b"something else")
    answer = as_manager.post(address, data={"signature": signature})
    assert answer.status_code == 409
    assert "重新上传" in answer.text


def test_another_firms_trial_is_not_there(
    as_manager: FlaskClient, as_outsider: FlaskClient, town: Town
) -> None:
    address = upload(as_manager, book(fresh(town))).location
    assert as_outsider.get(address).status_code == 404
    assert as_outsider.post(address, data={"signature": "x"}).status_code == 404
    assert as_manager.get("/workbook/trials/..%2f..%2fkeys").status_code == 404


def test_pages_ask_few_questions(app: Flask, as_manager: FlaskClient, town: Town) -> None:
    address = upload(as_manager, book(fresh(town))).location
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for path in ("/workbook", address):
        asked.clear()
        as_manager.get(path)
        assert len(asked) <= 8, asked


def fresh(town: Town) -> dict[str, Rows]:
    """Return sheets of the communities that the tenant of the tests does not serve."""
    return small(Town(town.street_code, town.communities[2:]))
