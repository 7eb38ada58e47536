"""Follow-ups of a matter: what they count, who may write them, when they are sealed."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.figures import figures
from counselhub.programme.periods import Span, around
from counselhub.programme.reach import of_scope
from tests import factories
from tests.factories import Tenant
from tests.services.conftest import DAY, NOON, STATEMENT, MakeRecord

NOVEMBER = NOON + timedelta(days=31)


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    """It is 8 November 2026, a month after the records."""
    with clock.frozen(NOVEMBER):
        yield


def counted(month: date) -> dict[str, int]:
    """Return what the county's report counts of a month, without its zeros."""
    template = BUILT_IN["county2018"]
    report = figures(template, around(Span.MONTH, month), "community", of_scope)
    named = zip(template.columns, report.sums.values, strict=True)
    return {str(column.title): value for column, value in named if value}


def step(**given: str) -> dict[str, str]:
    fields = {"day": "2026-11-02", "content": "电话回访，已付首期", "minutes": "20"} | given
    return {f"follow-{name}": value for name, value in fields.items()}


def test_a_follow_up_counts_on_its_own_day_and_only_when_it_says_so(
    as_adviser: FlaskClient, app: Flask, tenant: Tenant, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record(kind='mediation', recovered_fen=100)}"
    answer = as_adviser.post(f"{address}/follow-ups", data=step(recovered_fen="5,000"))
    assert (answer.status_code, answer.location) == (303, f"{address}#follow-ups")
    as_adviser.post(f"{address}/follow-ups", data=step(outcome="再次到场，达成协议", counts="y"))
    page = as_adviser.get(address).text
    assert "电话回访，已付首期" in page
    assert "5,000.00" in page
    with app.test_request_context(), as_scope(tenant.scope):
        october, november = counted(date(2026, 10, 1)), counted(date(2026, 11, 1))
    assert october == {"参与人民调解": 1, "挽回经济损失": 100}
    assert november == {"参与人民调解": 1, "挽回经济损失": 500_000}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param({"day": "2026-10-01"}, "跟进不能早于记录本身的日期", id="before the record"),
        pytest.param({"day": "2026-11-09"}, "日期不能晚于今天", id="tomorrow"),
        pytest.param({"content": "", "outcome": ""}, "请写几句经过", id="nothing said"),
        pytest.param({"minutes": "1441"}, "1到1440", id="longer than a day"),
        pytest.param({"recovered_fen": "-1"}, "金额不能是负数", id="below nothing"),
    ],
)
def test_bad_follow_ups_keep_what_was_typed(
    as_adviser: FlaskClient, make_record: MakeRecord, given: dict[str, str], words: str
) -> None:
    address = f"/services/{make_record()}/follow-ups"
    answer = as_adviser.post(address, data=step(**({"outcome": "分期支付"} | given)))
    assert answer.status_code == 422
    assert words in answer.text
    assert ("分期支付" in answer.text) is ("outcome" not in given)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"day": "2026-10-01"}, "follow-day", id="before the record"),
        pytest.param({"content": "", "outcome": ""}, "follow-content", id="nothing said"),
    ],
)
def test_a_refusal_stands_at_the_field_it_means(
    as_adviser: FlaskClient,
    make_record: MakeRecord,
    language: str,
    given: dict[str, str],
    field: str,
) -> None:
    """In whatever language it is read."""
    as_adviser.post("/language", data={"language": language})
    page = as_adviser.post(f"/services/{make_record()}/follow-ups", data=step(**given)).text
    assert re.findall(r'aria-invalid="true"[^>]* name="([^"]+)"', page) == [field]


def test_a_follow_up_is_sealed_with_its_own_month(
    as_adviser: FlaskClient, make_record: MakeRecord, close_october: Callable[[], None]
) -> None:
    address = f"/services/{make_record()}/follow-ups"
    close_october()
    assert as_adviser.post(address, data=step()).status_code == 303
    answer = as_adviser.post(address, data=step(day=str(DAY)))
    assert answer.status_code == 409
    assert STATEMENT in answer.text


def test_a_follow_up_is_taken_back_and_found_by_its_words(
    as_adviser: FlaskClient, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record('FW20261008-0001', '邻里漏水')}"
    as_adviser.post(f"{address}/follow-ups", data=step(content="回访：管道已修复"))
    for words, found in (("修复", True), ("管道已修", True), ("水管", False)):
        page = as_adviser.get(f"/services/records?month=2026-10&q={words}").text
        assert ("FW20261008-0001" in page) is found, words
    page = as_adviser.get(address).text
    path = next(part for part in page.split('"') if "/follow-ups/" in part)
    assert as_adviser.post(path).status_code == 303
    assert "管道已修复" not in as_adviser.get(address).text
    assert as_adviser.post(path).status_code == 404


def test_a_colleague_and_another_firm_add_nothing(
    app: Flask, as_outsider: FlaskClient, tenant: Tenant, make_record: MakeRecord
) -> None:
    address = f"/services/{make_record()}/follow-ups"
    colleague = factories.signed_in(app, tenant.scope, Role.ADVISER, adviser_id=tenant.backup_id)
    finance = factories.signed_in(app, tenant.scope, Role.FINANCE)
    assert colleague.post(address, data=step()).status_code == 404
    assert as_outsider.post(address, data=step()).status_code == 404
    assert finance.post(address, data=step()).status_code == 403
