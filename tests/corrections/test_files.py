"""Files that prove a request: judged by content, seen by who decides, then by the office."""

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.corrections import papers, queries
from counselhub.corrections.models import CorrectionFile, CorrectionFileContent
from counselhub.duty.models import DutySession
from tests import factories
from tests.corrections.conftest import sent
from tests.counting import statements
from tests.duty.conftest import MakeSession
from tests.factories import Tenant
from tests.photos.cameras import picture

pytestmark = pytest.mark.usefixtures("noon")
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer\n%%EOF\n"
Send = Callable[..., TestResponse]


@pytest.fixture
def send(as_adviser: FlaskClient, tenant: Tenant, make_session: MakeSession) -> Send:
    """Ask for a correction of a session with these files."""

    def do(*files: bytes, session_id: UUID | None = None) -> TestResponse:
        session_id = session_id or make_session()
        named = [FileStorage(BytesIO(one), f"{place}.bin") for place, one in enumerate(files)]
        given: dict[str, Any] = sent(tenant) | {"files": named}
        boundary, body = encode_multipart(given)
        return as_adviser.post(
            f"/duty/sessions/{session_id}/corrections",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    return do


def links(page: str) -> list[str]:
    return re.findall(r'href="(/duty/corrections/files/[0-9a-f-]{36})"', page)


def test_a_photo_and_a_scan_are_seen_beside_both_versions(
    app: Flask, tenant: Tenant, as_adviser: FlaskClient, as_manager: FlaskClient, send: Send
) -> None:
    taken = datetime(2026, 10, 8, 11, 31, tzinfo=clock.SHANGHAI)
    photo = picture(taken)
    answer = send(photo, PDF, photo)
    assert answer.status_code == 303, answer.text
    page = as_manager.get(answer.location).text
    assert "10-08 11:31 拍摄" in page
    assert "签名簿有记录" in page
    shown, saved = (as_manager.get(one) for one in links(page))
    assert (shown.mimetype, shown.headers["Content-Disposition"][:6]) == ("image/jpeg", "inline")
    assert b"SECRET" not in shown.data
    assert (saved.data, saved.mimetype) == (PDF, "application/pdf")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert as_manager.get(f"{links(page)[0]}/thumb").mimetype == "image/jpeg"
    assert as_manager.get(f"{links(page)[1]}/thumb").status_code == 404
    assert links(as_adviser.get(answer.location).text) == links(page)
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalars(db.select(CorrectionFile.place).order_by("place")).all() == [1, 2]


def test_without_a_file_it_may_be_agreed_to(
    as_manager: FlaskClient, ask: Callable[..., str]
) -> None:
    address = ask()
    assert "无附件" in as_manager.get(address).text
    assert as_manager.post(f"{address}/agreement", data={"revision": "1"}).status_code == 303


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param([b"PK\x03\x04 no picture"], "只收照片", id="another kind of file"),
        pytest.param([b"<html>%PDF-1.4 %%EOF"], "只收照片", id="a page that names itself a PDF"),
        pytest.param([picture(), b"%PDF-1.4 cut off"], "第 2 个附件：PDF 已损坏", id="half a scan"),
        pytest.param([picture()[:200]], "照片已损坏", id="half a photo"),
        pytest.param([PDF + bytes(papers.LARGEST_BYTES)], "超过 12 MB", id="CORR-4 too large"),
        pytest.param(
            [picture(colour=one) for one in ("red", "green", "blue", "white")],
            "最多 3 个附件，您选了 4 个",
            id="CORR-4 a fourth",
        ),
    ],
)
def test_a_bad_file_is_refused_and_the_words_stay(
    app: Flask, tenant: Tenant, send: Send, files: list[bytes], said: str
) -> None:
    refused = send(*files)
    assert refused.status_code == 422
    assert said in refused.text
    assert "签名簿有记录" in refused.text
    assert "请重新选一次" in refused.text
    with app.app_context(), as_scope(tenant.scope):
        assert db.session.scalars(db.select(CorrectionFileContent)).all() == []


@pytest.mark.parametrize("part", [b"/Encrypt 5 0 R", b"/JavaScript", b"/JS (x)", b"/Launch"])
def test_a_scan_that_hides_something_is_none(context: None, part: bytes) -> None:
    with pytest.raises(RefusedError):
        papers.read(PDF.replace(b"trailer", b"trailer <<" + part + b">>"))


def test_the_office_sees_them_once_it_was_agreed(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_checker: FlaskClient,
    make_session: MakeSession, send: Send,
) -> None:  # fmt: skip
    session_id = make_session()
    asked = send(picture(), session_id=session_id).location
    (link,) = links(as_manager.get(asked).text)
    assert as_checker.get(link).status_code == 404
    assert of_office(app, tenant, session_id) == {}
    as_manager.post(f"{asked}/agreement", data={"revision": "1"})
    assert as_checker.get(link).status_code == 200
    (file,) = of_office(app, tenant, session_id)[session_id]
    assert (file.has_content, f"/duty/corrections/files/{file.row.id}") == (True, link)


def of_office(app: Flask, tenant: Tenant, session_id: UUID) -> Any:
    with app.app_context(), as_office(tenant.town.street_code):
        query = db.select(DutySession).where(DutySession.id == session_id)
        found = db.session.scalars(query).all()
        with statements() as asked:
            files = queries.files_on(found)
        assert len(asked) == 1
        return files


def test_who_may_not(
    app: Flask, tenant: Tenant, as_manager: FlaskClient, as_outsider: FlaskClient, send: Send
) -> None:
    (link,) = links(as_manager.get(send(picture()).location).text)
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    for client in (as_outsider, colleague):
        assert client.get(link).status_code == 404
