"""The office's pages refuse: bad input, stale pages, other streets, other roles."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.review import actions
from counselhub.statements.states import QueryReason
from tests import factories as people
from tests.factories import Town
from tests.review.factories import Made, at_office, officer
from tests.review.web import HTMX, address, approve, first_line


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
    where = f"/review/queries/{query_id}/entries"
    assert as_outsider.post(where, data={}).status_code == 404
    assert as_adviser.post(where, data={}).status_code == 403


def test_a_stranger_is_sent_to_sign_in(app: Flask, in_review: Made) -> None:
    answer = app.test_client().get(address(in_review))
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
