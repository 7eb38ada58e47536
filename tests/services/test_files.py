"""Files of a record: judged by content, kept in the firm, shown to the office when marked."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from counselhub.cli import cli
from counselhub.core import clock
from counselhub.core.tenancy import as_scope
from counselhub.services import log_queries
from counselhub.services.attachments import AttachmentError, judged
from tests.factories import Tenant
from tests.photos.cameras import picture
from tests.services.conftest import NOON, STATEMENT, MakeRecord

PDF = b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"
HEIC = b"\x00\x00\x00\x18ftypheic" + b"\0" * 64


def document(*parts: str) -> bytes:
    """Return a packed file with these parts."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for part in parts:
            archive.writestr(part, "<x/>")
    return target.getvalue()


DOCX = document("[Content_Types].xml", "word/document.xml")


def sent(
    content: bytes, name: str = "讲稿.pdf", kind: str = "draft", **more: str
) -> dict[str, object]:
    fields = {"kind": kind} | more
    given: dict[str, object] = {f"file-{field}": value for field, value in fields.items()}
    return given | {"file-file": (BytesIO(content), name)}


def opened(page: str) -> list[str]:
    """Return the addresses of the files that a page leads to."""
    return re.findall(r'"(/services/files/[^"]+)"', page)


def acts(page: str, act: str) -> list[str]:
    """Return the addresses of an act on each file of a page."""
    return re.findall(rf'"(/services/[^"/]+/files/[^"/]+/{act})"', page)


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        pytest.param(PDF, "讲稿.pdf", "讲稿.pdf", id="pdf"),
        pytest.param(DOCX, "讲稿.docx", "讲稿.docx", id="docx"),
        pytest.param(picture(), "a/../现场.JPG", ".jpg", id="a picture, named safely"),
        pytest.param(PDF, "讲稿.exe", "讲稿.pdf", id="named by its content"),
    ],
)
def test_a_file_is_kept_and_comes_back(
    as_adviser: FlaskClient, make_record: MakeRecord, content: bytes, name: str, kept: str
) -> None:
    address = f"/services/{make_record()}"
    answer = as_adviser.post(f"{address}/files", data=sent(content, name))
    assert (answer.status_code, answer.location) == (303, f"{address}#files")
    page = as_adviser.get(address).text
    assert kept in page
    (path,) = opened(page)
    file = as_adviser.get(path)
    if kept == ".jpg":
        assert file.data.startswith(b"\xff\xd8\xff")
        assert b"SECRET" not in file.data
    else:
        assert file.data == content
        assert file.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "没有收到文件", id="empty"),
        pytest.param(HEIC, "HEIC", id="heic"),
        pytest.param(b"MZ\x90", "只收 PDF", id="a program"),
        pytest.param(PDF[:-6], "PDF 不完整", id="half a pdf"),
        pytest.param(document("a.txt"), "打不开", id="a packed file"),
        pytest.param(
            document("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "宏",
            id="macros",
        ),
        pytest.param(bytes.fromhex("d0cf11e0a1b11ae1"), "另存为不含宏的 .docx", id="old .doc"),
        pytest.param(picture()[:200], "照片已损坏", id="half a picture"),
    ],
)
def test_what_cannot_be_kept_is_told(
    as_adviser: FlaskClient, make_record: MakeRecord, content: bytes, words: str
) -> None:
    address = f"/services/{make_record()}/files"
    answer = as_adviser.post(address, data=sent(content))
    assert answer.status_code == 422
    assert words in answer.text


def test_too_much_is_told(context: None) -> None:
    with pytest.raises(AttachmentError, match="超过 12 MB"):
        judged("讲稿.pdf", PDF.ljust(12 * 2**20 + 1))


def test_only_photos_and_drafts_are_shared_and_the_office_reads_nothing_else(
    as_adviser: FlaskClient, as_checker: FlaskClient, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record(kind='lecture')}"
    refused = as_adviser.post(f"{address}/files", data=sent(PDF, kind="opinion", shared="y"))
    assert refused.status_code == 422
    assert "只有现场照片和讲稿" in refused.text
    as_adviser.post(f"{address}/files", data=sent(PDF))
    page = as_adviser.get(address).text
    (path,) = opened(page)
    (sharing,) = acts(page, "sharing")
    assert as_checker.get(path).status_code == 404
    assert as_adviser.post(sharing, data={"shared": "y", "revision": "1"}).status_code == 303
    assert as_checker.get(path).data == PDF
    stale = as_adviser.post(sharing, data={"revision": "1"})
    assert stale.status_code == 409
    assert "别人已经改动了它" in stale.text
    as_adviser.post(sharing, data={"revision": "2"})
    assert as_checker.get(path).status_code == 404


def test_the_same_file_once_ten_at_most_and_gone_when_removed(
    as_adviser: FlaskClient, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record()}"
    for number in (0, 0, *range(1, 10)):
        content = PDF + f"%{number}\n%%EOF".encode()
        assert as_adviser.post(f"{address}/files", data=sent(content)).status_code == 303
    page = as_adviser.get(address).text
    removals = acts(page, "removal")
    assert len(removals) == 10
    assert 'name="file-file"' not in page
    more = as_adviser.post(f"{address}/files", data=sent(PDF))
    assert more.status_code == 422
    assert "最多 10 个附件" in more.text
    assert as_adviser.post(removals[0]).status_code == 303
    assert as_adviser.post(removals[0]).status_code == 404


def test_a_closed_month_keeps_its_files(
    as_adviser: FlaskClient, make_record: MakeRecord, close_october: Callable[[], None]
) -> None:
    address = f"/services/{make_record()}"
    as_adviser.post(f"{address}/files", data=sent(PDF))
    removal = acts(as_adviser.get(address).text, "removal")[0]
    close_october()
    for path, data in ((f"{address}/files", sent(DOCX)), (removal, {})):
        answer = as_adviser.post(path, data=data)
        assert answer.status_code == 409
        assert STATEMENT in answer.text


@pytest.mark.sweeping
def test_contents_go_after_three_years_and_what_is_known_stays(
    app: Flask, as_adviser: FlaskClient, tenant: Tenant, make_record: MakeRecord
) -> None:
    made = make_record()
    as_adviser.post(f"/services/{made}/files", data=sent(PDF))
    for days, is_there in ((3 * 365, True), (3 * 365 + 1, False)):
        with app.app_context(), clock.frozen(NOON + timedelta(days=days)):
            assert CliRunner().invoke(cli, ["retention"], obj=nullcontext).exit_code == 0
        with app.app_context(), as_scope(tenant.scope):
            ((file, has_content),) = log_queries.files(made)
            assert (file.name, has_content) == ("讲稿.pdf", is_there)


def test_another_firm_and_a_role_without_it_get_nothing(
    as_adviser: FlaskClient, as_outsider: FlaskClient, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record()}"
    as_adviser.post(f"{address}/files", data=sent(PDF))
    (path,) = opened(as_adviser.get(address).text)
    assert as_outsider.get(path).status_code == 404
    assert as_outsider.post(f"{address}/files", data=sent(PDF)).status_code == 404
