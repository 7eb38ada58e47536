"""The office's inbox: whose turn it is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Town
from tests.review.factories import Made
from tests.review.web import approve


def test_the_inbox_lists_what_waits(as_checker: FlaskClient, submitted: Made) -> None:
    answer = as_checker.get("/review")
    assert answer.status_code == 200
    assert submitted.number in answer.text
    assert "待审 12" in answer.text
    assert as_checker.get("/").location == "/office"


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
