"""Pages of claw-backs: the office asks on a paid line, the firm sees and objects."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.tenancy import as_scope
from tests.counting import statements
from tests.factories import Tenant
from tests.statements.sealed import paid
from tests.statements.work import NOVEMBER_3

GIVEN = {"amount": "66.67", "reason": "audit", "words": "审计意见第三条"}


@pytest.fixture
def address(app: Flask, tenant: Tenant) -> Iterator[str]:
    """The page that takes back the base line of a paid statement."""
    with clock.frozen(NOVEMBER_3):
        with app.test_request_context(), as_scope(tenant.scope):
            statement = paid(tenant)
            db.session.commit()
            line = next(one for one in statement.lines if one.kind == "base")
            found = f"/review/{statement.id}/lines/{line.id}/clawback"
        yield found


def test_from_the_line_to_the_firm_and_back(
    address: str, as_checker: FlaskClient, as_manager: FlaskClient
) -> None:
    assert address in as_checker.get(address.removesuffix("/clawback")).text
    assert "1,666.67" in as_checker.get(address).text
    made = as_checker.post(address, data=GIVEN)
    assert made.status_code == 303
    assert "审计意见第三条" in as_manager.get(made.location).text
    done = as_manager.post(f"{made.location}/objection", data={"words": "有签到表", "revision": 1})
    assert done.status_code == 303
    assert "有签到表" in as_checker.get(made.location).text
    assert "律所有异议" in as_checker.get("/clawbacks?status=awaiting").text
    gone = as_checker.post(f"{made.location}/withdrawal", data={"words": "维持原判", "revision": 2})
    assert gone.status_code == 303
    assert as_checker.post(address, data=GIVEN).status_code == 303


@pytest.mark.parametrize(
    ("more", "status", "why"),
    [
        pytest.param({"amount": "九"}, 422, "以元为单位", id="no amount"),
        pytest.param({"amount": "9999"}, 422, "不超过", id="more than was paid"),
        pytest.param({"words": ""}, 422, "请填写", id="no words"),
        pytest.param({"revision": "99"}, 409, "别人已经改动", id="a stale page"),
    ],
)
def test_what_is_refused(
    address: str, as_checker: FlaskClient, more: dict[str, Any], status: int, why: str
) -> None:
    answer = as_checker.post(address, data=GIVEN | more)
    assert answer.status_code == status
    assert why in answer.text


def test_who_may_not(
    address: str, as_checker: FlaskClient, as_manager: FlaskClient, as_outsider: FlaskClient
) -> None:
    assert as_manager.post(address, data=GIVEN).status_code == 403
    made = as_checker.post(address, data=GIVEN).location
    assert as_outsider.get(made).status_code == 404
    assert as_outsider.post(f"{made}/objection", data={"words": "x"}).status_code == 404
    late = as_manager.post(f"{made}/objection", data={"words": "有", "revision": "7"})
    assert late.status_code == 409
    with statements() as sent:
        assert as_manager.get("/clawbacks?q=甲").status_code == 200
    assert len(sent) <= 8
