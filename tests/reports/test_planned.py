"""Planned duty as it is published, and the notice of a community's board."""

import io
import re

import pytest
from pypdf import PdfReader

from counselhub.reports.planned import weeks
from tests import counting
from tests.reports.conftest import MONTH, OCTOBER, Furnished


def test_an_office_sees_the_hours_of_every_firm(furnished: Furnished) -> None:
    page = furnished.checker.get(f"/planned-duty?{MONTH}").text
    assert "共 4 条" in page
    assert "10-29 周四 09:00–11:00" in page
    assert "每周的周四 09:00–11:00" in page
    assert "10-30" not in page  # called off
    own = furnished.manager.get(f"/planned-duty?{MONTH}").text
    assert "共 2 条" in own
    assert furnished.other.code not in own


def test_one_week_one_firm_one_community(furnished: Furnished) -> None:
    page = furnished.checker.get(f"/planned-duty?{MONTH}&week=2").text
    assert "10-08" in page
    assert "10-29" not in page
    firm = furnished.other.firm_id
    assert "共 2 条" in furnished.checker.get(f"/planned-duty?{MONTH}&firm={firm}").text
    assert "看全部" in furnished.checker.get(f"/planned-duty?{MONTH}&q=没有这个").text
    assert "换一个月份看看" in furnished.checker.get("/planned-duty?month=2020-01").text
    assert furnished.checker.get(f"/planned-duty?{MONTH}&week=99&firm=x").status_code == 200


@pytest.mark.parametrize("reader", ["manager", "checker"])
def test_it_takes_at_most_eight_statements(furnished: Furnished, reader: str) -> None:
    with counting.statements() as sent:
        assert getattr(furnished, reader).get(f"/planned-duty?{MONTH}").status_code == 200
    assert len(sent) <= 8, sent


def test_weeks_end_on_sundays_and_with_the_month() -> None:
    days = [(first.day, last.day) for first, last in weeks(OCTOBER)]
    assert days == [(1, 4), (5, 11), (12, 18), (19, 25), (26, 31)]


def test_a_notice_says_who_when_where_and_how(furnished: Furnished) -> None:
    code = furnished.town.communities[0]
    typed = "phone=0755-0000000&place=%3Ckbd%3E%23set"
    address = f"/planned-duty/{code}/notice.pdf?{MONTH}&{typed}&firm={furnished.firm.firm_id}"
    answer = furnished.checker.get(address)
    assert answer.mimetype == "application/pdf"
    [page] = PdfReader(io.BytesIO(answer.data)).pages
    text = re.sub(r"\s+", "", page.extract_text())
    for words in ("一村（社区）一法律顾问公示牌", "甲社区", "张三丰", "每周四09:00–11:00",
                  "0755-0000000", "<kbd>#set", "监督投诉电话", "10月29日周四"):  # fmt: skip
        assert words in text
    assert "10月30日" not in text
    assert furnished.firm.code in text


def test_a_notice_asks_for_what_nobody_stored(furnished: Furnished) -> None:
    code = furnished.town.communities[0]
    page = furnished.manager.get(f"/planned-duty/{code}/notice?{MONTH}").text
    assert "监督投诉电话" in page
    answer = furnished.manager.get(f"/planned-duty/{code}/notice.pdf?{MONTH}&phone={'1' * 61}")
    assert answer.status_code == 422
    assert "每项最多 60 个字" in answer.text
    assert "1" * 61 in answer.text


def test_there_is_no_notice_where_nobody_serves(furnished: Furnished) -> None:
    for code in (furnished.town.communities[3], "nonsense"):
        for ending in ("notice", "notice.pdf"):
            assert furnished.manager.get(f"/planned-duty/{code}/{ending}").status_code == 404
