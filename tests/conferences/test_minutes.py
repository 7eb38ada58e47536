"""The minutes as PDF and Word: what they say, that versions stay, that typed text stays text."""

import io
import zipfile
from uuid import UUID

import docx
from pypdf import PdfReader
from werkzeug.test import TestResponse

from counselhub.conferences import minutes
from counselhub.conferences.models import ConferenceMinutes
from counselhub.core.db import db
from tests.conferences.conftest import Room
from tests.referrals.conftest import Firm

SAID = '甲方*不付*#let x = 1\n<w:b/>A&B "引号" $x$ _y_'


def versions(room: Room) -> list[UUID]:
    with room.firm.inside():
        query = db.select(ConferenceMinutes.id).order_by(ConferenceMinutes.version)
        return list(db.session.scalars(query.where(ConferenceMinutes.conference_id == room.id)))


def pdf_text(answer: TestResponse) -> str:
    reader = PdfReader(io.BytesIO(answer.data))
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "")


def word_text(answer: TestResponse) -> str:
    document = docx.Document(io.BytesIO(answer.data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def test_both_files_say_what_was_said(firm: Firm, room: Room) -> None:
    room.first.post(f"{room.page}/opinion", data={"opinion": SAID})
    room.hold()
    task = {"words": "起草支付令申请", "owner_id": str(firm.leader_id), "due_on": "2026-10-12"}
    room.chair.post(f"{room.page}/tasks", data=task)
    record = {"disputes": "1、谁付", "summary": "一致", "conclusion": SAID}
    room.chair.post(f"{room.page}/record", data=record)
    room.chair.post(f"{room.page}/conclusion")
    (one,) = versions(room)
    made = room.chair.get(f"/conferences/minutes/{one}.pdf")
    assert made.headers["Content-Disposition"].startswith("attachment")
    page = pdf_text(made)
    word = word_text(room.first.get(f"/conferences/minutes/{one}.docx"))
    said = (
        minutes.TITLE, "2026年10月8日 15:00—16:30", "社区调解主任", "谁付", "起草支付令申请",
        "王五一", "2026年10月12日", "待反馈", "主持人（", "第1版",
        "甲方*不付*#let x = 1", "<w:b/>A&B",
        "$x$ _y_",
    )  # fmt: skip
    for text in said:
        assert text.replace(" ", "") in page.replace(" ", ""), text
        assert text in word, text
    again = room.chair.get(f"/conferences/minutes/{one}.pdf")
    assert again.data == made.data
    with zipfile.ZipFile(io.BytesIO(room.chair.get(f"/conferences/minutes/{one}.docx").data)) as z:
        assert z.testzip() is None


def test_a_revision_is_a_further_version(firm: Firm, room: Room) -> None:
    room.conclude()
    given = {"disputes": "谁付", "summary": "一致", "conclusion": "改为申请仲裁"}
    bare = room.chair.post(f"{room.page}/revision", data=given)
    assert (bare.status_code, "请填写" in bare.text) == (422, True)
    given |= {"reason": "漏写仲裁前置"}
    assert room.first.post(f"{room.page}/revision", data=given).status_code == 403
    assert room.chair.post(f"{room.page}/revision", data=given).status_code == 303
    stale = room.chair.post(f"{room.page}/revision", data=given | {"revision": "1"})
    assert stale.status_code == 409
    first, second = versions(room)
    old = pdf_text(room.chair.get(f"/conferences/minutes/{first}.pdf"))
    new = pdf_text(room.chair.get(f"/conferences/minutes/{second}.pdf"))
    assert "先行申请支付令" in old
    assert "改为申请仲裁" in new
    assert "漏写仲裁前置" in new
    page = room.chair.get(room.page).text
    assert page.index("第2版") < page.index("第1版")


def test_the_digest_is_of_the_content(room: Room) -> None:
    room.conclude()
    with room.firm.inside():
        row = db.session.scalars(db.select(ConferenceMinutes)).one()
        assert row.content is not None
        assert row.digest == minutes.digest_of(row.content)
        assert minutes.digest_of(row.content | {"conclusion": "x"}) != row.digest
