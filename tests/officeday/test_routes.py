"""The office's first page, and the budget that it measures against."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core.permissions import Role
from tests import counting, factories
from tests.factories import Tenant
from tests.papers.conftest import submitted as submitted
from tests.review import factories as review

STAT = re.compile(r'stat-label">(.*?)</div>\s*<div class="stat-value">(?:<a[^>]*>)?(.*?)<')


def stats(page: str) -> dict[str, str]:
    return dict(STAT.findall(page))


def test_the_first_page_tells_what_waits(
    app: Flask, tenant: Tenant, submitted: object, as_checker: FlaskClient
) -> None:
    assert as_checker.get("/").location == "/office"
    page = as_checker.get("/office").text
    assert stats(page)["待我处理"] == "1"
    assert stats(page)["社区"] == "4"
    assert stats(page)["律师事务所"] == "1"
    assert page.count("没有合同") == 2
    assert "已提交" in page
    # Two communities of 20,000 yuan, nothing signed yet.
    assert "40,000.00" in page


def test_a_signed_statement_counts_against_the_budget(
    app: Flask, tenant: Tenant, as_checker: FlaskClient
) -> None:
    made = review.statement(
        app, tenant, until=("certify", "submit", "open_review", "approve", "sign")
    )
    sent = {"district": "2000", "street": "1000", "words": "测试预算〔2026〕1号"}
    assert as_checker.post("/office/budget/2026", data=sent).status_code == 303
    page = as_checker.get("/office").text
    assert made.number not in page
    assert "还剩" in page
    assert "超出" in page


def test_the_approver_waits_for_the_checker(submitted: object, as_approver: FlaskClient) -> None:
    page = as_approver.get("/office").text
    assert stats(page)["待我处理"] == "0"
    assert "没有积压" in page


BADGE = re.compile(r'href="/review"[^>]*>\s*待我处理\s*<[^>]*>(\d+)<')


@pytest.mark.parametrize("role", [Role.CHECKER, Role.APPROVER])
@pytest.mark.parametrize(
    "until",
    [
        pytest.param(("certify", "submit"), id="submitted"),
        pytest.param(("certify", "submit", "open_review", "approve"), id="approved"),
        pytest.param(
            ("certify", "submit", "open_review", "approve", "sign", "release"), id="payable"
        ),
    ],
)
def test_the_first_page_and_the_inbox_count_alike(
    app: Flask, tenant: Tenant, role: Role, until: tuple[str, ...]
) -> None:
    review.statement(app, tenant, until=until)
    client = factories.signed_in(app, tenant.town.scope, role)
    shown = BADGE.search(client.get("/review").text)
    assert shown is not None
    assert stats(client.get("/office").text)["待我处理"] == shown[1]
    assert (shown[1] == "1") is (
        until[-1] == "release" or (role is Role.CHECKER) is (until[-1] == "submit")
    )


def test_an_empty_street_teaches(app: Flask) -> None:
    client = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    page = client.get("/office").text
    assert "还没有填写预算" in page
    assert "还没有律所提交今年的结算单" in page
    assert stats(page)["律师事务所"] == "0"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        pytest.param({"city": "很多"}, "1666.67", id="no amount"),
        pytest.param({"city": "-1"}, "不能是负数", id="below nothing"),
        pytest.param({"words": "长" * 201}, "200", id="too many words"),
    ],
)
def test_what_cannot_be_read_comes_back(
    as_checker: FlaskClient, sent: dict[str, str], words: str
) -> None:
    page = as_checker.post("/office/budget/2026", data=sent)
    assert page.status_code == 422
    assert words in page.text
    assert next(iter(sent.values())) in page.text


def test_two_people_do_not_overwrite_each_other(as_checker: FlaskClient) -> None:
    assert as_checker.post("/office/budget/2026", data={"city": "1"}).status_code == 303
    stale = as_checker.post("/office/budget/2026", data={"city": "2"})
    assert stale.status_code == 409
    assert 'value="1.00"' in stale.text
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', stale.text)
    assert revision is not None
    again = {"city": "2", "revision": revision[1]}
    assert as_checker.post("/office/budget/2026", data=again).status_code == 303
    assert 'value="2.00"' in as_checker.get("/office/budget/2026").text


@pytest.mark.parametrize("year", [2013, 2099, 999999])
def test_a_year_without_budget_is_not_found(as_checker: FlaskClient, year: int) -> None:
    assert as_checker.get(f"/office/budget/{year}").status_code == 404
    assert as_checker.post(f"/office/budget/{year}", data={"city": "1"}).status_code == 404


def test_the_approver_reads_the_budget_only(as_approver: FlaskClient) -> None:
    assert "由经办填写" in as_approver.get("/office/budget/2026").text
    assert as_approver.post("/office/budget/2026", data={"city": "1"}).status_code == 403


def test_a_firm_has_no_such_page(as_manager: FlaskClient) -> None:
    assert as_manager.get("/office").status_code == 403


def test_another_street_sees_nothing_of_it(
    app: Flask, submitted: object, as_checker: FlaskClient
) -> None:
    as_checker.post("/office/budget/2026", data={"street": "7654321"})
    client = factories.signed_in(app, factories.town(app).scope, Role.CHECKER)
    assert "7,654,321" in as_checker.get("/office").text
    assert "7,654,321" not in client.get("/office").text
    assert stats(client.get("/office").text)["待我处理"] == "0"


def test_the_page_asks_few_questions(submitted: object, as_checker: FlaskClient) -> None:
    as_checker.get("/office")
    with counting.statements() as sent:
        assert as_checker.get("/office").status_code == 200
    assert len(sent) <= 8, sent
