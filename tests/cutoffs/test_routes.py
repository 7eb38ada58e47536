"""The page of a street's rule: the head of the office sets it, others read it."""

import pytest
from flask.testing import FlaskClient

GIVEN = {"cutoff_day": "10", "reminder_days": "3", "late_months": "2", "late_cap": "1,000"}


def test_the_head_sets_it_and_the_checker_reads_it(
    as_approver: FlaskClient, as_checker: FlaskClient
) -> None:
    assert as_approver.post("/settlement-rule", data=GIVEN).status_code == 303
    assert "1,000.00" in as_checker.get("/settlement-rule").text
    assert as_checker.post("/settlement-rule", data=GIVEN).status_code == 403


@pytest.mark.parametrize(
    ("more", "why"),
    [
        pytest.param({"cutoff_day": "29"}, "0 到 28", id="a day that some months lack"),
        pytest.param({"late_cap": "一千"}, "以元为单位", id="no amount"),
        pytest.param({"late_cap": "0"}, "须大于 0", id="a cap of nothing"),
    ],
)
def test_what_is_refused(as_approver: FlaskClient, more: dict[str, str], why: str) -> None:
    answer = as_approver.post("/settlement-rule", data=GIVEN | more)
    assert answer.status_code == 422
    assert why in answer.text


def test_a_stale_page_is_refused(as_approver: FlaskClient) -> None:
    as_approver.post("/settlement-rule", data=GIVEN)
    as_approver.post("/settlement-rule", data=GIVEN | {"revision": "1", "late_months": "3"})
    answer = as_approver.post("/settlement-rule", data=GIVEN | {"revision": "1"})
    assert answer.status_code == 409
    assert 'value="3"' in answer.text


def test_a_firm_does_not_reach_it(as_manager: FlaskClient) -> None:
    assert as_manager.get("/settlement-rule").status_code == 403
