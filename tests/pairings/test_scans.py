"""Scans of what was signed: kept as they came, judged by their content."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.errors import RefusedError
from counselhub.core.tenancy import as_scope
from counselhub.pairings.models import PairingScan
from counselhub.pairings.scans import ending_of
from tests.factories import Tenant
from tests.pairings.conftest import PDF, file, made, status_of


def test_a_scan_comes_back_as_it_was_sent(
    app: Flask, as_adviser: FlaskClient, tenant: Tenant, address: str
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        scan = db.session.scalars(select(PairingScan)).one()
    answer = as_adviser.get(f"{address}/scans/{scan.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert as_adviser.post(f"{address}/scans/{scan.id}/removal").status_code == 403


def test_the_last_scan_of_a_signed_agreement_stays(
    app: Flask, as_secretary: FlaskClient, tenant: Tenant, address: str
) -> None:
    with app.app_context(), as_scope(tenant.scope):
        first = db.session.scalars(select(PairingScan)).one().id
    kept = as_secretary.post(f"{address}/scans/{first}/removal")
    assert kept.status_code == 422
    assert "至少留一个签署件" in kept.text
    more = {"scans": [file(PDF + b"%%EOF", "补页.pdf")]}
    assert as_secretary.post(f"{address}/scans", data=more).status_code == 303
    assert as_secretary.post(f"{address}/scans/{first}/removal").status_code == 303
    assert "协议.pdf" not in as_secretary.get(address).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "文件是空的", id="empty"),
        pytest.param(b"PK\x03\x04 a document", "不是 JPEG 或 PNG", id="another kind"),
        pytest.param(b"%PDF-1.7 cut off", "不完整", id="cut off"),
        pytest.param(b"%PDF-1.7 /JavaScript (x) %%EOF", "脚本", id="script"),
        pytest.param(b"%PDF-" + b"0" * (15 * 2**20), "15 MB", id="too large"),
    ],
)
def test_what_is_no_scan_is_refused(context: None, data: bytes, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        ending_of(data)


def test_a_draft_stays_one_when_its_scan_is_refused(
    app: Flask, at_desk: FlaskClient, house: Tenant
) -> None:
    draft = made(app, house, until="draft")
    given = {"signed_on": "2026-01-08", "scans": [file(), file(b"no scan")]}
    answer = at_desk.post(f"/pairings/{draft}/signature", data=given)
    assert answer.status_code == 422
    assert "不是 JPEG 或 PNG" in answer.text
    assert status_of(app, house, draft) == "draft"
