"""The year's page: all communities at once by one person, confirmed by another."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from tests.counting import statements
from tests.factories import Tenant
from tests.statements.sealed import sealed

JANUARY = clock.instant(date(2027, 1, 5), time(9))


@pytest.fixture(autouse=True)
def settled(app: Flask, tenant: Tenant) -> Iterator[None]:
    with clock.frozen(JANUARY):
        with app.test_request_context(), as_scope(tenant.scope):
            sealed(tenant, date(2026, 12, 1))
            db.session.commit()
        yield


def fields(tenant: Tenant, grade: str = "称职", score: str = "88.5") -> dict[str, str]:
    keys = [f"{tenant.contract_id}-{code}" for code in tenant.town.communities[:2]]
    return (
        {"year": "2026"}
        | {f"grade-{key}": grade for key in keys}
        | {f"score-{key}": score for key in keys}
    )


def test_all_communities_at_once(
    tenant: Tenant, as_checker: FlaskClient, as_approver: FlaskClient, as_manager: FlaskClient
) -> None:
    assert as_checker.post("/assessments", data=fields(tenant)).status_code == 303
    assert "还没有公布的考核" in as_manager.get("/assessments/received").text
    page = as_approver.get("/assessments?year=2026").text
    ids = [part.split('"')[0] for part in page.split('name="assessment" value="')[1:]]
    assert len(ids) == 2
    assert as_manager.get(f"/assessments/{ids[0]}").status_code == 404
    done = as_approver.post("/assessments/confirmation", data={"year": "2026", "assessment": ids})
    assert done.status_code == 303
    assert as_manager.get("/assessments/received").text.count("88.50") == 2
    assert as_manager.get(f"/assessments/{ids[0]}").status_code == 200
    with statements() as sent:
        as_checker.get("/assessments?year=2026")
    assert len(sent) <= 8


@pytest.mark.parametrize(
    ("grade", "score", "why"),
    [
        pytest.param("极好", "", "从列出的等次中选择", id="no such grade"),
        pytest.param("称职", "101", "0 到 100", id="above 100"),
        pytest.param("称职", "NaN", "0 到 100", id="no number"),
    ],
)
def test_what_was_typed_stays(
    tenant: Tenant, as_checker: FlaskClient, grade: str, score: str, why: str
) -> None:
    answer = as_checker.post("/assessments", data=fields(tenant, grade, score))
    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{score}"' in answer.text


def test_who_may_not(as_checker: FlaskClient, as_manager: FlaskClient) -> None:
    assert as_checker.post("/assessments/confirmation").status_code == 403
    assert as_manager.post("/assessments").status_code == 403
    assert as_manager.get("/assessments").status_code == 403


def test_none_ticked(as_approver: FlaskClient) -> None:
    answer = as_approver.post("/assessments/confirmation", data={"year": "2026"})
    assert answer.status_code == 422
    assert "请勾选" in answer.text
