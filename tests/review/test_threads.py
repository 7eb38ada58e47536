"""Threads on lines: both sides go on, with files that both read; nothing is ever edited."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.exc import DBAPIError

from counselhub.core.db import db
from counselhub.core.errors import ConflictError, IllegalMoveError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_office, as_scope
from counselhub.review import actions, papers
from counselhub.statements.states import QueryReason
from counselhub.statements.thread_models import LineEntry, LineFile, LineQuery
from tests.factories import Tenant, Town
from tests.isolation.furnishing import upload_of
from tests.review.factories import Made, at_office, officer
from tests.review.web import address, first_line

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def photo() -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def asked(app: Flask, town: Town, in_review: Made) -> tuple[object, object]:
    """The key of a question on the lecture."""
    with at_office(app, town):
        line = in_review.lines("lecture")[0]
        row = actions.query(line, QueryReason.LECTURE, "缺签到表", by=officer(town))
        return row.firm_id, row.id


def test_a_thread_goes_on_from_both_sides(
    app: Flask, town: Town, tenant: Tenant, in_review: Made, asked: tuple[object, object]
) -> None:
    manager, checker = tenant.member(Role.MANAGER), officer(town)

    def say(words: str, by: Member) -> None:
        with app.test_request_context(), as_scope(by.scope):
            actions.reply(db.session.get_one(LineQuery, asked), words, by=by)
            db.session.commit()

    say("签到表已扫描", manager)
    say("缺第二页", checker)
    with at_office(app, town):
        actions.return_queried(in_review.get(), by=checker)
    say("第二页也传了", manager)
    with at_office(app, town):
        found = db.session.get_one(LineQuery, asked)
        said = [(entry.side, entry.words) for entry in found.entries]
        assert set(said) == {
            ("firm", "签到表已扫描"),
            ("office", "缺第二页"),
            ("firm", "第二页也传了"),
        }
        assert found.answer is not None


@pytest.mark.parametrize("change", ["UPDATE line_entry SET words = ''", "DELETE FROM line_entry"])
def test_what_was_said_stays(
    app: Flask, tenant: Tenant, asked: tuple[object, object], change: str
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        actions.reply(db.session.get_one(LineQuery, asked), "已说明", by=tenant.member())
        with pytest.raises(DBAPIError, match="permission denied"), db.session.begin_nested():
            db.session.execute(db.text(change))


def test_a_blank_is_filled_before_it_is_sent(app: Flask, town: Town, in_review: Made) -> None:
    with at_office(app, town):
        line = in_review.lines("lecture")[0]
        with pytest.raises(RefusedError, match="日期、材料"):
            actions.query(line, QueryReason.LECTURE, "{日期}缺签到表，请补{材料}", by=officer(town))
        assert line.review == "pending"


def test_a_writer_is_shown_first_what_others_wrote(
    app: Flask, tenant: Tenant, asked: tuple[object, object]
) -> None:
    with app.test_request_context(), as_scope(tenant.scope):
        found = db.session.get_one(LineQuery, asked)
        actions.reply(found, "甲的答复", by=tenant.member(), seen=0)
        with pytest.raises(ConflictError, match="刚刚在这里写了新的内容"):
            actions.reply(found, "乙的答复", by=tenant.member(), seen=0)
        db.session.rollback()


def test_a_settled_question_takes_no_more_words(
    app: Flask, town: Town, tenant: Tenant, in_review: Made, asked: tuple[object, object]
) -> None:
    with at_office(app, town):
        actions.withdraw_query(in_review.lines("lecture")[0], by=officer(town))
    with app.test_request_context(), as_scope(tenant.scope):
        with pytest.raises(IllegalMoveError, match="已经了结"):
            actions.reply(db.session.get_one(LineQuery, asked), "晚了", by=tenant.member())
        db.session.rollback()


@pytest.mark.parametrize(
    ("name", "made", "kept"),
    [
        pytest.param("签到表.png", photo, "签到表.jpg", id="a picture is written anew"),
        pytest.param("扫描.pdf", lambda: PDF, "扫描.pdf", id="a pdf"),
        pytest.param("台账.xlsx", lambda: upload_of("x"), "台账.xlsx", id="a workbook"),
        pytest.param("伪装.pdf", photo, "伪装.jpg", id="named after its content"),
    ],
)
def test_what_is_kept_of_a_file(name: str, made: Callable[[], bytes], kept: str) -> None:
    assert papers.read(name, made()).name == kept


def test_files_travel_with_the_words_and_both_sides_read_them(
    app: Flask,
    town: Town,
    as_checker: FlaskClient,
    as_manager: FlaskClient,
    as_outsider: FlaskClient,
    in_review: Made,
) -> None:
    line_id, seen = first_line(app, town, in_review)
    sent = {
        "reason": "lecture",
        "words": "缺签到表",
        "revision": seen,
        "files": [(BytesIO(PDF), "台账.pdf"), (BytesIO(PDF), "同一个.pdf")],
    }
    asking = address(in_review, "lines", line_id, "query")
    assert as_checker.post(asking, data=sent).status_code == 303
    with app.test_request_context(), as_office(town.street_code):
        [file_id] = db.session.scalars(db.select(LineFile.id)).all()
        query_id = db.session.scalars(db.select(LineQuery.id)).one()
    where = f"/review/files/{file_id}"
    assert where in as_manager.get(f"/statements/{in_review.id}").text
    for reader in (as_checker, as_manager):
        answer = reader.get(where)
        assert (answer.status_code, answer.data) == (200, PDF)
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert as_outsider.get(where).status_code == 404
    bad = {f"{query_id.hex}-words": "见附件", f"{query_id.hex}-files": (BytesIO(b"MZ"), "a.exe")}
    refused = as_manager.post(f"/review/queries/{query_id}/entries", data=bad)
    assert refused.status_code == 422
    assert "第 1 个附件" in refused.text
    assert "见附件" in refused.text, "what was typed is kept"
    with app.test_request_context(), as_office(town.street_code):
        assert not db.session.scalars(db.select(LineEntry)).all()
