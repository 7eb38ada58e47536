"""What the holder of a paper is told, and nobody else."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.db import db
from counselhub.core.money import format_yuan
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.statements import actions as statements
from counselhub.statements.models import Statement
from counselhub.statements.sealing import seal
from tests import counting
from tests.factories import Tenant
from tests.papers.conftest import Prints
from tests.statements.work import OCTOBER

VERDICT = re.compile(r'data-verdict="(\w+)"')
ROWS = re.compile(r"<dt>(.*?)</dt>")


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Somebody without an account."""
    return app.test_client()


def verdict(page: Any) -> str:
    assert page.status_code in (200, 404), page.text
    found = VERDICT.search(page.text)
    return found[1] if found else ""


@pytest.fixture
def later(app: Flask, tenant: Tenant, submitted: Statement) -> Callable[..., None]:
    """What happens to the statement after it was printed."""

    def act(change: Callable[[Statement], object]) -> None:
        with app.test_request_context(), as_scope(tenant.scope):
            change(db.session.get_one(Statement, (tenant.firm_id, submitted.id)))
            db.session.commit()

    return act


def test_the_qr_code_opens_what_stands_on_the_paper(
    stranger: FlaskClient, submitted: Statement, prints: Prints, tenant: Tenant
) -> None:
    page = stranger.get(prints().address)
    assert (verdict(page), page.status_code) == ("genuine", 200)
    assert page.headers["Cache-Control"] == "private, no-store"
    for word in (submitted.number, "2026年10月", format_yuan(submitted.total_fen), "第 1 次提交"):
        assert word in page.text
    for hidden in ("张三丰", "甲社区", "律师事务所", str(tenant.firm_id), str(submitted.id)):
        assert hidden not in page.text


def test_a_later_version_and_the_end_are_told(
    stranger: FlaskClient,
    prints: Prints,
    later: Callable[..., None],
    tenant: Tenant,
) -> None:
    first = prints()

    def resubmit(made: Statement) -> None:
        made.version = 2
        seal(made, "resubmit")

    later(resubmit)
    page = stranger.get(first.address)
    assert verdict(page) == "outdated"
    assert "最新封存的是第 2 次" in page.text
    second = prints()
    assert second.code != first.code
    assert verdict(stranger.get(second.address)) == "genuine"
    later(lambda made: statements.void(made, tenant.member(Role.MANAGER)))
    assert verdict(stranger.get(second.address)) == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({}, "genuine", id="everything as printed"),
        pytest.param({"month": "", "total": "", "digest": ""}, "genuine", id="the code alone"),
        pytest.param({"month": "2026年10月"}, "genuine", id="the month in words"),
        pytest.param({"month": "2026-09"}, "differs", id="another month"),
        pytest.param({"total": "1.00"}, "differs", id="another amount"),
        pytest.param({"digest": "0000 0000"}, "differs", id="another digest"),
        pytest.param({"code": "0" * 32}, "unknown", id="another code"),
    ],
)
def test_what_is_typed_is_compared(
    stranger: FlaskClient,
    submitted: Statement,
    prints: Prints,
    changes: dict[str, str],
    told: str,
) -> None:
    paper = prints()
    typed = {
        "code": " ".join(re.findall("....", paper.code)),
        "month": "2026-10",
        "total": f"￥{format_yuan(submitted.total_fen)}",
        "digest": paper.digest[:8].lower(),
    }
    page = stranger.post("/papers", data=typed | changes)
    assert verdict(page) == told


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param({"code": ""}, "请填写二维码旁的验真码", id="no code"),
        pytest.param({"code": "123"}, "32 位", id="a short code"),
        pytest.param({"code": "g" * 32}, "32 位", id="no such letters"),
        pytest.param({"code": "0" * 32, "month": "2026-13"}, "2026-10", id="no month"),
        pytest.param({"code": "0" * 32, "total": "很多"}, "1666.67", id="no amount"),
        pytest.param({"code": "0" * 32, "digest": "a1"}, "前 8 位", id="too little of a digest"),
    ],
)
def test_what_cannot_be_read_comes_back(
    stranger: FlaskClient, typed: dict[str, str], words: str
) -> None:
    page = stranger.post("/papers", data=typed)
    assert page.status_code == 422
    assert words in page.text
    for value in typed.values():
        assert f'value="{value}"' in page.text


def sent(file: bytes) -> dict[str, Any]:
    return {"file": (BytesIO(file), "结算单.pdf")}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda file: file, "genuine", id="the very file"),
        pytest.param(lambda file: file.replace(b"/Title", b"/Titel", 1), "altered", id="a byte"),
        pytest.param(lambda file: file[:-80], "altered", id="without its signature"),
        pytest.param(lambda file: file + b"%\n", "altered", id="something added"),
        pytest.param(lambda _file: b"%PDF-1.7\n%%EOF", "unknown", id="any other PDF"),
    ],
)
def test_a_file_is_told_from_a_changed_one(
    stranger: FlaskClient, prints: Prints, change: Callable[[bytes], bytes], told: str
) -> None:
    page = stranger.post("/papers/file", data=sent(change(prints().file)))
    assert verdict(page) == told


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param({}, "请选择 PDF 文件", id="nothing"),
        pytest.param(sent(b"PK\x03\x04"), "不是 PDF", id="no PDF"),
    ],
)
def test_what_is_no_pdf_is_refused(stranger: FlaskClient, data: dict[str, Any], words: str) -> None:
    page = stranger.post("/papers/file", data=data)
    assert page.status_code == 422
    assert words in page.text


def test_an_unknown_code_is_answered_like_a_known_one(
    stranger: FlaskClient, prints: Prints
) -> None:
    known_address = prints().address
    with counting.statements() as known:
        found = stranger.get(known_address)
    for address in (f"/papers/{'0' * 32}", "/papers/x", f"/papers/{'ü' * 300}"):
        with counting.statements() as unknown:
            page = stranger.get(address)
        assert (verdict(page), page.status_code) == ("unknown", 404)
        assert ROWS.findall(page.text) == ROWS.findall(found.text)
        assert len(unknown) == len(known) <= 6


def test_a_draft_bears_no_stamp(as_manager: FlaskClient, app: Flask, tenant: Tenant) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        made = statements.compute(tenant.town.street_code, OCTOBER, tenant.member())
        number = made.id
        db.session.commit()
    file = as_manager.get(f"/statements/{number}/statement.pdf").data
    assert b"counselhub" not in file
