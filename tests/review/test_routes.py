"""The office's pages: what its people see."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.review import actions
from counselhub.review.filters import LineFilter
from tests import factories as people
from tests.counting import statements as counted
from tests.factories import Tenant, Town
from tests.review import factories
from tests.review.factories import Made, at_office, officer
from tests.review.web import HTMX, address, first_line, revision


def test_the_checkers_first_look_begins_the_review(
    as_checker: FlaskClient, as_approver: FlaskClient, submitted: Made
) -> None:
    assert "等经办开始审核" in as_approver.get(address(submitted)).text
    page = as_checker.get(address(submitted)).text
    assert "审核中" not in page, "looking alone changes nothing"
    opening = address(submitted, "opening")
    assert f'hx-post="{opening}" hx-trigger="load, submit"' in page
    assert as_approver.post(opening).status_code == 403
    answer = as_checker.post(opening, follow_redirects=True)
    assert answer.status_code == 200
    assert "审核中" in answer.text
    assert as_checker.post(opening).status_code == 303, "a second time does nothing"


def test_the_page_names_what_one_gesture_accepts(as_checker: FlaskClient, in_review: Made) -> None:
    page = as_checker.get(address(in_review)).text
    assert re.search(r"全部通过（10 项无异常，合计 [\d,.]+ 元）", page)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        pytest.param(
            "shortfall", ("10-08 周四", "不计：没有签退", "不计：当日不足"), id="sessions"
        ),
        pytest.param("lecture", ("2026-10-20", "46 人次"), id="lectures"),
        pytest.param("online", ("10-01 00:00 – 10-02 00:00",), id="shifts"),
        pytest.param("case", ("AJ-", "已履行", "卷宗齐全"), id="claims"),
        pytest.param("base", ("10-08 周四", "计入"), id="sessions of a base"),
        pytest.param("withhold", ("怎么算的",), id="the trace alone"),
    ],
)
def test_a_line_opens_to_its_very_records(
    app: Flask,
    town: Town,
    as_checker: FlaskClient,
    in_review: Made,
    kind: str,
    words: tuple[str, ...],
) -> None:
    line_id, _revision = first_line(app, town, in_review, kind)
    answer = as_checker.get(address(in_review, "lines", line_id), headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    for word in words:
        assert word in answer.text


def test_a_line_is_a_page_without_script(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    line_id, _revision = first_line(app, town, in_review)
    page = as_checker.get(address(in_review, "lines", line_id)).text
    assert "<html" in page
    assert page.count('class="at"') == 1


def test_accepting_everything_then_approving_signing_and_paying(
    app: Flask, town: Town, as_checker: FlaskClient, as_approver: FlaskClient, in_review: Made
) -> None:
    page = as_checker.get(address(in_review)).text
    [lines] = re.findall(r'name="lines" value="(\d+)"', page)
    [amount] = re.findall(r'name="amount_fen" value="(-?\d+)"', page)
    answer = as_checker.post(
        address(in_review, "acceptance"), data={"lines": lines, "amount_fen": amount}
    )
    assert answer.status_code == 303
    with at_office(app, town):
        rest = [line.id for line in in_review.lines() if line.review == "pending"]
    data = {"act": "selected", "line": rest}
    assert as_checker.post(address(in_review, "acceptance"), data=data).status_code == 303
    seen = {"revision": revision(app, town, in_review)}
    assert as_checker.post(address(in_review, "approval"), data=seen).status_code == 303
    seen = {"revision": revision(app, town, in_review)}
    assert as_approver.post(address(in_review, "signature"), data=seen).status_code == 303
    page = as_checker.get(address(in_review)).text
    [sum_yuan] = re.findall(r'name="amount"[^>]*value="([\d,.]+)"', page)
    paid = {
        "revision": revision(app, town, in_review),
        "paid_on": people.clock.today().isoformat(),
        "amount": sum_yuan,
        "reference": "HD-2026-1",
    }
    assert as_approver.post(address(in_review, "payment"), data=paid).status_code == 303
    assert "HD-2026-1" in as_checker.get(address(in_review)).text


def test_accepting_by_htmx_goes_on_to_the_next_line(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    line_id, seen = first_line(app, town, in_review, "base")
    where = address(in_review, "lines", line_id, "acceptance")
    answer = as_checker.post(where, data={"revision": seen}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="review">')
    undone = address(in_review, "lines", line_id, "reopening")
    assert as_checker.post(undone, data={"revision": seen + 1}).status_code == 303


def test_a_query_goes_out_and_comes_back(
    app: Flask, town: Town, as_checker: FlaskClient, as_manager: FlaskClient, in_review: Made
) -> None:
    line_id, seen = first_line(app, town, in_review)
    asked = {"reason": "lecture", "words": "没有签到表", "revision": seen}
    where = address(in_review, "lines", line_id, "query")
    assert as_checker.post(where, data=asked).status_code == 303
    page = as_checker.get(address(in_review, "lines", line_id)).text
    assert "讲座无签到表或讲稿" in page
    assert "退回律所说明（1 项疑问）" in page
    seen_head = {"revision": revision(app, town, in_review)}
    assert as_checker.post(address(in_review, "return"), data=seen_head).status_code == 303
    with at_office(app, town):
        [query_id] = [q.query.id for q in _questions(in_review)]
    where = f"/review/queries/{query_id}/entries"
    assert where in as_manager.get(f"/statements/{in_review.id}").text
    empty = as_manager.post(where, data={f"{query_id.hex}-words": " "})
    assert empty.status_code == 422
    assert "请写明内容" in empty.text
    words = {f"{query_id.hex}-words": "签到表已补", f"{query_id.hex}-entries": "0"}
    assert as_manager.post(where, data=words).status_code == 303
    assert "签到表已补" in as_manager.get(f"/statements/{in_review.id}").text
    again = as_manager.post(where, data=words)
    assert again.status_code == 409
    assert "刚刚在这里写了新的内容" in again.text
    assert "签到表已补" in as_checker.get(address(in_review, "lines", line_id)).text


def _questions(made: Made) -> list[object]:
    from counselhub.review.queries import questions

    return questions(made.get())


def test_a_withdrawn_query_says_so(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    line_id, seen = first_line(app, town, in_review)
    asked = {"reason": "lecture", "words": "没有签到表", "revision": seen}
    as_checker.post(address(in_review, "lines", line_id, "query"), data=asked)
    where = address(in_review, "lines", line_id, "withdrawal")
    assert as_checker.post(where, data={"revision": seen + 1}).status_code == 303
    assert "已撤回" in as_checker.get(address(in_review, "lines", line_id)).text


def test_pages_send_at_most_eight_statements(
    app: Flask, town: Town, tenant: Tenant, as_checker: FlaskClient
) -> None:
    more = [_community(app, town, place) for place in range(60)]
    big = factories.statement(
        app, tenant, until=("certify", "submit", "open_review"), communities=more, warned=9
    )
    with at_office(app, town):
        assert len(big.lines()) >= 300
        line_id = big.lines("shortfall")[0].id
    for path in ("/review", address(big), address(big, "lines", line_id), address(big) + "?page=3"):
        with counted() as sent:
            assert as_checker.get(path).status_code == 200
        assert len(sent) <= 8, "\n\n".join(sent)
    with at_office(app, town), counted() as sent:
        actions.accept_matching(big.get(), LineFilter(), by=officer(town))
    assert len(sent) <= 5


def _community(app: Flask, town: Town, place: int) -> str:
    from counselhub.core.db import db
    from counselhub.core.tenancy import as_platform
    from counselhub.places.models import Community

    code = f"{town.street_code}{100 + place}"
    with app.app_context(), as_platform():
        name = f"第{place}社区居委会"
        db.session.add(
            Community(code=code, street_code=town.street_code, name=name, pinyin=code, search=code)
        )
        db.session.commit()
    return code
