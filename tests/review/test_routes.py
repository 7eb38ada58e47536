"""The office's pages: what its people see, and every refusal."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.access import Role
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.review import actions
from counselhub.review.filters import LineFilter
from counselhub.statements.states import QueryReason
from tests import factories as people
from tests.counting import statements as counted
from tests.factories import Tenant, Town
from tests.review import factories
from tests.review.factories import Made, at_office, officer

HTMX = {"HX-Request": "true"}


def address(made: Made, *parts: object) -> str:
    return "/".join(["/review", str(made.id), *map(str, parts)])


def first_line(app: Flask, town: Town, made: Made, kind: str = "lecture") -> tuple[str, int]:
    """The id and the revision of a line."""
    with at_office(app, town):
        line = made.lines(kind)[0]
        return str(line.id), line.revision


def revision(app: Flask, town: Town, made: Made) -> int:
    with at_office(app, town):
        return made.get().revision


def approve(app: Flask, town: Town, made: Made) -> None:
    with at_office(app, town):
        checker = officer(town)
        actions.accept_selected(made.get(), [line.id for line in made.lines()], by=checker)
        actions.approve(made.get(), by=checker)


def test_the_inbox_lists_what_waits(as_checker: FlaskClient, submitted: Made) -> None:
    answer = as_checker.get("/review")
    assert answer.status_code == 200
    assert submitted.number in answer.text
    assert "待审 12" in answer.text
    assert as_checker.get("/").location == "/review"


def test_an_empty_inbox_teaches(as_checker: FlaskClient) -> None:
    assert "还没有律所提交结算单" in as_checker.get("/review").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("?tab=firm", False, id="another tab"),
        pytest.param("?tab=all", True, id="all"),
        pytest.param("?month=2026-10", True, id="its month"),
        pytest.param("?month=2026-09", False, id="another month"),
        pytest.param("?status=submitted&sort=total&direction=desc", True, id="its status"),
        pytest.param("?q=没有这个律所", False, id="nothing like it"),
        pytest.param("?q=JS-", True, id="its number"),
    ],
)
def test_the_inbox_is_narrowed(
    as_checker: FlaskClient, submitted: Made, query: str, shown: bool
) -> None:
    assert (submitted.number in as_checker.get(f"/review{query}").text) is shown


def test_it_is_the_approvers_turn_after_approval(
    app: Flask, town: Town, as_checker: FlaskClient, as_approver: FlaskClient, in_review: Made
) -> None:
    assert in_review.number not in as_approver.get("/review").text
    approve(app, town, in_review)
    assert in_review.number in as_approver.get("/review").text
    assert in_review.number not in as_checker.get("/review").text


def test_the_checkers_first_look_begins_the_review(
    as_checker: FlaskClient, as_approver: FlaskClient, submitted: Made
) -> None:
    assert "等经办开始审核" in as_approver.get(address(submitted)).text
    assert as_checker.get(address(submitted)).status_code == 303
    answer = as_checker.get(address(submitted))
    assert answer.status_code == 200
    assert "审核中" in answer.text


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
    where = f"/review/queries/{query_id}/answer"
    empty = as_manager.post(where, data={f"{query_id.hex}-words": " "})
    assert empty.status_code == 422
    assert "请写明答复" in empty.text
    words = {f"{query_id.hex}-words": "签到表已补"}
    answer = as_manager.post(where, data=words, headers=HTMX)
    assert answer.status_code == 200
    assert "签到表已补" in answer.text
    again = as_manager.post(where, data=words)
    assert again.status_code == 409
    assert "已经答复过" in again.text
    assert "签到表已补" in as_checker.get(address(in_review, "lines", line_id)).text


def _questions(made: Made) -> list[object]:
    from counselhub.review.queries import questions

    return questions(made.get())  # type: ignore[return-value]


def test_a_withdrawn_query_says_so(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    line_id, seen = first_line(app, town, in_review)
    asked = {"reason": "lecture", "words": "没有签到表", "revision": seen}
    as_checker.post(address(in_review, "lines", line_id, "query"), data=asked)
    where = address(in_review, "lines", line_id, "withdrawal")
    assert as_checker.post(where, data={"revision": seen + 1}).status_code == 303
    assert "已撤回" in as_checker.get(address(in_review, "lines", line_id)).text


def test_a_query_without_words_comes_back_as_typed(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    line_id, _seen = first_line(app, town, in_review)
    where = address(in_review, "lines", line_id, "query")
    answer = as_checker.post(where, data={"reason": "", "words": "缺少签到表"})
    assert answer.status_code == 422
    assert "请选择疑问类型" in answer.text
    assert "缺少签到表" in answer.text


def test_sending_back_needs_words(
    app: Flask, town: Town, as_approver: FlaskClient, as_checker: FlaskClient, in_review: Made
) -> None:
    approve(app, town, in_review)
    where = address(in_review, "sending-back")
    assert as_approver.post(where, data={"words": ""}).status_code == 422
    assert as_approver.post(where, data={"words": "请复核讲座"}).status_code == 303
    assert "请复核讲座" in as_checker.get(address(in_review)).text


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        pytest.param("abc", "以元为单位", id="no amount"),
        pytest.param("0.01", "须等于应付金额", id="another amount"),
    ],
)
def test_a_wrong_payment_comes_back_as_typed(
    app: Flask,
    town: Town,
    as_approver: FlaskClient,
    as_checker: FlaskClient,
    in_review: Made,
    amount: str,
    words: str,
) -> None:
    approve(app, town, in_review)
    as_approver.post(address(in_review, "signature"), data={})
    data = {"paid_on": "2026-11-05", "amount": amount, "reference": "HD-9"}
    answer = as_checker.post(address(in_review, "payment"), data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "HD-9" in answer.text


def test_the_second_of_two_checkers_sees_the_line_as_it_now_is(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    other = people.signed_in(app, town.scope, Role.CHECKER)
    line_id, seen = first_line(app, town, in_review)
    where = address(in_review, "lines", line_id, "acceptance")
    assert as_checker.post(where, data={"revision": seen}).status_code == 303
    answer = other.post(where, data={"revision": seen}, headers=HTMX)
    assert answer.status_code == 409
    assert "别人已经改动" in answer.text
    assert answer.text.lstrip().startswith('<div id="review">')


def test_a_button_pressed_too_late_accepts_nothing(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made
) -> None:
    where = address(in_review, "acceptance")
    answer = as_checker.post(where, data={"lines": "3", "amount_fen": "5"})
    assert answer.status_code == 409
    assert "可一次通过的明细已变成 10 项" in answer.text
    with at_office(app, town):
        assert {line.review for line in in_review.lines()} == {"pending"}


def test_whoever_approved_may_not_sign(app: Flask, town: Town, in_review: Made) -> None:
    email = people.account(app, town.scope, Role.APPROVER)
    client = app.test_client()
    client.post("/sign-in", data={"email": email, "password": people.PASSWORD})
    approve(app, town, in_review)
    with app.test_request_context():
        from counselhub.people.queries import person_by_email

        person = person_by_email(email)
        assert person is not None
        person_id = person.id
    with at_office(app, town):
        in_review.get().approved_by_id = person_id
    assert "须由另一人审定" in client.get(address(in_review)).text
    assert client.post(address(in_review, "signature"), data={}).status_code == 403


@pytest.mark.parametrize(
    "part",
    ["", "/acceptance", "/return", "/approval", "/sending-back", "/signature", "/payment"],
)
def test_another_streets_office_finds_nothing(app: Flask, in_review: Made, part: str) -> None:
    elsewhere = people.town(app)
    for role in (Role.CHECKER, Role.APPROVER):
        client = people.signed_in(app, elsewhere.scope, role)
        send = client.post if part else client.get
        status = send(address(in_review) + part).status_code
        allowed = {"/acceptance", "/return", "/approval"}, {"/sending-back", "/signature"}
        forbidden = part in allowed[role is Role.CHECKER]
        assert status == (403 if forbidden else 404)


@pytest.mark.parametrize("act", ["acceptance", "reopening", "query", "withdrawal"])
def test_a_line_of_another_statement_is_not_found(
    app: Flask, town: Town, as_checker: FlaskClient, in_review: Made, act: str
) -> None:
    assert as_checker.post(address(in_review, "lines", uuid4(), act)).status_code == 404
    assert as_checker.get(address(in_review, "lines", uuid4())).status_code == 404


def test_lawyers_firms_and_bureaus_have_no_review(
    app: Flask, town: Town, as_adviser: FlaskClient, as_manager: FlaskClient, in_review: Made
) -> None:
    bureau = people.signed_in(app, Scope(ScopeKind.BUREAU, town.street_code[:6]), Role.READER)
    for client in (as_adviser, as_manager, bureau):
        assert client.get("/review").status_code == 403
        assert client.get(address(in_review)).status_code == 403


def test_approvers_do_not_check_and_checkers_do_not_sign(
    app: Flask, town: Town, as_checker: FlaskClient, as_approver: FlaskClient, in_review: Made
) -> None:
    line_id, _seen = first_line(app, town, in_review)
    accepting = address(in_review, "lines", line_id, "acceptance")
    assert as_approver.post(accepting).status_code == 403
    assert as_checker.post(address(in_review, "signature")).status_code == 403


def test_another_firm_cannot_answer(
    app: Flask, town: Town, as_outsider: FlaskClient, as_adviser: FlaskClient, in_review: Made
) -> None:
    with at_office(app, town):
        line = in_review.lines("lecture")[0]
        query_id = actions.query(line, QueryReason.LECTURE, "缺签到表", by=officer(town)).id
    where = f"/review/queries/{query_id}/answer"
    assert as_outsider.post(where, data={}).status_code == 404
    assert as_adviser.post(where, data={}).status_code == 403


def test_a_stranger_is_sent_to_sign_in(app: Flask, in_review: Made) -> None:
    answer = app.test_client().get(address(in_review))
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


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
